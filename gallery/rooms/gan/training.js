// Which generator is ours: the question, and after the answer both Frechet curves with the place where the film stands.
import { sentence, written } from "gallery/shell/words.js";
import * as kit from "gallery/widgets/_kit.js";
import { Learning } from "gallery/widgets/_learning.js";
import { plots } from "gallery/widgets/_losses.js";

const NS = "http://www.w3.org/2000/svg";
const [LOW, HIGH] = [1, 100]; // of the Frechet distance, on a logarithmic scale
const TENS = [1, 10, 100];
const SIDE = 100; // of the drawing; it is stretched to its place
const ROWS = ["a", "b"];
const LETTER = { a: "gan.training.row.a", b: "gan.training.row.b" };

const CURVES = { frechet: "gan.training.frechet", losses: "gan.training.losses" };
const PLAYERS = [
  { term: "g", colour: "accent", formula: "−log D(G(z))" },
  { term: "d", colour: "data", formula: "−log D(x) − log(1 − D(G(z)))" },
];
const PANELS = [{ title: "gan.training.own", curves: PLAYERS }, { title: "gan.training.dcgan", curves: PLAYERS }];
const WORDS = { name: (term) => term.toUpperCase(), axis: "gan.training.pictures" };

export default class Training extends Learning {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   * @param {Server} server
   */
  constructor(element, props, server) {
    super(element, props, server, { which: "ours", place: "mark" });
  }

  build() {
    this.question = kit.el("h3", { class: "v-gan-question", "data-question-ask": "" });
    this.buttons = ROWS.map((row) => kit.el("button", {
      type: "button", class: "v-button", "data-question-answer": "", "data-t": LETTER[row], onclick: () => this.room.set({ guess: row }),
    }));
    const pair = kit.el("div", { class: "v-gan-answers", role: "group", "data-t-label": "gan.training.question" }, ...this.buttons);
    this.answer = kit.el("p", { class: "v-gan-answer", role: "status" });
    this.choices = Object.entries(CURVES).map(([curves, key]) => kit.el("button", {
      type: "button", class: "v-button", "data-t": key, onclick: () => this.room.set({ curves }),
    }));
    this.which = kit.el("div", { class: "v-gan-answers", role: "group", "data-t-label": "gan.training.curves", hidden: true }, ...this.choices);
    this.courses = kit.el("div", { class: "v-gan-courses", hidden: true });
    this.plot = kit.el("div", { class: "v-gan-plot", role: "img" });
    this.keys = kit.el("div", { class: "v-gan-keys" });
    this.root.setAttribute("data-question", "");
    this.root.replaceChildren(this.question, pair, this.answer, this.which, this.plot, this.keys, this.courses);
  }

  turned(changed) {
    if (["guess", "ours", "curves"].some((name) => changed.has(name))) this.write();
  }

  hang() {
    kit.emit(this.room, "film", { id: "training", ...this.film });
  }

  /** Another round: ours is in either row. */
  again() {
    const ours = ROWS[Math.floor(Math.random() * ROWS.length)];
    this.room.set({ ours, guess: "none" });
  }

  parts(index) {
    const { source, w, h } = this.film;
    const half = h / 2;
    const rows = ROWS.map((row, i) => [row, { source, x: index * w, y: i * half, w, h: half }]);
    return [...rows, ...ROWS.map((row) => [`name_${row}`, this.named(row)])];
  }

  /** A row by its letter, after the answer also by what it is. */
  named(row) {
    const { ours, guess } = this.room.knobs;
    if (guess === "none" || !this.film) return { key: LETTER[row] };
    const [own, other] = this.film.params;
    const args = { row: { key: LETTER[row] }, params: written(row === ours ? own : other, 1) };
    return { key: row === ours ? "gan.training.called.ours" : "gan.training.called.theirs", args };
  }

  write() {
    const { ours, guess } = this.room.knobs;
    const told = guess !== "none";
    this.question.textContent = sentence("gan.training.question");
    this.buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(guess === ROWS[i])));
    this.buttons.forEach((button) => button.setAttribute("data-state", told ? "rest" : ""));
    this.root.classList.toggle("v-gan-told", told);
    const row = sentence(LETTER[ours]);
    const key = guess === ours ? "gan.training.right" : "gan.training.wrong";
    this.answer.textContent = told && this.film ? sentence(key, { row, ...this.figures() }) : sentence("gan.training.hidden");
    this.choose(told && Boolean(this.film));
    if (this.film) this.show(this.index ?? 0);
  }

  /** The last figure of DCGAN, and ours at the first measured place that has seen as many pictures. */
  figures() {
    const [seen, theirs] = this.film.theirs.at(-1);
    const [at, own] = this.film.ours.find(([n]) => n >= seen) ?? this.film.ours.at(-1);
    return { theirs: written(theirs, 1), seen: written(seen / 1000, 0), own: written(own, 1), at: written(at / 1000, 0) };
  }

  // ---- the curves -----------------------------------------------------------------------------------------
  place([seen, distance]) {
    const part = (Math.log10(distance) - Math.log10(LOW)) / (Math.log10(HIGH) - Math.log10(LOW));
    return [(SIDE * seen) / this.most, SIDE * (1 - part)];
  }

  /** The Frechet curves, or the losses where they were recorded and are wanted. */
  async choose(told) {
    const { guess, curves } = this.room.knobs;
    const recorded = told && this.film.losses.some(Boolean);
    this.which.hidden = !recorded;
    this.choices.forEach((button, i) => button.setAttribute("aria-pressed", String(Object.keys(CURVES)[i] === curves)));
    const losses = recorded && curves === "losses";
    this.plot.hidden = losses;
    this.courses.hidden = !losses;
    this.draw(told && !losses);
    if (!losses) return;
    const { Losses } = await plots();
    if (this.room.knobs.guess !== guess || this.room.knobs.curves !== curves) return;
    this.losses = new Losses(PANELS, WORDS, this.film.losses);
    this.courses.replaceChildren(this.losses.node);
    this.marked();
  }

  draw(told) {
    this.plot.classList.toggle("v-gan-closed", !told);
    this.keys.hidden = !told;
    if (!told) {
      this.plot.removeAttribute("aria-label");
      this.plot.setAttribute("aria-hidden", "true");
      return this.plot.replaceChildren();
    }
    this.most = Math.max(...this.film.ours.map(([seen]) => seen));
    const svg = document.createElementNS(NS, "svg");
    svg.setAttribute("viewBox", `0 0 ${SIDE} ${SIDE}`);
    svg.setAttribute("preserveAspectRatio", "none");
    const curves = [["data", this.film.theirs], ["accent", this.film.ours]];
    svg.replaceChildren(...curves.map(([colour, points]) => {
      const line = document.createElementNS(NS, "polyline");
      line.setAttribute("points", points.map((point) => this.place(point).join(",")).join(" "));
      line.setAttribute("class", `v-gan-${colour}`);
      return line;
    }));
    const dots = curves.flatMap(([colour, points]) => points.map((point) => {
      const [x, y] = this.place(point);
      return kit.el("i", { class: `v-gan-dot v-gan-${colour}`, style: `left: ${x}%; top: ${y}%` });
    }));
    const ticks = TENS.map((n) => kit.el("span", { class: "v-gan-tick", style: `top: ${this.place([0, n])[1]}%` }, written(n, 0)));
    this.marker = kit.el("b", { class: "v-gan-marker" });
    this.plot.replaceChildren(svg, this.marker, ...dots, ...ticks);
    this.plot.removeAttribute("aria-hidden");
    this.plot.setAttribute("aria-label", sentence("gan.training.plot", this.figures()));
    const key = (colour, name) => kit.el("span", { class: `v-gan-key v-gan-${colour}` }, sentence(name));
    this.keys.replaceChildren(key("data", "gan.training.dcgan"), key("accent", "gan.training.own"), kit.el("span", {}, sentence("gan.training.axis", { n: written(this.most / 1000, 0) })));
    this.marked();
  }

  /** Where the film stands. */
  marked() {
    if (this.index === undefined) return;
    const seen = this.film.values[this.index];
    if (this.marker) this.marker.style.left = `${(100 * seen) / this.most}%`;
    this.losses?.mark(seen);
  }
}
