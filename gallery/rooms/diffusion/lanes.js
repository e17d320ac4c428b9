// Samplers side by side from one noise: each lane with its choices, its newest picture and its time.
import { asked, lacking } from "gallery/rooms/diffusion/labels.js";
import { on } from "gallery/shell/page.js";
import { sentence, written } from "gallery/shell/words.js";
import { Generator, Reel } from "gallery/widgets/_generator.js";
import * as kit from "gallery/widgets/_kit.js";

const SCALE = 4; // a lane's picture is drawn so many times larger, smoothly
const STRIP = 128; // px of a picture in the film of all lanes, at most

/** One lane: sampler and steps to choose, or what the museum says of it; the picture; how far and how long. */
class Lane {
  constructor(owner, i) {
    this.owner = owner;
    this.i = i;
    const { room, props } = owner;
    const list = (knob, options, label) => {
      const select = kit.el("select", { class: "v-menu-list", "data-t-label": label, "data-t-title": label },
        ...options.map(([value, text]) => kit.el("option", { value: String(value) }, String(text))));
      select.addEventListener("change", () => room.set({ [knob]: select.value }));
      return select;
    };
    this.sampler = list(`s${i}`, props.samplers, "diffusion.sampler.label");
    this.steps = list(`n${i}`, props.steps.map((n) => [n, n]), "diffusion.steps.label");
    this.choices = kit.el("div", { class: "v-diff-choices" }, this.sampler, this.steps);
    this.name = kit.el("p", { class: "v-diff-name" });
    this.canvas = kit.el("canvas", { class: "v-sheet", role: "img", width: 1, height: 1, "data-t-label": "diffusion.alt.nothing" });
    this.line = kit.el("p", { class: "v-diff-time" });
    const bar = kit.el("div", { class: "v-diff-bar", "aria-hidden": "true" }, (this.fill = kit.el("i")));
    this.node = kit.el("div", { class: "v-diff-lane" },
      this.choices, this.name, kit.el("div", { class: "v-paper" }, this.canvas), bar, kit.el("div", { class: "v-lines" }, this.line));
  }

  /** The choices as the knobs say; a number of steps that a link brings is added to the list. */
  dress() {
    const { knobs } = this.owner.room;
    const [sampler, steps] = [knobs[`s${this.i}`], String(knobs[`n${this.i}`])];
    if (![...this.steps.options].some(({ value }) => value === steps)) this.steps.add(kit.el("option", { value: steps }, steps));
    this.sampler.value = sampler;
    this.steps.value = steps;
  }

  begin(about, size) {
    this.about = about;
    this.size = size;
    this.told = null;
    this.reel = new Reel({ total: about.times.length, w: size, h: size });
  }

  async take(part) {
    this.told = part;
    await this.reel.take(part);
    this.say();
  }

  /** The frame that stands at time t: the latest that the lane had reached by then. */
  at(t) {
    const { times } = this.about;
    let i = 0;
    while (i + 1 < this.reel.ready && times[i + 1] >= t) i += 1;
    return { source: this.reel.source, x: i * this.size, y: 0, w: this.size, h: this.size };
  }

  show(t) {
    if (!this.reel?.ready) return;
    const { source, x, y, w, h } = this.at(t);
    const side = SCALE * this.size;
    if (this.canvas.width !== side) Object.assign(this.canvas, { width: side, height: side });
    const context = this.canvas.getContext("2d");
    context.imageSmoothingQuality = "high";
    context.drawImage(source, x, y, w, h, 0, 0, side, side);
  }

  /** What is written over the lane in a saved film. */
  get title() {
    const { name, title, steps } = this.about;
    return name?.key ? name : { key: "diffusion.alt.lane", args: { title, steps } };
  }

  say() {
    const { about, told } = this;
    if (!about) return;
    const args = { title: about.title, steps: about.steps, passes: about.passes };
    const seconds = written(told?.seconds ?? 0, 2);
    // The first state is the noise itself: it takes no step.
    const taken = Math.max(0, (told?.taken ?? 0) - 1);
    const whole = taken >= about.steps;
    const passes = whole ? about.passes : Math.min(about.passes, Math.ceil(about.passes / about.steps) * taken);
    this.line.replaceChildren(...kit.rich(sentence(whole ? "diffusion.plaque.lane" : "diffusion.plaque.lane_part", { ...args, passes, taken, seconds })));
    this.name.textContent = about.name?.key ? sentence(about.name.key) : "";
    this.canvas.dataset.tLabel = "diffusion.alt.lane";
    this.canvas.dataset.tArgs = JSON.stringify(args);
    this.fill.style.width = `${(100 * (told?.taken ?? 0)) / (about.steps + 1)}%`;
  }
}

export default class Lanes extends Generator {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   * @param {Server} server
   */
  constructor(element, props, server) {
    super(element, props, server, "lanes");
  }

  build() {
    this.lanes = Array.from({ length: this.props.most }, (_, i) => new Lane(this, i + 1));
    const row = kit.el("div", { class: "v-diff-lanes" }, ...this.lanes.map((lane) => lane.node));
    this.root.replaceChildren(kit.el("div", { class: "v-diff-lanehead" }, this.count(), this.switch.node), row);
  }

  /** How many lanes; out of the museum back to lanes of one's own. */
  count() {
    const button = (n) => kit.el("button", {
      type: "button", class: "v-button", "data-t": "diffusion.lanes.count", "data-t-args": JSON.stringify({ n }),
      onclick: () => this.room.set({ lanes: String(n), failure: "none" }),
    });
    this.counts = [2, 3, 4].map((n) => ({ n, node: button(n) }));
    return kit.el("div", { class: "v-diff-counts" }, ...this.counts.map(({ node }) => node));
  }

  get first() {
    return lacking(this.room, this.props.small) ?? super.first;
  }

  connect() {
    this.room.on("marks", () => this.word.hidden || this.speak(this.first));
    this.room.on("race", () => this.start(true));
    this.room.on("lanes.frame", ({ value }) => this.lanes.forEach((lane) => !lane.node.hidden && lane.show(value)));
    on("lang", () => this.lanes.forEach((lane) => lane.say()));
  }

  get shown() {
    const { lanes, failure } = this.room.knobs;
    return failure === "none" ? Number(lanes) : 2;
  }

  dress() {
    const { knobs } = this.room;
    this.lanes.forEach((lane, i) => {
      lane.node.hidden = i >= this.shown;
      lane.dress();
    });
    this.counts.forEach(({ n, node }) => node.setAttribute("aria-pressed", String(knobs.failure === "none" && n === this.shown)));
  }

  quick() {
    const { knobs } = this.room;
    if (!this.props.small.includes(knobs.model)) return false;
    if (knobs.failure !== "none") return true;
    const sum = this.lanes.slice(0, this.shown).reduce((all, { i }) => all + knobs[`n${i}`], 0);
    return sum * (asked(knobs) && knobs.w !== 1 ? 2 : 1) <= this.props.quick;
  }

  async heard(answer, first) {
    if (first) {
      answer.lanes.forEach((about, i) => this.lanes[i].begin(about, answer.size));
      this.size = answer.size;
      this.moments = answer.frames;
      const plaque = { key: "diffusion.plaque.race", args: { ...kit.plain(answer), seed: this.room.knobs.seed } };
      kit.emit(this.room, "lanes.told", { lesson: answer.lesson, plaque });
    }
    await Promise.all(answer.parts.map((part, i) => this.lanes[i].take(part)));
    answer.parts.forEach((part, i) => part.n && this.lanes[i].show(0));
  }

  /** Of lanes that were stopped, as far as they came. */
  halted() {
    if (this.shownLanes.every(({ reel }) => reel?.ready)) this.came();
  }

  get shownLanes() {
    return this.lanes.filter(({ node }) => !node.hidden);
  }

  /** The film: all lanes at the same t, side by side. */
  came() {
    const lanes = this.shownLanes;
    const n = this.moments;
    const size = Math.min(this.size, STRIP);
    const values = Array.from({ length: n }, (_, i) => Math.round(1000 * (1 - i / (n - 1))));
    const width = lanes.length * size;
    const source = kit.el("canvas", { width: n * width, height: size });
    const context = source.getContext("2d");
    values.forEach((t, i) => lanes.forEach((lane, j) => {
      const frame = lane.at(t);
      context.drawImage(frame.source, frame.x, 0, frame.w, frame.h, i * width + j * size, 0, size, size);
    }));
    const captions = values.map((t) => ({ key: "diffusion.film.t", args: { t } }));
    const names = lanes.map((lane) => lane.title);
    kit.emit(this.room, "film", { id: "lanes", names, source, n, w: width, h: size, columns: n, values, captions, index: this.plays ? 0 : n - 1 });
    if (this.plays) this.room.emit("lanes.play", {});
  }
}
