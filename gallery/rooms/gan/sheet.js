// The sheet of pictures: each a button that chooses it, with D's verdict under it.
import { sentence, written } from "gallery/shell/words.js";
import * as kit from "gallery/widgets/_kit.js";

/** One picture of the sheet. */
class Cell {
  constructor(owner, place) {
    this.owner = owner;
    this.place = place;
    this.seed = this.label = 0;
    this.canvas = kit.el("canvas", { "aria-hidden": "true" });
    this.said = kit.el("span", { class: "v-gan-verdict" });
    this.node = kit.el("button", { type: "button", class: "v-gan-cell", onclick: () => owner.choose(this) }, this.canvas, this.said);
  }

  take({ image, side, seed, label }) {
    Object.assign(this, { seed, label });
    Object.assign(this.canvas, { width: side, height: side });
    this.canvas.getContext("2d").drawImage(image.source, image.x, image.y, side, side, 0, 0, side, side);
    this.judged(null);
  }

  /** D(x), or null while it is not known. */
  judged(verdict) {
    this.verdict = verdict;
    this.said.textContent = verdict === null ? "\u2013" : written(verdict, 2);
    this.name();
  }

  name() {
    const { seed, label, verdict } = this;
    const garment = this.owner.labelled ? `${sentence(`widgets.garment.${label}`)}, ` : "";
    const args = { garment, seed, d: verdict === null ? "\u2013" : written(verdict, 2) };
    this.node.setAttribute("aria-label", sentence("gan.sample.take", args));
    this.node.title = sentence("gan.sample.take", args);
  }
}

export class Sheet {
  /** choose({seed, label}): a picture was chosen. */
  constructor(root, choose) {
    this.choose = choose;
    this.cells = [];
    this.labelled = false;
    this.heads = kit.el("div", { class: "v-gan-heads", "aria-hidden": "true", hidden: true });
    this.grid = kit.el("div", { class: "v-gan-grid", role: "group", "data-t-label": "gan.sample.alt.sheet" });
    root.replaceChildren(this.heads, this.grid);
  }

  /** The pictures of an answer, cut out of their sprite. */
  lay({ columns, side, seeds, labels }, source) {
    this.labelled = new Set(labels).size > 1;
    this.columns = columns;
    if (this.cells.length !== seeds.length) this.cells = seeds.map((_, i) => new Cell(this, i));
    this.cells.forEach((cell, i) => {
      const image = { source, x: (i % columns) * side, y: Math.floor(i / columns) * side };
      cell.take({ image, side, seed: seeds[i], label: labels[i] });
    });
    this.grid.style.setProperty("--columns", columns);
    this.head();
  }

  /** Columns of clothes are named by their labels. */
  head() {
    this.heads.hidden = !this.labelled;
    this.heads.style.setProperty("--columns", this.columns ?? 1);
    const names = this.labelled ? this.cells.slice(0, this.columns) : [];
    this.heads.replaceChildren(...names.map(({ label }) => kit.el("span", {}, sentence(`widgets.garment.${label}`))));
  }

  judged(verdicts) {
    this.cells.forEach((cell, i) => cell.judged(verdicts[i] ?? null));
  }

  forget() {
    for (const cell of this.cells) cell.said.textContent = "\u2013";
  }

  /** In their places, or the most real one first; without verdicts all keep their places. */
  order(sort) {
    const known = this.cells.every(({ verdict }) => verdict !== null);
    const by = sort === "verdict" && known ? (a, b) => b.verdict - a.verdict : (a, b) => a.place - b.place;
    const held = document.activeElement;
    this.heads.classList.toggle("v-gan-mixed", sort === "verdict" && known);
    this.grid.replaceChildren(...[...this.cells].sort(by).map(({ node }) => node));
    if (held instanceof HTMLElement && this.grid.contains(held)) held.focus();
  }

  /** Which pictures are the first and the second one. */
  press(first, second) {
    const is = (cell, { seed, label }) => cell.seed === seed && (!this.labelled || String(cell.label) === label);
    for (const cell of this.cells) {
      cell.node.setAttribute("aria-pressed", String(is(cell, first)));
      cell.node.dataset.letter = is(cell, first) ? "A" : is(cell, second) ? "B" : "";
    }
  }

  speak() {
    this.head();
    for (const cell of this.cells) cell.judged(cell.verdict);
  }
}
