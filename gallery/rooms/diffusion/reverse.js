// From noise to picture: pulls the film from the server and tells the room which of its moments is shown.
import { asked, lacking } from "gallery/rooms/diffusion/labels.js";
import { on } from "gallery/shell/page.js";
import { written } from "gallery/shell/words.js";
import { Generator, passes, Reel } from "gallery/widgets/_generator.js";
import * as kit from "gallery/widgets/_kit.js";

const SUBSCRIPT = "₀₁₂₃₄₅₆₇₈₉";

/** A number as an index: 950 to ₉₅₀. */
const low = (n) => [...String(n)].map((digit) => SUBSCRIPT[digit]).join("");
/** Three figures that count, as many decimals as they need. */
const figure = (x) => written(x, Math.abs(x) < 10 ? 3 : Math.abs(x) < 100 ? 1 : 0);

export default class Reverse extends Generator {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   * @param {Server} server
   */
  constructor(element, props, server) {
    super(element, props, server, "reverse");
  }

  build() {
    this.root.replaceChildren(this.switch.node);
  }

  /** The formula is that of the sampler which is chosen, until a frame of its film shows another one. */
  dress() {
    this.room.mark({ form: this.room.knobs.sampler });
  }

  get empty() {
    return ".v-diff-trio > .block";
  }

  get first() {
    return lacking(this.room, this.props.small) ?? super.first;
  }

  connect() {
    this.room.on("marks", () => this.word.hidden || this.speak(this.first));
    this.room.on("go", () => this.start(true));
    this.room.on("reverse.frame", (frame) => this.seen(frame));
    on("lang", () => this.last && this.seen(this.last));
  }

  /** Whether the film is made in a moment, so that it can follow the knobs by itself. */
  quick() {
    const { model, steps, count, sampler, w } = this.room.knobs;
    if (!this.props.small.includes(model)) return false;
    const both = asked(this.room.knobs) && w !== 1 && w !== 0;
    return passes(sampler, steps) * count * (both ? 2 : 1) <= this.props.quick;
  }

  async heard(answer, first) {
    if (first) this.begin(answer);
    const { film } = this;
    await film.take(answer);
    this.told = { ...this.told, seconds: answer.seconds, taken: answer.taken };
    this.tell("diffusion.plaque.run");
    const index = this.plays ? (first ? 0 : undefined) : film.ready - 1;
    kit.emit(this.room, "film", { id: "reverse", ...film, index });
    if (first) {
      performance.measure("denoise-first", { start: this.since, end: performance.now() });
      if (this.plays) this.room.emit("reverse.play", {});
    }
  }

  begin(answer) {
    this.frames = answer.frames;
    this.told = { ...this.room.knobs, ...answer };
    const captions = answer.frames.map(({ t }) => ({ key: "diffusion.film.t", args: { t } }));
    this.film = new Reel(answer, 3, captions);
    this.act.querySelector(".v-diff-trio").classList.toggle("v-diff-one", Number(this.room.knobs.count) === 1);
  }

  tell(key) {
    const run = { key, args: kit.plain(this.told), digits: { seconds: 2 } };
    kit.emit(this.room, "reverse.told", { ...this.told, run });
  }

  /** What there is of a film that was stopped is the film. */
  halted() {
    if (!this.film?.ready) return;
    this.film.n = this.film.ready;
    kit.emit(this.room, "film", { id: "reverse", ...this.film, index: this.film.n - 1 });
    this.tell("diffusion.plaque.stopped");
  }

  came() {
    performance.measure("denoise-last", { start: this.since, end: performance.now() });
    const { source, n, w, h } = this.film;
    if (this.told.count !== "1") return;
    const made = kit.el("canvas", { width: w, height: h });
    made.getContext("2d").drawImage(source, (n - 1) * w, 0, w, h, 0, 0, w, h);
    kit.emit(this.room, "reverse.made", { face: made.toDataURL("image/png") });
  }

  /** The film shows a frame: its three pictures, its place on the schedule, the numbers of the step that follows. */
  seen(frame) {
    this.last = frame;
    const moment = this.frames?.[frame.index];
    if (!moment || !this.film) return;
    if (this.told.sampler === this.room.knobs.sampler) this.room.mark({ form: moment.form || this.told.sampler });
    const { image, since } = frame;
    const row = (n) => ({ ...image, y: n * image.h });
    kit.emit(this.room, "reverse.seen", {
      x: row(0), x0: row(1), epsilon: row(2), since, t: moment.t, step: moment.step,
      said: this.said(moment), numbers: this.numbers(moment), remark: { key: this.props.remarks[this.told.sampler], args: {} },
    });
  }

  said({ t, s, step }) {
    const { steps } = this.told;
    return t ? { key: "diffusion.step.from", args: { step: step + 1, steps, t, s } } : { key: "diffusion.step.end", args: {} };
  }

  numbers({ t, s, form, numbers }) {
    if (!t) return { key: "diffusion.filled.end", args: {} };
    const filled = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, figure(value)]));
    return { key: this.props.filled[form], args: { ...filled, low_t: low(t), low_s: low(s) } };
  }
}
