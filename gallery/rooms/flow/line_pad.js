// A sample of the visitor's own, drawn along the axis of x: with the mouse or a finger, or with arrow keys and Space.
import * as kit from "gallery/widgets/_kit.js";

const EVERY = 25; // ms between two points while the hand holds still
const WIDE = 0.22; // how far points fall from the hand
const STEP = 0.1;

export class Spray {
  /** @param {any} stage */
  constructor(stage) {
    this.stage = stage;
    /** @type {number[] | null} */
    this.points = null;
    /** @type {number | null} */
    this.pen = null;
    const { canvas, room } = stage;
    kit.drag(canvas, { start: (event) => this.begin(event), move: (event) => this.aim(event), end: () => this.end() });
    canvas.addEventListener("keydown", (event) => this.active && this.key(event));
    canvas.addEventListener("blur", () => { this.pen = null; stage.draw(); });
    room.on("line.clear", () => this.clear());
    room.on("knobs", ({ changed }) => changed.has("sample") && this.dress());
  }

  get active() {
    const { form, sample } = this.stage.room.knobs;
    return form === "fit" && sample === "drawn";
  }

  /** The canvas says what it is. */
  dress() {
    const { canvas } = this.stage;
    canvas.setAttribute("role", this.active ? "application" : "img");
    canvas.setAttribute("data-t-label", this.active ? "flow.line.fit.pad" : "flow.line.alt");
    canvas.tabIndex = this.active ? 0 : -1;
    canvas.classList.toggle("v-flow-pad", this.active);
    if (this.active) this.points ??= [];
    else this.points = null;
    if (this.active && !this.told) this.tell();
  }

  begin(event) {
    if (!this.active || !this.stage.view.below(kit.within(this.stage.canvas, event))) return false;
    this.aim(event);
    this.timer = setInterval(() => this.put(this.hand), EVERY);
    return true;
  }

  aim(event) {
    this.hand = this.stage.view.back(kit.within(this.stage.canvas, event)).x;
    this.put(this.hand);
  }

  end() {
    clearInterval(this.timer);
    this.tell();
  }

  put(x) {
    const { low, high, most } = this.stage.props;
    if (this.points.length >= most) return;
    const spread = (Math.random() + Math.random() + Math.random() - 1.5) * 2 * WIDE;
    this.points.push(kit.round(kit.clamp(x + spread, low, high), 3));
    this.stage.draw();
    this.told = false;
  }

  clear() {
    this.points = [];
    this.tell();
    this.stage.draw();
  }

  /** Arrow keys move the pen, Space puts five points, Delete clears. */
  key(event) {
    const { low, high } = this.stage.props;
    const by = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    this.pen ??= 5;
    if (by) this.pen = kit.clamp(this.pen + by * (event.shiftKey ? 5 : 1), low, high);
    else if (event.key === " ") for (let i = 0; i < 5; i++) this.put(this.pen);
    else if (event.key === "Delete" || event.key === "Backspace") this.clear();
    else return;
    event.preventDefault();
    this.stage.draw();
    if (event.key === " ") this.tell();
  }

  tell() {
    this.told = true;
    this.stage.room.stay(this.stage.root, this.points.length ? "widgets.training.stays" : null, true);
    kit.emit(this.stage.room, "line.drawn", { points: [...this.points] });
  }
}
