// The sheet of pictures: each a button that chooses it, with D's verdict under it; the film of the chosen one.
import { call, latest } from "gallery/shell/calls.js";
import { getRoom } from "gallery/shell/rooms.js";
import { written } from "gallery/shell/words.js";
import * as kit from "gallery/widgets/_kit.js";

const REST = 180; // ms: then the hand rests

export default class Faces {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   * @param {Server} server
   */
  constructor(element, props, server) {
    this.root = kit.rootOf(element);
    this.server = server;
    this.room = getRoom(props.room);
    this.cells = [];
    this.draw = latest(() => this.fetchSheet());
    this.reel = latest(() => this.fetchFilm());
    this.root.replaceChildren((this.grid = kit.el("div", { class: "v-gan-grid" })));
    this.room.on("knobs", (change) => this.heard(change));
    kit.listen(this.room, "sample.frame", (frame) => this.show(frame));
    this.draw();
    this.reel();
  }

  heard({ changed }) {
    const any = (...names) => names.some((name) => changed.has(name));
    if (any("model", "face", "label")) this.reel();
    if (any("psi")) this.follow();
    if (any("face")) this.press();
    if (!any("model", "seed", "psi")) return;
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.draw(), any("psi") ? REST : 0);
  }

  async fetchSheet() {
    const answer = await call(this.server, "sheet", [{ ...this.room.knobs }]);
    const source = await kit.load(answer.image);
    this.lay(answer, source);
    kit.emit(this.room, "sheet.answer", answer);
    this.judge();
  }

  lay({ columns, side, seeds }, source) {
    this.grid.style.setProperty("--columns", columns);
    if (this.cells.length !== seeds.length) {
      this.cells = seeds.map(() => {
        const canvas = kit.el("canvas", { width: side, height: side });
        const said = kit.el("span", { class: "v-gan-verdict" }, "\u2013");
        const node = kit.el("button", { type: "button", class: "v-gan-cell", "data-t-label": "gan.sample.take" }, canvas, said);
        node.addEventListener("click", () => this.room.set({ face: Number(node.dataset.seed) }));
        return { node, canvas, said };
      });
      this.grid.replaceChildren(...this.cells.map(({ node }) => node));
    }
    this.cells.forEach(({ node, canvas }, i) => {
      node.dataset.seed = String(seeds[i]);
      node.dataset.tArgs = JSON.stringify({ n: seeds[i] });
      Object.assign(canvas, { width: side, height: side });
      canvas.getContext("2d").drawImage(source, (i % columns) * side, Math.floor(i / columns) * side, side, side, 0, 0, side, side);
    });
    this.press();
  }

  press() {
    for (const { node } of this.cells) node.setAttribute("aria-pressed", String(Number(node.dataset.seed) === this.room.knobs.face));
  }

  async judge() {
    const { verdicts } = await call(this.server, "verdicts", [{ ...this.room.knobs }]);
    verdicts.forEach((value, i) => { this.cells[i].said.textContent = written(value, 2); });
  }

  async fetchFilm() {
    const answer = await call(this.server, "strip", [{ ...this.room.knobs }]);
    this.film = { ...answer, source: await kit.load(answer.sprite) };
    kit.emit(this.room, "film", { id: "sample", ...this.film });
    this.follow();
  }

  /** The chosen picture at the psi of the knob, out of its film. */
  follow() {
    if (!this.film) return;
    const { values, source, w, h } = this.film;
    const gaps = values.map((value) => Math.abs(value - this.room.knobs.psi));
    const i = gaps.indexOf(Math.min(...gaps));
    this.show({ image: { source, x: i * w, y: 0, w, h }, since: kit.handTime() });
  }

  show({ image, since }) {
    kit.emit(this.room, "face.frame", { image, since });
  }
}
