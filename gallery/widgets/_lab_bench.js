// A bench: small networks that are trained on the server while somebody looks on; what starts, steps and stops them.
// A room's bench says what it shows (view, decode, draw) and what it is set to (settings, drawn, dress).
import { call } from "gallery/shell/calls.js";
import { on } from "gallery/shell/page.js";
import { sentence } from "gallery/shell/words.js";
import { pause, turn } from "gallery/widgets/_lab_turn.js";
import { Transport } from "gallery/widgets/_lab_transport.js";
import * as kit from "gallery/widgets/_kit.js";
import { Pad } from "gallery/widgets/_pad.js";
import { Pull, inTurn, takenUp } from "gallery/widgets/_pull.js";

const REST = 350; // ms; a drawing is learned when the hand rests
const SLOW = 260; // ms between two steps of slow motion
const MOST = 30000; // steps
const later = (ms) => new Promise((done) => setTimeout(done, ms));

export class Training {
  /**
   * props: {fresh: knobs that begin a new run, reach, most: of a drawing, piece: the knob of the museum}
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
    /** @type {any} what draws: it dyes itself anew in another theme */
    this.view = null;
    this.kind = "run";
    /** @type {Record<string, boolean>} what is drawn */
    this.show = {};
    this.until = MOST;
    this.canvas = kit.el("canvas", { class: "v-lab-canvas" });
    this.word = kit.el("div", { class: "v-lab-word", role: "status" });
    this.build();
    this.beginNew = inTurn((args) => server.begin(args));
    this.pull = new Pull({ begin: (args) => this.resume(args), more: ([token]) => this.more(token) }, root, { heard: (answer) => this.heard(answer), ended: (how) => this.ended(how) });
    this.connect();
    this.dress();
    this.hang();
  }

  // ---- what a room's own bench says ---------------------------------------------------------------------
  /** The settings above the plane: a node. */
  menus() { return kit.el("div"); }
  /**
   * What hangs on the paper: the canvas, or what it is part of.
   * @returns {HTMLElement[]}
   */
  paper() { return [this.canvas]; }
  /**
   * The kinds of single steps that have a button, each with its words key.
   * @returns {Record<string, string>}
   */
  steps() { return { both: "widgets.training.step" }; }
  /** Whether one draws a cloud. */
  drawn() { return false; }
  /** What the canvas is called, and what else follows from the knobs. */
  dress() {}
  /** What is said before anything is drawn: a words key. */
  blank() { return ""; }
  /** What a begun run says once. */
  open(_answer) {}
  /** What is drawn of a moment. */
  decode(answer) { return answer; }
  /** Shows `this.seen`, or the pad where drawing is true. */
  paint(_drawing) {}

  /** Goes on with the run that is there; a server that has forgotten it begins a new one. */
  resume(args) {
    return takenUp(this.token, (token) => this.more(token), () => this.beginNew(args));
  }

  more(token) {
    return this.server.more([token, this.kind, this.until, { ...this.room.knobs }]);
  }

  build() {
    const menus = this.menus();
    this.clear = kit.iconButton("clear", "widgets.training.clear", () => this.pad.clear());
    menus.append(this.clear);
    const does = { toggle: () => this.toggle(), again: () => this.anew(false), step: (kind) => this.step(kind), crawl: () => this.crawl() };
    this.transport = new Transport(does, this.steps());
    this.root.replaceChildren(menus, kit.el("div", { class: "v-paper" }, ...this.paper(), this.word), this.transport.node);
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

  /** Whether it learns: a look that is on its way is no training. */
  get playing() { return this.pull.running && this.kind !== "look"; }

  get piece() {
    return String(this.room.knobs[this.props.piece]);
  }

  /** What is on the bench when the act is opened: a piece that a link names, or the networks before their first step. */
  hang() {
    if (this.piece !== "none") this.fetchPiece();
    else this.anew(false);
  }

  turned(changed) {
    if (changed.has(this.props.piece) && this.piece !== "none") {
      this.fetchPiece();
      return;
    }
    if (this.props.fresh.some((name) => changed.has(name))) this.dress();
    if (this.props.fresh.some((name) => changed.has(name)) && !this.setting) this.anew(this.playing);
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
    this.begin();
  }

  begin() {
    clearTimeout(this.resting); // what was drawn is learned from now, and its rest begins nothing anew
    this.pull.start([{ ...this.room.knobs }, this.drawn() ? this.pad.points : null]);
    this.write();
  }

  /** Before anything is drawn. */
  empty() {
    this.told = null;
    this.say(this.blank());
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
    this.begin();
  }

  /** One step, or a look: at what was done while the last answer was on its way. */
  async step(kind) {
    if (this.reel) return this.anew(false);
    this.halt();
    const { token } = this;
    if (!token) return;
    const answer = await call(this.server, "more", [token, kind, this.until, { ...this.room.knobs }]);
    if (token === this.token && answer.pairs !== undefined) this.take(answer);
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
    if (answer.span) {
      this.span = answer.span;
      this.until = answer.until;
      this.open(answer);
    }
    if (answer.pairs !== undefined) this.take(answer);
    if (this.kind === "look") return this.halt();
    if (answer.turn) await pause();
    else if (this.kind === "slow") await later(SLOW);
  }

  take(answer) {
    this.told = answer;
    this.seen = this.decode(answer);
    kit.emit(this.room, "lab.seen", { ...answer, ...this.seen.told });
    kit.count(this.root, "frames");
    if (answer.pairs) this.room.stay(this.root, this.drawn() ? "widgets.training.stays" : "widgets.training.untrained", true);
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
    if (told.diverged) this.say("widgets.training.diverged");
    else if (told.spent) this.say("widgets.training.spent");
    else this.say(told.turn ? "widgets.training.turn" : "", turn(told.turn, this.props));
  }

  say(key, args = {}) {
    this.word.hidden = !key;
    this.word.textContent = key ? sentence(key, args) : "";
  }

  draw() {
    if (this.root.offsetParent) this.paint(this.drawn() && !this.token);
  }

  // ---- a drawing of one's own -------------------------------------------------------------------------
  sketched(what, draws = true) {
    if (what !== "pen") {
      this.pull.stop();
      this.token = null;
      clearTimeout(this.resting);
      if (what === "clear") this.empty();
      else this.say("");
      if (what === "put") this.resting = setTimeout(() => this.anew(false), REST);
    }
    if (draws) this.draw();
  }

  // ---- the museum -------------------------------------------------------------------------------------
  /** A piece is hung: its settings, and its question on the card; it runs when that is answered. */
  async fetchPiece() {
    const { piece } = this;
    const told = await call(this.server, "piece", [piece]);
    if (piece !== this.piece) return;
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

  /** The recorded run instead of a training, where a room has one. */
  record(_kind) {}

  startPiece(change, until) {
    this.root.scrollIntoView({ block: "nearest" });
    this.set(change);
    this.anew(true, until);
  }
}
