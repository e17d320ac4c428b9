// A pad on which one draws points of the plane: with the mouse, a finger, or arrow keys and Space.
import * as kit from "gallery/widgets/_kit.js";

const NEAR = 0.16; // points of a drawing are at least this far apart
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/**
 * Whether none of the points is near.
 * @param {number[][]} points
 * @param {number[]} at
 */
export const apart = (points, [x, y]) => !points.some(([a, b]) => Math.hypot(a - x, b - y) < NEAR);

export class Pad {
  /**
   * points: those to begin with, which the first stroke takes away; active(): whether one draws now; span(): half the side
   * of the plane; told(what): "put", "clear", or "pen", which has moved.
   * @param {HTMLCanvasElement} canvas
   * @param {{reach: number, most: number, points: number[][], active: () => boolean, span: () => number, told: (what: string) => void}} options
   */
  constructor(canvas, { reach, most, points, active, span, told }) {
    this.canvas = canvas;
    this.reach = reach;
    this.most = most;
    this.points = points;
    this.span = span;
    this.told = told;
    this.given = true;
    /** @type {number[] | null} */
    this.pen = null;
    kit.drag(canvas, {
      start: (event) => active() && this.stroke(event),
      move: (event) => this.stroke(event),
    });
    canvas.addEventListener("keydown", (event) => active() && this.key(event));
    canvas.addEventListener("blur", () => this.lift());
  }

  stroke(event) {
    const span = this.span();
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length ? events : [event]) {
      const { x, y } = kit.within(this.canvas, each);
      this.put([(2 * x - 1) * span, (1 - 2 * y) * span]);
    }
  }

  /** One more point, unless one is there already; the first takes the place of what was given. */
  put(at) {
    const [x, y] = at.map((v) => kit.round(kit.clamp(v, -this.reach, this.reach), 3));
    if (this.given) this.points = [];
    this.given = false;
    if (this.points.length < this.most && apart(this.points, [x, y])) this.points.push([x, y]);
    this.told("put");
  }

  clear() {
    Object.assign(this, { points: [], given: false });
    this.told("clear");
  }

  /** Arrow keys move the pen, Space puts a point, Delete clears. */
  key(event) {
    const step = event.shiftKey ? 0.5 : 0.1;
    this.pen ??= [0, 0];
    if (event.key === "Delete" || event.key === "Backspace") this.clear();
    else if (event.key === " ") this.put(this.pen);
    else if (event.key in STEPS) this.pen = this.pen.map((v, i) => kit.clamp(v + step * STEPS[event.key][i], -this.reach, this.reach));
    else return;
    event.preventDefault();
    this.told("pen");
  }

  lift() {
    this.pen = null;
    this.told("pen");
  }

  /** The points as fractions of the side, for a Ground. */
  get dots() {
    return this.points.map((point) => this.share(point));
  }

  /**
   * A place as fractions of the side.
   * @param {number[]} at
   * @returns {[number, number]}
   */
  share([x, y]) {
    return [(x / this.span() + 1) / 2, (1 - y / this.span()) / 2];
  }
}
