// The bench: a GAN trained on the server while somebody looks on; what it shows, what starts, steps and stops it.
import { Settings } from "gallery/rooms/gan/lab_settings.js";
import { Transport } from "gallery/rooms/gan/lab_transport.js";
import { LabView } from "gallery/rooms/gan/lab_view.js";
import { call } from "gallery/shell/calls.js";
import { on } from "gallery/shell/page.js";
import { sentence } from "gallery/shell/words.js";
import { numbers } from "gallery/widgets/_ground.js";
import * as kit from "gallery/widgets/_kit.js";
import { Pad } from "gallery/widgets/_pad.js";
import { Pull } from "gallery/widgets/_pull.js";

const REST = 350; // ms; a drawing is learned when the hand rests
const SLOW = 260; // ms between two steps of slow motion
const WAITS = 500; // ms between two questions of who stands in line
const MOST = 30000; // pairs of steps
const later = (ms) => new Promise((done) => setTimeout(done, ms));

export default class Bench {
  /**
   * @param {HTMLElement} root
   * @param {Props} props
   * @param {Server} server
   * @param {import("gallery/shell/rooms.js").Room} room
   */
  constructor(root, props, server, room) {
    this.root = root;
    this.props = props;
    this.server = server;
    this.room = room;
    this.seen = this.token = this.told = null;
    this.kind = "run";
    this.show = { d: true };
    this.until = MOST;
    this.build();
    const pulled = { begin: (args) => this.resume(args), more: ([token]) => this.more(token) };
    this.pull = new Pull(pulled, root, { heard: (answer) => this.heard(answer), ended: (how) => this.ended(how) });
    this.connect();
    this.dress();
    this.hang();
  }

  /** Goes on with the run that is there; a server that has forgotten it begins a new one. */
  async resume(args) {
    const { token } = this;
    if (!token) return this.server.begin(args);
    const answer = await this.more(token);
    if (answer?.error?.key === "widgets.generate.gone") return this.server.begin(args);
    return { ...answer, token };
  }

  more(token) {
    return this.server.more([token, this.kind, this.until, { ...this.room.knobs }]);
  }

  build() {
    this.canvas = kit.el("canvas", { class: "v-lab-canvas" });
    this.word = kit.el("div", { class: "v-lab-word", role: "status" });
    this.view = new LabView(this.canvas);
    this.settings = new Settings(this.room);
    this.clear = kit.iconButton("clear", "gan.laboratory.clear", () => this.pad.clear());
    this.settings.node.append(this.clear);
    const does = { toggle: () => this.toggle(), again: () => this.anew(false), step: (kind) => this.step(kind), crawl: () => this.crawl() };
    this.transport = new Transport(does);
    this.root.replaceChildren(this.settings.node, kit.el("div", { class: "v-paper" }, this.canvas, this.word), this.transport.node);
    const { reach, most } = this.props;
    this.pad = new Pad(this.canvas, {
      reach, most, points: [], active: () => this.drawn(), span: () => this.span ?? 3.2, told: (what) => this.sketched(what),
    });
    new ResizeObserver(() => this.draw()).observe(this.canvas);
  }

  connect() {
    const { room } = this;
    room.on("knobs", ({ changed }) => this.turned(changed));
    kit.listen(room, "lab.show", (show) => {
      this.show = show;
      this.draw();
    });
    room.on("lab.recording", ({ kind }) => this.record(kind));
    room.on("lab.start", ({ change, until }) => this.startPiece(change, until));
    room.on("show", () => this.root.offsetParent && this.draw());
    on("theme", () => { this.view.dye(); this.draw(); });
    on("lang", () => this.write());
    // A page that nobody sees trains for nobody.
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) return;
      this.pull.stop();
      this.reel?.stop();
    });
    addEventListener("pagehide", () => this.token && navigator.sendBeacon("./gallery/left", this.token));
  }

  drawn() {
    return this.room.knobs.target === "drawn";
  }

  dress() {
    const drawn = this.drawn();
    if (["wasserstein", "penalty", "relativistic"].includes(String(this.room.knobs.loss))) this.canvas.setAttribute("data-t-title", "gan.laboratory.critic");
    else for (const name of ["data-t-title", "title"]) this.canvas.removeAttribute(name);
    this.canvas.setAttribute("role", drawn ? "application" : "img");
    this.canvas.setAttribute("data-t-label", drawn ? "gan.laboratory.pad" : "gan.laboratory.alt");
    this.canvas.tabIndex = drawn ? 0 : -1;
    this.clear.hidden = !drawn;
  }

  /** What is on the bench when the act is opened: a piece that a link names, or the networks before their first step. */
  hang() {
    if (this.room.knobs.piece !== "none") this.fetchPiece();
    else this.anew(false);
  }

  turned(changed) {
    if (changed.has("piece") && this.room.knobs.piece !== "none") return this.fetchPiece();
    if (changed.has("target") || changed.has("loss")) this.dress();
    if (changed.has("dstar") && !this.pull.running) this.step("look");
    if (this.props.fresh.some((name) => changed.has(name)) && !this.setting) this.anew(this.pull.running);
  }

  /** New networks; playing: they learn at once. */
  anew(playing, until = MOST) {
    this.unreel();
    this.pull.stop();
    this.token = null;
    this.until = until;
    this.seen = null;
    kit.emit(this.room, "lab.run", { fresh: true });
    if (this.drawn() && !this.pad.points.length) return this.empty();
    this.kind = playing ? "run" : "look";
    this.pull.start([{ ...this.room.knobs }, this.drawn() ? this.pad.points : null]);
    this.write();
  }

  /** Before anything is drawn. */
  empty() {
    this.told = null;
    this.say("gan.laboratory.draw");
    this.write();
    this.draw();
  }

  toggle() {
    if (this.pull.running && this.kind === "run") return this.step("look");
    if (this.told?.done && !this.told.spent) this.until = MOST;
    if (this.told?.spent) return this.anew(true);
    this.go("run");
  }

  crawl() {
    if (this.pull.running && this.kind === "slow") return this.step("look");
    this.go("slow");
  }

  go(kind) {
    if (this.reel) return this.anew(kind === "run");
    this.kind = kind;
    if (this.pull.running) return this.write();
    if (this.drawn() && !this.pad.points.length) return this.empty();
    this.pull.start([{ ...this.room.knobs }, this.drawn() ? this.pad.points : null]);
    this.write();
  }

  /** One step, or a look: at what was done while the last answer was on its way. */
  async step(kind) {
    if (this.reel) return this.anew(false);
    this.halt();
    const { token } = this;
    if (!token) return;
    const answer = await call(this.server, "more", [token, kind, this.until, { ...this.room.knobs }]);
    if (token === this.token && answer.points) this.take(answer);
  }

  /** A recorded run makes place for a real one, which begins anew. */
  unreel() {
    if (!this.reel) return;
    this.reel.stop();
    this.reel = this.token = null;
    this.say("");
  }

  /** Stops without a beacon: the next question to the same run is on its way. */
  halt() {
    this.pull.token = null;
    this.pull.stop();
  }

  async heard(answer) {
    if (answer.token) this.token = answer.token;
    if (answer.real) this.open(answer);
    if (answer.points) this.take(answer);
    if (this.kind === "look") return this.halt();
    if (answer.turn) await later(WAITS);
    else if (this.kind === "slow") await later(SLOW);
  }

  open(answer) {
    const { along, span, cells, kind, until } = answer;
    this.span = span;
    this.until = until;
    this.about = { along, cells, kind, real: numbers(answer.real, Int16Array) };
  }

  take(answer) {
    this.told = answer;
    const places = { points: numbers(answer.points, Int16Array), arrows: numbers(answer.arrows, Int16Array), grid: numbers(answer.grid, Int16Array) };
    const optimum = answer.optimum && numbers(answer.optimum, Uint8Array);
    this.seen = { ...this.about, ...places, half: answer.half, verdicts: numbers(answer.verdicts, Uint8Array) };
    kit.emit(this.room, "lab.seen", { ...answer, best: optimum && { verdicts: optimum, half: 0.5, cells: this.about.cells } });
    kit.count(this.root, "frames");
    if (answer.pairs) this.room.stay(this.root, this.drawn() ? "gan.laboratory.stays" : "gan.laboratory.untrained", true);
    this.write();
    this.draw();
  }

  ended(how) {
    this.root.dataset.ended = how;
    this.write();
    kit.emit(this.room, "lab.run", { ended: how, told: this.told });
  }

  write() {
    const { told, pull } = this;
    this.transport.write(pull.running ? this.kind : "");
    if (!told) return;
    if (told.diverged) this.say("gan.laboratory.diverged");
    else if (told.spent) this.say("gan.laboratory.spent");
    else this.say(told.turn ? "gan.laboratory.turn" : "", { n: told.turn });
  }

  say(key, args = {}) {
    this.word.hidden = !key;
    this.word.textContent = key ? sentence(key, args) : "";
  }

  draw() {
    const { pad, seen, view } = this;
    if (!this.root.offsetParent) return;
    const drawing = this.drawn() && !this.token;
    view.draw(drawing ? null : seen, this.show);
    if (drawing && view.side) view.dots(pad.dots);
    if (pad.pen && view.side) view.pen(pad.share(pad.pen));
  }

  // ---- a drawing of one's own -------------------------------------------------------------------------
  sketched(what) {
    if (what !== "pen") {
      this.pull.stop();
      this.token = null;
      clearTimeout(this.resting);
      if (what === "clear") this.empty();
      else this.say("");
      if (what === "put") this.resting = setTimeout(() => this.anew(false), REST);
    }
    this.draw();
  }

  // ---- the museum -------------------------------------------------------------------------------------
  /** A piece is hung: its settings, and its question on the card; it runs when that is answered. */
  async fetchPiece() {
    const { piece } = this.room.knobs;
    const told = await call(this.server, "piece", [piece]);
    if (piece !== this.room.knobs.piece) return;
    this.set(told.knobs);
    kit.emit(this.room, "lab.piece", { name: piece, ...told });
    this.anew(false, told.pairs);
  }

  set(knobs) {
    this.setting = true;
    this.room.set(knobs);
    this.setting = false;
    this.dress();
  }

  /** The recorded run instead of a training. */
  async record(kind) {
    this.halt();
    this.reel?.stop();
    this.told = null;
    kit.emit(this.room, "lab.run", { fresh: true });
    const { Recording } = await import("gallery/rooms/gan/lab_recording.js");
    this.reel = new Recording(this.server, this.span ?? 3.2, {
      show: (told, seen) => {
        this.seen = { ...seen, real: this.about?.real };
        kit.emit(this.room, "lab.seen", told);
        this.draw();
      },
      ended: () => kit.count(this.root, "recorded"),
    });
    await this.reel.play(this.room.knobs.piece, kind);
  }

  startPiece(change, until) {
    this.root.scrollIntoView({ block: "nearest" });
    this.set(change);
    this.anew(true, until);
  }
}
