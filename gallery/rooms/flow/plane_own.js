// A target of the visitor's own on the plane: Gaussians whose centres, axes and shares are dragged, or points drawn.
import { parts, joined, shared, text, turned } from "gallery/rooms/flow/plane_mixture.js";
import { shadesOf } from "gallery/rooms/flow/plane_view.js";
import { call, latest } from "gallery/shell/calls.js";
import { percent, sentence } from "gallery/shell/words.js";
import { Ground } from "gallery/widgets/_ground.js";
import * as kit from "gallery/widgets/_kit.js";

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const OUT = 2; // standard deviations at which an axis is taken hold of
const SLIGHT = 4; // hundredths that an arrow key moves

export class Own {
  /**
   * @param {any} bench
   * @param {HTMLElement} board
   * @param {HTMLCanvasElement} over
   */
  constructor(bench, board, over) {
    this.bench = bench;
    this.board = board;
    this.lines = new Ground(over, ["paper", "ink", "accent"]);
    this.chosen = 0;
    const { columns, max } = bench.room.specs.flow_mixture;
    this.columns = columns;
    this.most = max;
    this.truth = this.since = this.weights = undefined;
    const each = (make) => Array.from({ length: max }, (_, i) => make(i));
    this.centres = each((i) => this.handle("centre", i, (at) => this.put(i, at), (dx, dy) => this.nudge(i, dx, dy)));
    this.axes = [0, 1].map((axis) => this.handle("axis", axis, (at) => this.lead(axis, at), (dx, dy) => this.widen(axis, dx + dy)));
    this.shares = each((i) => this.handle("share", i, (at) => this.divide(i, at), (dx, dy) => this.give(i, dx + dy))).slice(1);
    const button = (key, press, sign) => kit.el("button", { type: "button", class: "v-button v-flow-more", "data-t-label": key, "data-t-title": key, onclick: press }, sign);
    this.plus = button("flow.plane.mixture.more", () => this.more(), "+");
    this.minus = button("flow.plane.mixture.fewer", () => this.fewer(), "−");
    this.bar = kit.el("div", { class: "v-flow-shares", "aria-hidden": "true" });
    this.node = kit.el("div", { class: "v-flow-own", hidden: true }, kit.el("div", { class: "v-flow-count" }, this.minus, this.plus), this.bar, ...this.shares, ...this.axes, ...this.centres);
    board.append(this.node);
    this.ask = latest((since) => this.fetch(since));
  }

  /** "mixture", "drawn", or "" for a target that has a name. */
  get kind() {
    const target = String(this.bench.room.knobs.flow_target);
    return target === "mixture" || target === "drawn" ? target : "";
  }

  get rows() {
    return parts(this.bench.room.knobs.flow_mixture);
  }

  get span() {
    return this.bench.span ?? 3;
  }

  // ---- handles ------------------------------------------------------------------------------------------
  handle(name, i, to, by) {
    const node = kit.el("button", { type: "button", class: `v-flow-handle v-flow-${name}`, role: "slider", "data-t-label": `flow.plane.mixture.${name}`, "data-t-args": JSON.stringify({ n: i + 1 }) });
    const move = (event) => {
      this.since = event.timeStamp;
      const { x, y } = kit.within(this.board, event);
      to([(2 * x - 1) * this.span, (1 - 2 * y) * this.span]);
      this.since = undefined;
    };
    kit.drag(node, { start: () => node.focus(), move, early: true });
    node.addEventListener("focus", () => name === "centre" && this.choose(i));
    node.addEventListener("keydown", (event) => {
      if (event.key === "Delete" && name === "centre") this.fewer();
      const step = STEPS[event.key];
      if (!step) return;
      event.preventDefault();
      by(...step.map((v) => (event.shiftKey ? 5 * v : v)));
    });
    return node;
  }

  choose(i) {
    this.chosen = i;
    this.place();
    this.bench.draw();
  }

  set(rows) {
    const within = rows.map((row) => row.map((v, k) => kit.clamp(Math.round(v), this.columns[k][0], this.columns[k][1])));
    this.bench.room.set({ flow_mixture: text(within) });
  }

  change(i, patch) {
    this.set(this.rows.map((row, k) => (k === i ? Object.assign([...row], patch) : row)));
  }

  put(i, [x, y]) {
    this.change(i, { 0: 100 * x, 1: 100 * y });
  }

  nudge(i, dx, dy) {
    const [x, y] = this.rows[i];
    this.change(i, { 0: x + SLIGHT * dx, 1: y + SLIGHT * dy });
  }

  /** The end of an axis follows the hand: its length is the deviation, its direction the angle. */
  lead(axis, [x, y]) {
    const [dx, dy] = [100 * x - this.rows[this.chosen][0], 100 * y - this.rows[this.chosen][1]];
    this.change(this.chosen, { [2 + axis]: Math.hypot(dx, dy) / OUT, 4: turned(dx, dy, axis) });
  }

  /** By keys an axis grows or shrinks; the first with Shift held turns instead. */
  widen(axis, by) {
    const row = this.rows[this.chosen];
    if (Math.abs(by) > 1) this.change(this.chosen, { 4: (row[4] + by + 180) % 180 });
    else this.change(this.chosen, { [2 + axis]: row[2 + axis] + SLIGHT * by });
  }

  /** The border between the shares i - 1 and i follows the hand along the bar. */
  divide(i, [x]) {
    const { left, width } = this.bar.getBoundingClientRect();
    const board = this.board.getBoundingClientRect();
    const at = (((x / this.span + 1) / 2) * board.width + board.left - left) / width;
    this.set(shared(this.rows, i, at));
  }

  give(i, by) {
    const ends = this.rows.slice(0, i).reduce((sum, row) => sum + row[5], 0) / this.rows.reduce((sum, row) => sum + row[5], 0);
    this.set(shared(this.rows, i, ends + 0.01 * by));
  }

  more() {
    if (this.rows.length >= this.most) return;
    const free = joined(this.rows);
    this.chosen = free.length - 1;
    this.set(free);
  }

  fewer() {
    if (this.rows.length < 2) return;
    const rows = this.rows.filter((_, i) => i !== this.chosen);
    this.chosen = Math.min(this.chosen, rows.length - 1);
    this.set(rows);
  }

  // ---- what follows from it -----------------------------------------------------------------------------
  /** The mixture has been changed: by hand, by a link, or by "back". */
  moved() {
    const { bench } = this;
    const { bare } = bench;
    this.ask(this.since);
    this.place();
    bench.sketched("put", !bare);
    if (bare) this.outline(); // its density comes with the answer
  }

  /** The target itself, before there is a flow. */
  show() {
    this.place();
    if (this.kind === "mixture") this.ask();
  }

  async fetch(since) {
    const { bench } = this;
    if (this.kind !== "mixture") return;
    const code = bench.room.knobs.flow_mixture;
    const { span, truth } = await call(bench.server, "aim", [{ ...bench.room.knobs }]);
    bench.span = span;
    this.truth = { ...shadesOf(truth), code, kept: new Map() };
    if (!bench.editing) return;
    this.paint();
    kit.count(bench.root, "aimed");
    if (since !== undefined) performance.measure("plane.frame", { start: since, end: performance.now() });
  }

  /** The exact density as it is known; what is drawn by hand has one when it is learned. */
  get known() {
    if (this.kind === "mixture") return this.truth;
    return this.bench.token && this.bench.about ? { ...this.bench.about.truth, kept: this.bench.about.marks } : null;
  }

  paint() {
    const { bench } = this;
    if (!bench.view.clear()) return;
    const { known } = this;
    if (known) bench.view.density(known, known.kept);
    if (this.kind === "drawn") bench.view.dots(bench.pad.dots);
    if (bench.pad.pen) bench.view.pen(bench.pad.share(bench.pad.pen));
    this.outline();
    this.tell();
  }

  /** What is shown, in the corner of the plane. */
  tell() {
    const drawing = this.bench.pad.points.length ? sentence("flow.plane.drawing") : "";
    const told = this.kind === "mixture" ? sentence("flow.plane.mixture.told") : drawing;
    if (this.bench.chip.textContent !== told) this.bench.chip.textContent = told;
  }

  /** The part that is chosen as an ellipse. */
  outline() {
    const { lines } = this;
    if (!lines.fit()) return;
    const { context, side, scale } = lines;
    context.clearRect(0, 0, side, side);
    if (this.kind !== "mixture") return;
    const unit = side / (2 * this.span);
    const [x, y, a, b, angle] = this.rows[Math.min(this.chosen, this.rows.length - 1)];
    context.beginPath();
    context.ellipse(side / 2 + (x / 100) * unit, side / 2 - (y / 100) * unit, (OUT * a * unit) / 100, (OUT * b * unit) / 100, (-angle * Math.PI) / 180, 0, 2 * Math.PI);
    Object.assign(context, { strokeStyle: lines.css("accent"), lineWidth: 1.5 * scale });
    context.stroke();
  }

  place() {
    const seen = this.kind === "mixture" && this.bench.editing;
    const left = !seen && !this.node.hidden;
    this.node.hidden = !seen;
    if (left) this.outline();
    if (!seen) return;
    const { rows } = this;
    this.chosen = Math.min(this.chosen, rows.length - 1);
    this.plus.disabled = rows.length >= this.most;
    this.minus.disabled = rows.length < 2;
    this.centres.forEach((node, i) => this.at(node, rows[i], rows[i]?.slice(0, 2)));
    this.axes.forEach((node, axis) => {
      const [x, y, a, b, angle] = rows[this.chosen];
      const [far, turn] = [axis ? b : a, ((angle + 90 * axis) * Math.PI) / 180];
      this.at(node, rows[this.chosen], [x + OUT * far * Math.cos(turn), y + OUT * far * Math.sin(turn)], axis ? b : a);
    });
    this.weigh(rows);
  }

  at(node, row, place, value = place?.[0]) {
    node.hidden = !row;
    if (!row) return;
    const [x, y] = place.map((v) => v / (100 * this.span));
    Object.assign(node.style, { left: `${50 * (1 + x)}%`, top: `${50 * (1 - y)}%` });
    node.toggleAttribute("data-chosen", node === this.centres[this.chosen]);
    node.setAttribute("aria-valuenow", String(value / 100));
    node.setAttribute("aria-valuetext", kit.say(value / 100, 2));
  }

  /** The bar of shares and the borders between them, where they are not those that are there. */
  weigh(rows) {
    const weights = `${this.chosen}: ${rows.map((row) => row[5])}`;
    if (weights === this.weights) return;
    this.weights = weights;
    const total = rows.reduce((sum, row) => sum + row[5], 0);
    let sum = 0;
    this.bar.replaceChildren(...rows.map((row, i) => {
      const share = row[5] / total;
      const end = this.shares[i - 1];
      if (end) {
        end.style.left = `calc(12px + (100% - 24px) * ${sum})`;
        end.setAttribute("aria-valuenow", String(kit.round(100 * sum, 1)));
      }
      sum += share;
      return kit.el("span", { style: `flex: ${share} 1 0`, ...(i === this.chosen ? { "data-chosen": "" } : {}) }, percent(share, 0));
    }));
    this.shares.forEach((node, i) => { node.hidden = i + 1 >= rows.length; });
  }
}
