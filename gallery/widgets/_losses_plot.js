// Losses over the course of a training: what was recorded faintly, its running mean over it, named where it ends.
import { sentence, written } from "gallery/shell/words.js";
import * as kit from "gallery/widgets/_kit.js";
import { figure } from "gallery/widgets/_losses.js";

/**
 * A plot of its own. log: logarithmic; ties: values that mean something, with their words.
 * @typedef {{log?: boolean, title?: string, ties?: {at: number, key: string}[],
 *   curves: {term: string, colour: string, formula: string}[]}} Panel
 * @typedef {{images: number[], terms: Record<string, {raw: number[], mean: number[]}>}} Course
 */

const NS = "http://www.w3.org/2000/svg";
const SIDE = 100; // of a drawing; it is stretched to its place
const HEAD = 0.34; // of a linear plot's height that is left above the curves for a name
const NAME = "2.2rem"; // the height of a name with its formula
const LOW = 0.66 * SIDE; // a curve below has no place under it
const [ABOVE, BELOW] = [3, 6]; // times, of a logarithmic one, for names above and below


/** One plot: heights of values, and what is drawn. */
class Plot {
  constructor(panel, words, { images, terms }, most) {
    this.words = words;
    this.panel = panel;
    this.images = images;
    this.most = most;
    this.curves = panel.curves.filter(({ term }) => term in terms).map((curve) => ({ ...curve, ...terms[curve.term] }));
    const all = this.curves.flatMap(({ raw }) => raw).filter((value) => !panel.log || value > 0);
    const [low, high] = [Math.min(...all), Math.max(...all)];
    this.range = panel.log ? [Math.log10(low / BELOW), Math.log10(high * ABOVE)] : [0, high / (1 - HEAD)];
    this.marker = kit.el("b", { class: "v-course-marker" });
  }

  x(seen) {
    return (SIDE * seen) / this.most;
  }

  y(value) {
    const [low, high] = this.range;
    const at = this.panel.log ? Math.log10(Math.max(value, 1e-12)) : value;
    return SIDE * (1 - kit.clamp((at - low) / (high - low), 0, 1));
  }

  line(values, colour, faint) {
    const line = document.createElementNS(NS, "polyline");
    line.setAttribute("points", values.map((value, i) => `${this.x(this.images[i]).toFixed(2)},${this.y(value).toFixed(2)}`).join(" "));
    line.setAttribute("class", `v-course-${colour}${faint ? " v-course-raw" : ""}`);
    return line;
  }

  /** Powers of ten, or 0 and the ties. */
  ticks() {
    const [low, high] = this.range;
    const tens = Array.from({ length: Math.floor(high) - Math.ceil(low) + 1 }, (_, i) => 10 ** (Math.ceil(low) + i));
    const values = this.panel.log ? tens : [0, ...(this.panel.ties ?? []).map(({ at }) => at)];
    return values.map((at) => kit.el("span", { class: "v-course-tick", style: `top: ${this.y(at)}%` },
      written(at, at && at < 1 ? Math.max(1, Math.ceil(-Math.log10(at))) : 0)));
  }

  /** Names at the curves' ends: above the upper one, below the lower one where there is place. */
  names() {
    const ends = this.curves.map((curve) => ({ ...curve, end: curve.mean.at(-1) })).sort((a, b) => b.end - a.end);
    const near = ends.map(({ mean }) => mean.slice(Math.floor(mean.length / 2)).map((value) => this.y(value))); // curves run under their names
    const places = ends.map((_, i) => {
      const below = i > 0 && (this.panel.log || Math.max(...near[i]) < LOW);
      return { below, top: `${below ? Math.max(...near[i]) : Math.min(...near.slice(0, i + 1).flat())}%` };
    });
    return ends.map(({ term, colour, formula, end }, i) => {
      const { below, top } = places[i];
      const under = places[i + 1]; // a name above its curve, too: this one stands clear of it
      const clear = under && !under.below ? `min(${top}, calc(${under.top} - ${NAME}))` : top;
      return kit.el("span", { class: `v-course-name v-course-${colour}${below ? " v-course-below" : ""}`, style: `top: ${clear}` },
        kit.el("b", {}, `${this.words.name(term)} ${figure(end)}`), kit.el("small", {}, formula));
    });
  }

  draw() {
    const svg = document.createElementNS(NS, "svg");
    Object.entries({ viewBox: `0 0 ${SIDE} ${SIDE}`, preserveAspectRatio: "none" }).forEach(([name, value]) => svg.setAttribute(name, value));
    svg.append(...this.curves.map(({ raw, colour }) => this.line(raw, colour, true)), ...this.curves.map(({ mean, colour }) => this.line(mean, colour, false)));
    const ties = (this.panel.ties ?? []).map(({ at, key }) => kit.el("i", { class: "v-course-tie", style: `top: ${this.y(at)}%`, title: sentence(key) }));
    const label = this.curves.map(({ term, mean }) => {
      const [first, last] = [mean[0], mean.at(-1)].map(figure);
      return `${this.words.name(term)} ${first} → ${last}`;
    }).join(", ");
    const title = this.panel.title ? kit.el("h4", { class: "v-course-title" }, sentence(this.panel.title)) : "";
    const plot = kit.el("div", { class: "v-course-plot", role: "img", "aria-label": label }, svg, ...ties, this.marker, ...this.ticks(), ...this.names());
    return kit.el("div", { class: "v-course-panel" }, title, plot);
  }
}

export class Losses {
  /**
   * @param {Panel[]} panels
   * @param {{name: (term: string) => string, axis: string}} words what a term is called, and the axis
   * @param {Course | (Course | null)[]} course of all panels, or of each its own, null where nothing was recorded
   */
  constructor(panels, words, course) {
    const courses = panels.map((_, i) => (Array.isArray(course) ? course[i] : course));
    const most = Math.max(...courses.map((each) => each?.images.at(-1) ?? 0));
    this.plots = panels.flatMap((panel, i) => (courses[i] ? [new Plot(panel, words, courses[i], most)] : [])).filter(({ curves }) => curves.length);
    const axis = kit.el("p", { class: "v-course-axis" }, sentence(words.axis, { n: written(most / 1000, 0) }));
    this.node = kit.el("div", { class: "v-course" }, ...this.plots.map((plot) => plot.draw()), axis);
  }

  /** Where the film stands. */
  mark(seen) {
    for (const plot of this.plots) plot.marker.style.left = `${Math.min(SIDE, plot.x(seen))}%`;
  }
}
