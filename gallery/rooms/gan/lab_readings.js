// The numbers of a training, each with its curve: losses, the gradient that reaches G, the lecture's own measures.
import { on } from "gallery/shell/page.js";
import { sentence, written } from "gallery/shell/words.js";
import * as kit from "gallery/widgets/_kit.js";

const NS = "http://www.w3.org/2000/svg";
const KEPT = 160; // moments of a curve; when there are more, every second one goes
const [WIDE, HIGH] = [100, 24];
const log = (x) => (Math.log10(Math.max(x, 1e-4)) + 4) / 6; // 0.0001 ... 100

/** name, decimals, height of a value in 0 ... 1 (or none: by the curve's own range), a value that means "won" */
const ROWS = [
  { name: "loss_d", digits: 3 },
  { name: "loss_g", digits: 3 },
  { name: "norm", digits: 4, high: log },
  { name: "auc", digits: 3, high: (x) => (x - 0.4) / 0.6, goal: 0.5, hint: "gan.laboratory.reading.auc_hint" },
  { name: "log_loss", digits: 3, high: (x) => x / 0.8, goal: Math.LN2, hint: "gan.laboratory.reading.auc_hint" },
  { name: "modes", digits: 0 },
  { name: "near", digits: 0, high: (x) => x },
  { name: "w1", digits: 3, high: (x) => x / 2, hint: "gan.laboratory.reading.w1_hint" },
];

export class Readings {
  /** @param {import("gallery/shell/rooms.js").Room} room */
  constructor(room) {
    this.rows = ROWS.map((row) => this.row(row));
    this.steps = kit.el("b", { class: "v-lab-number v-lab-count" }, "–");
    this.name = kit.el("span", { "data-t": "gan.laboratory.reading.steps" });
    const steps = kit.el("div", { class: "v-lab-reading v-lab-steps" }, this.name, this.steps);
    this.node = kit.el("div", { class: "v-lab-readings", role: "group", "data-t-label": "gan.laboratory.reading.label" }, steps, ...this.rows.map(({ node }) => node));
    this.count = 0;
    room.on("lab.run", ({ fresh }) => fresh && this.forget());
    kit.listen(room, "lab.seen", (told) => this.take(told));
    on("lang", () => this.told && this.write(this.told));
  }

  row(row) {
    const number = kit.el("b", { class: "v-lab-number" }, "–");
    const plot = document.createElementNS(NS, "svg");
    Object.entries({ viewBox: `0 0 ${WIDE} ${HIGH}`, preserveAspectRatio: "none", class: "v-lab-plot", "aria-hidden": "true" })
      .forEach(([name, value]) => plot.setAttribute(name, value));
    const [goal, line] = ["line", "polyline"].map((tag) => document.createElementNS(NS, tag));
    if (row.goal !== undefined) {
      const y = String(HIGH * (1 - row.high(row.goal)));
      Object.entries({ x1: "0", x2: String(WIDE), y1: y, y2: y }).forEach(([name, value]) => goal.setAttribute(name, value));
      plot.append(goal);
    }
    plot.append(line);
    const name = kit.el("span", { "data-t": `gan.laboratory.reading.${row.name}`, ...(row.hint ? { "data-t-title": row.hint } : {}) });
    return { ...row, number, line, values: [], node: kit.el("div", { class: "v-lab-reading", "data-reading": row.name }, name, plot, number) };
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
    for (const row of this.rows) this.plot(row, found.of);
  }

  write(told) {
    const { measured } = told;
    this.name.setAttribute("data-t", told.recorded ? "gan.laboratory.reading.recorded" : "gan.laboratory.reading.steps");
    this.steps.textContent = told.recorded ? written(told.pairs, 0) : `${written(told.pairs, 0)} · ${written(told.steps_d, 0)}`;
    const begun = told.pairs + told.steps_d > 0;
    for (const { name, digits, number } of this.rows) {
      const value = { ...told, ...measured }[name];
      const losses = name.startsWith("loss") || name === "norm";
      number.textContent = value === null || value === undefined || (losses && !begun) ? "–"
        : name === "modes" ? sentence("gan.laboratory.reading.of", { n: value, of: measured.of })
          : name === "near" ? `${written(100 * value, 0)} %` : written(value, digits);
    }
  }

  plot({ name, values, high, line }, of) {
    const [low, top] = [Math.min(...values), Math.max(...values)];
    const share = name === "modes" ? (x) => x / (of || 1) : high ?? ((x) => (x - low) / (top - low || 1));
    const across = (i) => (values.length > 1 ? (WIDE * i) / (values.length - 1) : 0);
    line.setAttribute("points", values.map((x, i) => `${across(i).toFixed(1)},${(HIGH * (1 - kit.clamp(share(x), 0.03, 0.97))).toFixed(1)}`).join(" "));
  }
}
