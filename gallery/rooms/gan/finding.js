// A photo looked for in the generator: the button, the loss as it falls, the film while it is made.
import { call, latest } from "gallery/shell/calls.js";
import { on } from "gallery/shell/page.js";
import { getRoom } from "gallery/shell/rooms.js";
import { sentence, written } from "gallery/shell/words.js";
import { Reel } from "gallery/widgets/_generator.js";
import * as kit from "gallery/widgets/_kit.js";
import { Pull } from "gallery/widgets/_pull.js";

const NS = "http://www.w3.org/2000/svg";
const [WIDE, HIGH] = [160, 60]; // of the plot; it is stretched to its place
const DECADES = 1.5; // of the loss, from the first one down

/** A part of a sprite with nothing in it. */
const blank = () => ({ source: kit.el("canvas", { width: 1, height: 1 }), x: 0, y: 0, w: 1, h: 1 });

const searched = (params, device) => ({ key: "gan.steer.plaque.searched", args: { params: written(params, 1), device } });

export default class Finding {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   * @param {Server} server
   */
  constructor(element, props, server) {
    this.server = server;
    this.room = getRoom(props.room);
    this.root = kit.rootOf(element);
    this.face = null;
    this.found = null;
    this.look = latest(() => this.fetchGuess());
    this.pull = new Pull(server, this.root, { heard: (answer, first) => this.heard(answer, first), ended: (how) => this.ended(how) });
    this.build();
    this.connect();
    this.write();
  }

  build() {
    this.button = kit.el("button", { type: "button", class: "v-button v-generate-go", onclick: () => this.toggle() });
    this.lead = kit.el("button", {
      type: "button", class: "v-button", "data-t": "gan.steer.lead", onclick: () => this.room.set({ doing: "edit", who: "found" }),
    });
    this.line = document.createElementNS(NS, "polyline");
    const plot = document.createElementNS(NS, "svg");
    Object.entries({ viewBox: `0 0 ${WIDE} ${HIGH}`, preserveAspectRatio: "none", "aria-hidden": "true" })
      .forEach(([name, value]) => plot.setAttribute(name, value));
    plot.append(this.line);
    this.plot = kit.el("div", { class: "v-steer-plot", role: "img", "data-t-label": "gan.steer.curve" }, plot);
    this.status = kit.el("p", { class: "v-steer-status" });
    this.root.replaceChildren(kit.el("div", { class: "v-steer-go" }, this.button, this.lead), this.plot, this.status);
  }

  connect() {
    const { room } = this;
    kit.listen(room, "portrait", ({ face }) => face && this.brought(face));
    room.on("portrait.forgotten", () => this.wipe());
    room.on("find.go", () => this.start());
    room.on("find.frame", ({ image, since }) => kit.emit(room, "find.seen", { image, since }));
    room.on("knobs", ({ changed }) => changed.has("space") && this.anew());
    room.on("show", () => this.arrive());
    on("lang", () => this.write());
  }

  brought(face) {
    if (face === this.face) return;
    this.face = face;
    this.anew();
    if (this.wanted) this.start();
  }

  /** Another face, or another way: what was found before stands no more where it is looked for. */
  anew() {
    this.pull.stop();
    Object.assign(this, { losses: [], asked: null, told: null });
    this.line.setAttribute("points", "");
    this.guessed = false;
    this.write();
    this.arrive();
  }

  /** Where a search would begin is shown as soon as somebody looks. */
  arrive() {
    if (this.face && !this.guessed && this.root.offsetParent) this.look();
  }

  async fetchGuess() {
    const { face } = this;
    this.guessed = true;
    const { image, mse, params, device } = await call(this.server, "guess", [{ ...this.room.knobs }, { face }]);
    if (face !== this.face || this.pull.running || this.told) return;
    kit.emit(this.room, "find.photo", { face, guess: image });
    kit.emit(this.room, "find.seen", { image });
    kit.emit(this.room, "find.told", { how: { key: "gan.steer.plaque.guess", args: { mse: written(mse, 4) } }, made: searched(params, device) });
  }

  toggle() {
    if (this.pull.running) this.pull.stop();
    else this.start();
  }

  start() {
    this.wanted = !this.face;
    if (!this.face || this.pull.running) return;
    this.losses = [];
    this.told = null;
    this.pull.start([{ ...this.room.knobs }, { face: this.face }]);
    this.write();
  }

  async heard(answer, first) {
    if (first) this.begun(answer);
    this.film.captions.push(...answer.steps.map((step) => ({ key: "gan.steer.film.step", args: { step } })));
    this.losses.push(...answer.steps.map((step, i) => [step, answer.losses[i]]));
    this.told = answer;
    this.found = { code: answer.code, face: this.asked.face };
    await this.film.take(answer);
    const guess = { source: this.film.source, x: 0, y: 0, w: this.film.w, h: this.film.h };
    if (first) kit.emit(this.room, "find.photo", { face: this.face, guess });
    this.draw();
    this.tell();
    if (this.film.ready) kit.emit(this.room, "film", { id: "find", ...this.film, index: this.film.ready - 1 });
    kit.count(this.root, "moments");
  }

  begun(answer) {
    this.asked = { face: this.face, most: answer.most, params: answer.params, device: answer.device };
    this.film = new Reel({ ...answer, w: 64, h: 64 }, 1, []);
  }

  async ended(how) {
    this.root.dataset.ended = how;
    await this.pull.settled();
    if (this.pull.running) return; // begun anew
    if (this.film?.ready && this.told) {
      this.film.n = this.film.ready;
      kit.emit(this.room, "film", { id: "find", ...this.film, index: this.film.n - 1 });
      kit.emit(this.room, "found", this.found);
      this.room.set({ who: "found" });
    }
    this.write();
  }

  /** The loss on a logarithmic scale, from its first value down. */
  draw() {
    const [, top] = this.losses.find(([, loss]) => loss !== null) ?? [];
    if (!top) return;
    const y = (loss) => kit.clamp(Math.log10(top / loss) / DECADES, 0, 1) * HIGH;
    const shown = this.losses.filter(([, loss]) => loss !== null);
    this.line.setAttribute("points", shown.map(([step, loss]) => `${((WIDE * step) / this.asked.most).toFixed(1)},${y(loss).toFixed(1)}`).join(" "));
  }

  tell() {
    const { step, mse, seconds } = this.told;
    const { most, params, device } = this.asked;
    const how = { key: "gan.steer.plaque.found", args: { step, most, mse: written(mse, 4), seconds: written(seconds, 1) } };
    kit.emit(this.room, "find.told", { how, made: searched(params, device) });
    this.write();
  }

  write() {
    const { running } = this.pull;
    this.button.setAttribute("data-t", running ? "gan.steer.stop" : this.told ? "gan.steer.again" : "gan.steer.go");
    this.button.classList.toggle("v-generate-stale", !running && !this.told);
    this.lead.hidden = running || !this.told;
    const shown = this.losses?.filter(([, loss]) => loss !== null) ?? [];
    const args = shown.length && { first: written(shown[0][1], 3), now: written(shown.at(-1)[1], 3) };
    this.status.textContent = args ? sentence("gan.steer.loss", args) : "";
  }

  /** Of a face that is forgotten nothing is left hanging. */
  wipe() {
    this.pull.stop();
    this.face = null;
    this.anew();
    const clear = blank();
    kit.emit(this.room, "film", { id: "find", source: clear.source, n: 1, w: 1, h: 1, captions: [""] });
    kit.emit(this.room, "find.seen", { image: clear });
    kit.emit(this.room, "find.photo", { face: clear, guess: clear });
    kit.emit(this.room, "found", { code: null, face: null });
  }
}
