// log p(x) of the point as the sum that the formula says: log N(z), and log |det| of each layer.
import { on } from "gallery/shell/page.js";
import { written } from "gallery/shell/words.js";
import { Ground } from "gallery/widgets/_ground.js";
import * as kit from "gallery/widgets/_kit.js";

const LEAST = 2; // nats of the scale, at least
const PARTS = ["base", "sum", "total", "exact"]; // what is written below it

export class Terms {
  /** @param {import("gallery/shell/rooms.js").Room} room */
  constructor(room) {
    this.room = room;
    const canvas = kit.el("canvas", { class: "v-flow-bars", role: "img", "data-t-label": "flow.plane.term.alt" });
    this.scale = 0; // until its size is known
    this.ground = new Ground(canvas, ["paper", "ink", "soft", "line", "accent", "data"]);
    this.numbers = Object.fromEntries(PARTS.map((key) => [key, kit.el("b")]));
    const [base, sum, total, exact] = PARTS.map((key) => kit.el("span", { class: `v-flow-part v-flow-part-${key}` }, kit.el("span", { "data-t": `flow.plane.term.${key}` }), this.numbers[key]));
    this.sum = kit.el("p", { class: "v-flow-sum", hidden: true }, base, "+", sum, "=", total, exact);
    this.node = kit.el("section", { class: "v-flow-sums" }, kit.el("h3", { "data-t": "flow.plane.term.title" }), canvas, this.sum);
    new ResizeObserver(() => {
      this.scale = 0;
      this.draw();
    }).observe(canvas);
    kit.listen(room, "layers.point", (point) => { this.point = point; this.write(); this.draw(); });
    room.on("knobs", ({ changed }) => changed.has("flow_layer") && this.draw());
    on("theme", () => { this.ground.dye(); this.draw(); });
    on("lang", () => this.write());
  }

  write() {
    if (!this.point) return;
    const { base, total, exact } = this.point;
    for (const [key, value] of Object.entries({ base, sum: total - base, total, exact })) {
      this.numbers[key].textContent = value === null ? "−∞" : written(value, 2);
    }
    this.sum.hidden = false;
  }

  /** Makes the canvas as large as it is shown, as `Ground.fit` does; whether it is shown. */
  fit() {
    const { canvas } = this.ground;
    const scale = window.devicePixelRatio || 1;
    if (scale === this.scale) return true;
    const [wide, high] = [Math.round(canvas.clientWidth * scale), Math.round(canvas.clientHeight * scale)];
    if (!wide) return false;
    Object.assign(canvas, { width: wide, height: high });
    this.scale = scale;
    return true;
  }

  /** A waterfall: each bar begins where the one before has ended; the last one is log p(x), from 0. */
  draw() {
    const { ground, point } = this;
    if (!point || !this.fit()) return;
    const { scale } = this;
    const { context, canvas: { width: wide, height: high } } = ground;
    context.clearRect(0, 0, wide, high);
    const steps = [point.base, ...point.terms];
    const ends = steps.map(((sum) => (step) => (sum += step))(0));
    const [top, low] = [Math.max(0, ...ends), Math.min(-LEAST, ...ends)];
    const y = (value) => scale * 3 + ((top - value) / (top - low)) * (high - 6 * scale);
    const each = wide / (steps.length + 1);
    const k = Number(this.room.knobs.flow_layer);
    const bar = (i, from, to, color) => {
      context.fillStyle = color;
      context.fillRect(i * each + 0.14 * each, Math.min(y(from), y(to)), 0.72 * each, Math.max(Math.abs(y(to) - y(from)), 1.5 * scale));
    };
    context.fillStyle = ground.css("line");
    context.fillRect(0, y(0) - scale / 2, wide, scale);
    if (k > 0 && k < steps.length) {
      context.fillStyle = ground.css("accent", 0.12);
      context.fillRect(k * each, 0, each, high);
    }
    steps.forEach((step, i) => bar(i, ends[i] - step, ends[i], i ? ground.css(step > 0 ? "accent" : "data") : ground.css("soft")));
    bar(steps.length, 0, ends.at(-1), ground.css("ink"));
  }
}
