// What the hand takes hold of on the picture: the line by its crossing and its slope, the knots of the spline, the interval.
import * as kit from "gallery/widgets/_kit.js";

/** @import { LineView } from "gallery/rooms/flow/line_view.js" */

const FLAT = 0.02; // slopes nearer to 0 are 0
const ARM = 4.2; // how far along x the handle of the slope is from the crossing
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const EDGE = 0.4;

export class Handles {
  /**
   * @param {HTMLElement} board
   * @param {kit.Room} room
   * @param {Props} props
   * @param {LineView} view
   */
  constructor(board, room, props, view) {
    this.board = board;
    this.room = room;
    this.props = props;
    this.view = view;
    this.crossing = 5; // the x at which the line meets z = 0
    /** @type {number | null} on which side of it the handle of the slope is while it is held */
    this.side = null;
    const numbers = Array.from({ length: props.knots }, (_, i) => i + 1);
    this.b = this.handle("b", "flow.line.handle.b", (to) => this.slide(to), (dx, dz) => this.slide({ x: this.crossing + (dx - dz) * 0.1, z: 0 }));
    this.a = this.handle("a", "flow.line.handle.a", (to) => this.turn(to), (dx, dz) => this.lean(this.room.knobs.a + (dx + dz) * 0.05));
    this.at = this.handle("at", "flow.line.handle.at", ({ x }) => this.move(x), (dx, dz) => this.move(room.knobs.at + (dx + dz) * 0.1));
    this.knots = numbers.map((k) => this.handle("knot", "flow.line.handle.knot", (to) => this.bend(k, to),
      (dx, dz) => this.bend(k, { x: room.knobs[`x${k}`] + dx * 0.1, z: room.knobs[`z${k}`] + dz * 0.1 }), { "data-t-args": JSON.stringify({ n: k }) }));
    this.all = [this.b, this.a, ...this.knots, this.at];
    board.append(...this.all);
  }

  handle(name, key, to, by, attrs = {}) {
    const letter = name === "a" || name === "b" ? name : "";
    const node = kit.el("button", { type: "button", class: `v-flow-handle v-flow-${name}`, role: "slider", "data-t-label": key, ...attrs }, letter);
    const move = (event) => to(this.view.back(kit.within(this.board, event)));
    kit.drag(node, { start: () => { this.side = null; node.focus(); }, move, early: true });
    node.addEventListener("keydown", (event) => {
      const step = STEPS[event.key];
      if (!step) return;
      event.preventDefault();
      by(...step.map((v) => (event.shiftKey ? 5 * v : v)));
    });
    return node;
  }

  // ---- what moves ---------------------------------------------------------------------------------------
  /** The line passes through this place, its slope stays. */
  slide({ x, z }) {
    const { left, right } = this.props;
    const { a } = this.room.knobs;
    if (a === 0) return;
    this.crossing = kit.clamp(x - z / a, left + EDGE, right - EDGE);
    this.room.set({ b: -a * this.crossing });
  }

  /** The line turns about its crossing towards this place. */
  turn({ x, z }) {
    this.side ??= this.arm() > 0 ? 1 : -1;
    const far = Math.max(EDGE, this.side * (x - this.crossing));
    this.lean((this.side * z) / far);
  }

  lean(slope) {
    const { steepest } = this.props;
    const a = Math.abs(slope) < FLAT ? 0 : kit.round(kit.clamp(slope, -steepest, steepest), 3);
    this.room.set({ a, b: -a * this.crossing });
  }

  bend(k, { x, z }) {
    const { knots, near, first, last, deep } = this.props;
    const between = (axis, value, low, high) => {
      const { knobs } = this.room;
      const [under, over] = [k > 1 ? knobs[`${axis}${k - 1}`] + near : low, k < knots ? knobs[`${axis}${k + 1}`] - near : high];
      return kit.clamp(value, under, Math.max(under, over));
    };
    this.room.set({ [`x${k}`]: between("x", x, first, last), [`z${k}`]: between("z", z, -deep, deep) });
  }

  move(x) {
    const { left, right, wide } = this.props;
    this.room.set({ at: kit.clamp(x, left + wide / 2, right - wide / 2) });
  }

  // ---- where they are -----------------------------------------------------------------------------------
  /** How far along x the handle of the slope is from the crossing; below 0 where there is no room at the right. */
  arm() {
    const { a } = this.room.knobs;
    const long = Math.min(ARM, 0.85 * (this.props.top / Math.max(Math.abs(a), 0.01)));
    return this.side ? this.side * long : this.crossing + long > this.props.right - EDGE ? -long : long;
  }

  place() {
    const { form, a, b, at } = this.room.knobs;
    if (a !== 0) this.crossing = -b / a;
    const arm = this.arm();
    const seen = this.crossing > this.props.left && this.crossing < this.props.right;
    this.put(this.b, form === "affine" && seen && a !== 0, this.crossing, 0);
    this.put(this.a, form === "affine" && seen, this.crossing + arm, a * arm + (a === 0 ? b : 0));
    this.knots.forEach((node, i) => {
      const [x, z] = ["x", "z"].map((axis) => this.room.knobs[`${axis}${i + 1}`]);
      this.put(node, form === "spline", x, z);
      node.setAttribute("aria-valuenow", String(z));
      node.setAttribute("aria-valuetext", `x = ${kit.say(x)}, z = ${kit.say(z)}`);
    });
    this.put(this.at, form !== "fit" && !(form === "affine" && a === 0), at, null);
    for (const [node, value] of [[this.a, a], [this.b, b], [this.at, at]]) node.setAttribute("aria-valuenow", String(value));
  }

  /** z null: at the axis of x. */
  put(node, shown, x, z) {
    node.hidden = !shown;
    node.style.left = `${100 * this.view.across(x)}%`;
    node.style.top = `${100 * (z === null ? this.view.base.x : this.view.up(z))}%`;
  }
}
