// A pen on a square pad, by hand and by keys: what a sketch and a brush have in common.
import * as kit from "gallery/widgets/_kit.js";

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** @typedef {{x: number, y: number}} Point */

export class Pen {
  /**
   * pad: a canvas of `side` pixels that takes the focus; `cursor` shows where the pen is while keys move it, `step`
   * pixels at a time. line(from, to): the pen was drawn along there; begin(), end(): it was lowered, lifted; clear().
   * @param {HTMLCanvasElement} pad
   * @param {HTMLElement} cursor
   * @param {{side: number, step: number, line: (from: Point, to: Point) => void, begin?: () => void, end?: () => void,
   *   clear: () => void}} uses
   */
  constructor(pad, cursor, { side, step, line, begin, end, clear }) {
    this.pad = pad;
    this.cursor = cursor;
    this.side = side;
    this.step = step;
    this.line = line;
    this.begin = begin;
    this.end = end;
    this.clear = clear;
    this.x = side / 2;
    this.y = side / 2;
    this.down = false;
    kit.drag(pad, {
      start: (event) => {
        this.begin?.();
        this.place(event);
        this.line(this, this);
      },
      move: (event) => this.moved(event),
      end: () => this.end?.(),
    });
    pad.addEventListener("keydown", (event) => this.key(event));
  }

  moved(event) {
    // A fast hand makes several points a frame; all of them belong to the line.
    const events = event.getCoalescedEvents?.() ?? [];
    for (const point of events.length ? events : [event]) {
      const { x, y } = this;
      this.place(point);
      this.line({ x, y }, this);
    }
  }

  place(event) {
    const { x, y } = kit.within(this.pad, event);
    Object.assign(this, { x: x * this.side, y: y * this.side });
  }

  /** Arrow keys move the pen, Space lowers and lifts it, Delete clears. */
  key(event) {
    if (event.key === "Delete" || event.key === "Backspace") this.clear();
    else if (event.key === " ") this.lower(!this.down);
    else if (event.key in STEPS) this.walk(STEPS[event.key], this.step * (event.shiftKey ? 3 : 1));
    else return;
    event.preventDefault();
  }

  lower(down) {
    if (down) {
      this.begin?.();
      this.line(this, this);
    } else if (this.down) this.end?.();
    this.down = down;
    this.show();
  }

  walk([dx, dy], step) {
    const { x, y } = this;
    this.x = kit.clamp(x + dx * step, 0, this.side);
    this.y = kit.clamp(y + dy * step, 0, this.side);
    if (this.down) this.line({ x, y }, this);
    this.show();
  }

  show() {
    this.cursor.style.left = `${(this.x / this.side) * 100}%`;
    this.cursor.style.top = `${(this.y / this.side) * 100}%`;
    this.cursor.classList.toggle("v-down", this.down);
  }
}
