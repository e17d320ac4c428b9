// Points z ~ N(0, 1) that fall through f: from p_z along their z to the graph, and down to their x = f^-1(z), where they
// heap up to p_x: each carries its share of the area. They fall once, and then follow the function as it is moved.
import * as kit from "gallery/widgets/_kit.js";

/** @import { LineView } from "gallery/rooms/flow/line_view.js" */

const CELL = { x: 0.35, z: 0.25 }; // width of a heap
const EVERY = 32; // ms between two points
const FLIGHT = 1300; // ms
const [RADIUS, HUNG] = [2.5, 540]; // on a picture of that side

export class Dots {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {LineView} view
   */
  constructor(canvas, view) {
    this.canvas = canvas;
    this.view = view;
    /** @type {number[] | null} */
    this.z = null;
    /** @type {number[] | null} */
    this.x = null;
    /** @type {number[][]} */
    this.heaps = [];
    this.begun = -Infinity;
    this.frame = 0;
    this.context = canvas.getContext("2d");
  }

  /** Where they are of a function; null: nowhere. */
  take(z, x) {
    this.z = z && [...z];
    this.x = x && [...x];
    if (z) this.heaps = [this.heaped(this.z, CELL.z), this.heaped(this.x, CELL.x)];
    if (!this.frame) this.draw();
  }

  /** Of each number its place in the heap of its cell. */
  heaped(values, cell) {
    const counts = new Map();
    return values.map((value) => {
      const at = Math.floor(value / cell);
      counts.set(at, (counts.get(at) ?? 0) + 1);
      return counts.get(at) - 0.5;
    });
  }

  fall() {
    if (kit.reduced()) return this.rest();
    this.begun = performance.now();
    if (!this.frame) this.frame = requestAnimationFrame(() => this.tick());
  }

  /** All have fallen. */
  rest() {
    this.begun = -Infinity;
    this.draw();
  }

  tick() {
    this.frame = 0;
    if (!this.canvas.offsetParent) return this.rest();
    this.draw();
    if (this.z && performance.now() - this.begun < EVERY * this.z.length + FLIGHT) this.frame = requestAnimationFrame(() => this.tick());
  }

  draw() {
    const { canvas, context, view } = this;
    const { side } = view;
    if (!side) return;
    if (canvas.width !== side) canvas.width = canvas.height = side;
    context.clearRect(0, 0, side, side);
    if (!this.z || !this.x) return;
    const now = performance.now() - this.begun;
    const share = 1 / this.z.length;
    /** @type {Record<string, number[][]>} by what they are: waiting, gone, flying, fallen */
    const places = { waiting: [], gone: [], flying: [], fallen: [] };
    for (let i = 0; i < this.z.length; i++) {
      const t = kit.clamp((now - i * EVERY) / FLIGHT, 0, 1);
      const from = [view.base.z + this.heaps[0][i] * (share / CELL.z) * view.unit.z, view.up(this.z[i])];
      const to = [view.across(this.x[i]), view.base.x - this.heaps[1][i] * (share / CELL.x) * view.unit.x];
      places[t > 0 ? "gone" : "waiting"].push(from);
      if (t > 0 && to[0] < 0.975 && to[0] > 0.24) places[t < 1 ? "flying" : "fallen"].push(this.between(from, to, t));
    }
    this.dots(places.waiting, "soft", 0.8);
    this.dots(places.gone, "soft", 0.35);
    this.dots(places.fallen, "accent", 0.6);
    this.dots(places.flying, "accent", 0.95);
  }

  /**
   * First along z to the graph, then down, ever faster.
   * @param {number[]} from
   * @param {number[]} to
   * @param {number} t
   */
  between([x0, y0], [x1, y1], t) {
    const part = 0.45;
    if (t >= 1) return [x1, y1];
    if (t < part) return [x0 + (x1 - x0) * (t / part), y0];
    return [x1, y0 + (y1 - y0) * ((t - part) / (1 - part)) ** 2];
  }

  /**
   * All of one kind in one path.
   * @param {number[][]} places
   * @param {string} color
   * @param {number} alpha
   */
  dots(places, color, alpha) {
    const { context, view } = this;
    const radius = Math.max(1.2 * view.scale, (RADIUS * view.side) / HUNG);
    context.fillStyle = view.css(color, alpha);
    context.beginPath();
    for (const [x, y] of places) {
      context.moveTo(x * view.side + radius, y * view.side);
      context.arc(x * view.side, y * view.side, radius, 0, 2 * Math.PI);
    }
    context.fill();
  }
}
