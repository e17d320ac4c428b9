// The numbers of a training, each with its curve.
import { on } from "gallery/shell/page.js";
import { written } from "gallery/shell/words.js";
import * as kit from "gallery/widgets/_kit.js";

const NS = "http://www.w3.org/2000/svg";
const KEPT = 160; // moments of a curve; when there are more, every second one goes
const [WIDE, HIGH] = [100, 24];

/**
 * A number. key: its words; digits: decimals, or says(value, told): the text; high(value, told): its height in 0 ... 1,
 * without one the curve fills its own range; goal: a value that means "won", or what finds it; late: not said before the first step.
 * @typedef {{name: string, key: string, hint?: string, digits?: number, says?: (value: number, told: any) => string,
 *   high?: (value: number, told: any) => number, goal?: number | ((told: any) => number), late?: boolean}} Row
 */

export class Readings {
  /**
   * @param {import("gallery/shell/rooms.js").Room} room
   * @param {Row[]} rows
   * @param {string} named what the count of steps is called
   */
  constructor(room, rows, named = "widgets.training.steps") {
    this.rows = rows.map((row) => this.row(row));
    this.steps = kit.el("b", { class: "v-lab-number v-lab-count" }, "–");
    this.name = kit.el("span", { "data-t": named });
    const steps = kit.el("div", { class: "v-lab-reading v-lab-steps" }, this.name, this.steps);
    this.node = kit.el("div", { class: "v-lab-readings", role: "group", "data-t-label": "widgets.training.readings" }, steps, ...this.rows.map(({ node }) => node));
    this.count = 0;
    room.on("lab.run", ({ fresh }) => fresh && this.forget());
    kit.listen(room, "lab.seen", (told) => this.take(told));
    on("lang", () => this.told && this.write(this.told));
  }

  /** @param {Row} row */
  row(row) {
    const number = kit.el("b", { class: "v-lab-number" }, "–");
    const plot = document.createElementNS(NS, "svg");
    Object.entries({ viewBox: `0 0 ${WIDE} ${HIGH}`, preserveAspectRatio: "none", class: "v-lab-plot", "aria-hidden": "true" })
      .forEach(([name, value]) => plot.setAttribute(name, value));
    const [goal, line] = ["line", "polyline"].map((tag) => document.createElementNS(NS, tag));
    if (row.goal !== undefined) plot.append(goal);
    plot.append(line);
    const name = kit.el("span", { "data-t": row.key, ...(row.hint ? { "data-t-title": row.hint } : {}) });
    return { ...row, number, line, goal, aim: row.goal, values: [], node: kit.el("div", { class: "v-lab-reading", "data-reading": row.name }, name, plot, number) };
  }

  forget() {
    this.rows.forEach((row) => { row.values = []; });
    this.every = 1;
    this.count = 0;
  }

  take(told) {
    this.told = told;
    this.count += 1;
    const found = { ...told, ...told.measured };
    if (told.pairs + told.steps_d && this.count % (this.every ?? 1) === 0) {
      for (const row of this.rows) if (found[row.name] !== null && found[row.name] !== undefined) row.values.push(found[row.name]);
      if (this.rows[0].values.length > KEPT) {
        this.every = 2 * (this.every ?? 1);
        for (const row of this.rows) row.values = row.values.filter((_, i) => i % 2 === 0);
      }
    }
    this.write(told);
    for (const row of this.rows) this.plot(row, found);
  }

  write(told) {
    this.name.setAttribute("data-t", told.recorded ? "widgets.training.recorded" : "widgets.training.steps");
    this.steps.textContent = told.recorded ? written(told.pairs, 0) : `${written(told.pairs, 0)} · ${written(told.steps_d, 0)}`;
    const begun = told.pairs + told.steps_d > 0;
    const found = { ...told, ...told.measured };
    for (const { name, digits, says, late, number } of this.rows) {
      const value = found[name];
      const none = value === null || value === undefined || (late && !begun);
      number.textContent = none ? "–" : says ? says(value, found) : written(value, digits);
    }
  }

  plot(/** @type {any} */ row, found) {
    const { values, high, line, goal, aim } = row;
    const [low, top] = [Math.min(...values), Math.max(...values)];
    const share = high ? (x) => high(x, found) : (x) => (x - low) / (top - low || 1);
    const across = (i) => (values.length > 1 ? (WIDE * i) / (values.length - 1) : 0);
    const up = (x) => (HIGH * (1 - kit.clamp(share(x), 0.03, 0.97))).toFixed(1);
    line.setAttribute("points", values.map((x, i) => `${across(i).toFixed(1)},${up(x)}`).join(" "));
    const at = typeof aim === "function" ? aim(found) : aim;
    if (at !== undefined) Object.entries({ x1: "0", x2: String(WIDE), y1: up(at), y2: up(at) }).forEach(([name, value]) => goal.setAttribute(name, value));
  }
}
