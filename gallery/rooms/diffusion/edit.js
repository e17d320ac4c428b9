// A face edited: drawn anew from a noise level on, filled where it was rubbed out, or led into another one.
import { Generator, Reel } from "gallery/widgets/_generator.js";
import * as kit from "gallery/widgets/_kit.js";

const DONE = { redraw: "diffusion.edit.done.redraw", fill: "diffusion.edit.done.fill", between: "diffusion.edit.done.between" };

/** A part of a sprite with nothing in it. */
const blank = () => ({ source: kit.el("canvas", { width: 1, height: 1 }), x: 0, y: 0, w: 1, h: 1 });

export default class Edit extends Generator {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   * @param {Server} server
   */
  constructor(element, props, server) {
    super(element, props, server, "edit");
  }

  build() {
    this.canvas = null; // of the brush
    this.second = null; // the face to be led into
    this.root.replaceChildren(this.switch.node);
  }

  connect() {
    const { room } = this;
    room.on("edit.go", () => this.start(true));
    kit.listen(room, "edit.canvas", (canvas) => this.brought({ canvas }));
    kit.listen(room, "face2", (second) => this.brought({ second }));
    room.on("face.forgotten", () => this.wipe());
    room.on("face2.forgotten", () => this.wipe());
    room.on("edit.frame", (frame) => this.seen(frame));
  }

  brought(things) {
    const { canvas, second } = this;
    Object.assign(this, things);
    const other = this.canvas?.face !== canvas?.face || this.second?.face !== second?.face;
    if (other && this.canvas && this.second) this.pairs();
    this.outdated("");
  }

  get empty() {
    return ".v-edit-pair > .block";
  }

  get first() {
    return this.room.knobs.edit === "fill" && !this.canvas?.hole ? "diffusion.edit.no_hole" : super.first;
  }

  /** To lead one face into another takes hundreds of passes: only by the button. */
  quick() {
    return { redraw: Boolean(this.canvas), fill: Boolean(this.canvas?.hole), between: false }[this.room.knobs.edit];
  }

  question() {
    const { canvas, second, room } = this;
    const face = room.knobs.edit === "redraw" ? canvas.painted : canvas.face;
    return [{ ...room.knobs }, { face, face2: second?.face ?? null, hole: canvas.hole }];
  }

  start(plays) {
    if (this.canvas) super.start(plays);
  }

  async heard(answer, first) {
    if (first) this.asked = { ...kit.plain(this.room.knobs), ...answer, way: this.room.knobs.edit };
    Object.assign(this.asked, { seconds: answer.seconds });
    if (this.asked.way === "between") await this.led(answer);
    else await this.filmed(answer, first);
  }

  /** x_t on its way, as far as it has come. */
  async filmed(answer, first) {
    if (first) this.film = new Reel(answer, 3, answer.times.map((t) => ({ key: "diffusion.film.t", args: { t } })));
    await this.film.take(answer);
    this.tell(DONE[this.asked.way]);
    this.show(this.plays ? (first ? 0 : undefined) : this.film.ready - 1);
    if (first && this.plays) this.room.emit("edit.play", {});
  }

  /** Both faces led into noise, and all that lies between; the film shows below it what a plain blend would give. */
  async led(answer) {
    if (answer.token) this.pairs();
    if (!answer.n) return this.tell("diffusion.edit.leading", { percent: Math.round(100 * answer.share) });
    const captions = this.asked.shares.map((share) => ({ key: "diffusion.edit.share", args: { percent: Math.round(100 * share) } }));
    this.film = new Reel({ total: answer.n, w: answer.w, h: 2 * answer.h }, 1, captions);
    await this.film.take(answer);
    const [za, zb] = answer.noises;
    this.pairs({ za, zb });
    this.tell(DONE.between, { missed: answer.missed });
    this.show(this.plays ? 0 : (answer.n - 1) / 2);
    if (this.plays) this.room.emit("edit.play", {});
  }

  /** Both faces, and the noises that they are made from when these are known. */
  pairs(noises = { za: blank(), zb: blank() }) {
    kit.emit(this.room, "edit.pair", { a: this.canvas.face, b: this.second.face, ...noises });
  }

  tell(key, args = {}) {
    const digits = { seconds: 2, missed: 1 };
    const done = { key, args: { ...kit.plain(this.asked), ...args }, digits };
    kit.emit(this.room, "edit.told", { ...this.asked, done });
  }

  show(index) {
    kit.emit(this.room, "film", { id: "edit", ...this.film, index });
  }

  seen({ image, since }) {
    const x = this.asked?.way === "between" ? { ...image, h: image.h / 2 } : image;
    kit.emit(this.room, "edit.seen", { x, since });
  }

  /** Of a face that is forgotten nothing is left hanging. */
  wipe() {
    this.pull.stop();
    this.film = this.asked = null;
    const clear = blank();
    kit.emit(this.room, "film", { id: "edit", source: clear.source, n: 1, w: 1, h: 1, captions: [""] });
    kit.emit(this.room, "edit.seen", { x: clear });
    kit.emit(this.room, "edit.pair", { a: clear, b: clear, za: clear, zb: clear });
  }

  /** What there is of a film that was stopped is the film. */
  halted() {
    if (!this.film?.ready || this.asked?.way === "between") return;
    this.film.n = this.film.ready;
    this.show(this.film.n - 1);
  }
}
