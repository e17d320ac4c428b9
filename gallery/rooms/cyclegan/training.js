// Six rows of a film, the question which loss hardly falls, and after the answer all of them with the place of the film.
import { sentence } from "gallery/shell/words.js";
import * as kit from "gallery/widgets/_kit.js";
import { Learning } from "gallery/widgets/_learning.js";
import { figure, plots } from "gallery/widgets/_losses.js";

const ROWS = { x: "", gx: "G(x)", fgx: "F(G(x))", y: "", fy: "F(y)", gfy: "G(F(y))" };
const PANELS = [
  { ties: [{ at: 0.5, key: "cyclegan.training.tie" }], curves: [
    { term: "adversarial", colour: "accent", formula: "(D(G(x)) − 1)²" },
    { term: "judges", colour: "data", formula: "(D(y) − 1)² + D(G(x))²" },
  ] },
  { log: true, curves: [
    { term: "cycle", colour: "accent", formula: "|F(G(x)) − x|" },
    { term: "identity", colour: "ink", formula: "|G(y) − y|" },
  ] },
];
const GAP = 1 / 32; // of a frame, between two in the strip
const NAMES = 0.16; // of a saved frame, for the names of its rows
const WORDS = { name: (term) => sentence(`cyclegan.training.term.${term}`), axis: "cyclegan.training.axis" };

export default class Training extends Learning {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   * @param {Server} server
   */
  constructor(element, props, server) {
    super(element, props, server, { which: "filmed", place: "pairs_seen" });
  }

  build() {
    this.select = kit.el("select", { class: "v-menu-list", onchange: () => this.room.set({ filmed: this.select.value }) });
    this.pairs = kit.el("label", { class: "v-cyclegan-filmed", hidden: true }, kit.el("span", { "data-t": "cyclegan.training.pair" }), this.select);
    this.question = kit.el("h3", { class: "v-cyclegan-question", "data-t": "cyclegan.training.question" });
    this.answers = kit.el("div", { class: "v-cyclegan-answers", role: "group", "data-t-label": "cyclegan.training.question" });
    this.answer = kit.el("p", { class: "v-cyclegan-answer", role: "status" });
    this.plots = kit.el("div", { class: "v-cyclegan-plots" });
    this.root.replaceChildren(this.pairs, this.question, this.answers, this.answer, this.plots);
  }

  again() {
    this.room.set({ term: "none" });
  }

  turned(changed) {
    if (changed.has("term")) this.write();
  }

  /** The strip below is low: it has place for one way there and back; a saved film has both. */
  hang() {
    const { source, n, w, h } = this.film;
    const last = this.film.values.at(-1);
    if (this.room.knobs.pairs_seen > last) this.room.set({ pairs_seen: last });
    const [wide, high] = [w * (1 + GAP), h / 2];
    const strip = kit.el("canvas", { width: n * wide, height: high });
    for (let i = 0; i < n; i++) strip.getContext("2d").drawImage(source, i * w, 0, w, high, i * wide + (w * GAP) / 2, 0, w, high);
    const { values, captions } = this.film;
    kit.emit(this.room, "film", { id: "training", source: strip, n, w: wide, h: high, values, captions, draw: (i, side) => this.paint(i, side) });
  }

  /** A frame as it is saved: its rows with their names. */
  paint(index, side) {
    const { source, w, h } = this.film;
    const canvas = kit.el("canvas", { width: side, height: Math.floor((side * 3) / 4) });
    const context = canvas.getContext("2d");
    const style = getComputedStyle(document.body);
    const [left, high] = [side * NAMES, canvas.height / this.rows.length];
    context.fillStyle = style.getPropertyValue("--ink").trim();
    Object.assign(context, { textAlign: "right", textBaseline: "middle", font: `${Math.round(side / 36)}px "IBM Plex Sans", sans-serif`, imageSmoothingQuality: "high" });
    const tall = ((side - left) * h) / w / this.rows.length;
    this.rows.forEach(([, name], i) => {
      context.fillText(kit.say(name), left - side / 60, (i + 0.5) * high, left - side / 40);
      context.drawImage(source, index * w, (i * h) / this.rows.length, w, h / this.rows.length, left, i * high + (high - tall) / 2, side - left, tall);
    });
    return canvas;
  }

  /** The rows of a frame and what stands beside them. */
  get rows() {
    const [pair] = this.room.knobs.filmed.split("-");
    return Object.entries(ROWS).map(([row, name]) => [row, name || { key: `cyclegan.training.${row}.${pair}` }]);
  }

  parts(index) {
    const { source, w, h } = this.film;
    const high = h / this.rows.length;
    return this.rows.flatMap(([row, name], i) => [[row, { source, x: index * w, y: i * high, w, h: high }], [`name_${row}`, name]]);
  }

  marked() {
    this.losses?.mark(this.film.values[this.index]);
  }

  write() {
    const { film, root } = this;
    const told = this.room.knobs.term !== "none" && Boolean(film);
    root.classList.toggle("v-cyclegan-told", told);
    if (film) this.offer();
    this.answer.textContent = told ? this.verdict() : sentence("cyclegan.training.hidden");
    if (film) this.show(this.index ?? 0);
    if (told) this.draw();
    else this.plots.replaceChildren();
  }

  /** The pairs that have a film, and the three answers. */
  offer() {
    const { offered, asked } = this.film;
    const { filmed, term } = this.room.knobs;
    this.pairs.hidden = offered.length < 2;
    this.select.replaceChildren(...offered.map((value) => kit.el("option", { value }, sentence(`cyclegan.training.pair_of.${value}`))));
    this.select.value = filmed;
    const held = [...this.answers.children].indexOf(document.activeElement);
    this.answers.replaceChildren(...asked.map((name) => kit.el("button", {
      type: "button", class: "v-button", "aria-pressed": String(term === name), onclick: () => this.room.set({ term: name }),
    }, WORDS.name(name))));
    if (held >= 0) /** @type {HTMLElement} */ (this.answers.children[held])?.focus();
  }

  verdict() {
    const { still, course } = this.film;
    const [before, after] = course.terms[still].change.map(figure);
    const key = this.room.knobs.term === still ? "cyclegan.training.right" : "cyclegan.training.wrong";
    return sentence(key, { name: WORDS.name(still), before, after, why: sentence(`cyclegan.training.why.${still}`) });
  }

  async draw() {
    const { Losses } = await plots();
    if (this.room.knobs.term === "none") return;
    this.losses = new Losses(PANELS, WORDS, this.film.course);
    this.plots.replaceChildren(this.losses.node);
    this.losses.mark(this.film.values[this.index]);
  }
}
