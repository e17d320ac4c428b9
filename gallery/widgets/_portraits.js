// What the faces of an encoder's act share: the pair that is mixed, the sheet of new faces, the slider moved last.
import { call, latest } from "gallery/shell/calls.js";
import { getRoom } from "gallery/shell/rooms.js";
import * as kit from "gallery/widgets/_kit.js";

const DIRECTIONS = ["smile", "age", "gender"];

export class Portraits {
  /**
   * @param {HTMLElement} element
   * @param {Props} props names: of the knobs mode, face, cell and seed; draws: of those that a sheet is made of; words:
   *   keys of the sheet and of what each of its cells does
   * @param {Server} server
   */
  constructor(element, props, server) {
    this.props = props;
    this.server = server;
    this.room = getRoom(props.room);
    this.pair = {};
    this.root = kit.rootOf(element);
    this.draw = latest(() => this.sheet());
    this.take = latest(() => this.face());
    this.build();
    this.connect();
    if (this.drawn) this.take();
    this.sum();
    this.redraw();
  }

  redraw() {
    this.draw();
  }

  /** Whether the face is one of the sheet. */
  get drawn() {
    return this.room.knobs[this.props.names.face] === "drawn";
  }

  build() {
    const { names, words, side } = this.props;
    this.canvas = kit.el("canvas", { class: "v-portraits-sheet v-dims", width: 1, height: 1, role: "img", "data-t-label": words.sheet });
    const cells = Array.from({ length: side ** 2 }, (_, i) => kit.el("button", {
      type: "button", class: "v-portraits-cell", "data-t-label": words.take, "data-t-title": words.take, "data-t-args": `{"n":${i + 1}}`,
      onclick: () => this.room.set({ [names.face]: "drawn", [names.cell]: i, [names.mode]: "edit" }),
    }));
    const grid = kit.el("div", { class: "v-portraits-cells" }, ...cells);
    grid.style.setProperty("--side", side);
    this.root.replaceChildren(kit.el("div", { class: "v-paper" }, kit.el("div", { class: "v-portraits" }, this.canvas, grid)));
  }

  connect() {
    const { room } = this;
    const { seed } = this.props.names;
    room.on("knobs", (change) => this.heard(change));
    room.on("again", () => room.set({ [seed]: (room.knobs[seed] + 1) % this.props.last_sheet }));
    kit.listen(room, "face.answer", ({ original, z }) => this.join({ a: original, za: z }));
    kit.listen(room, "face2.answer", ({ original, z }) => this.join({ b: original, zb: z }));
  }

  heard({ changed }) {
    const any = (names) => names.some((name) => changed.has(name));
    const { draws, names } = this.props;
    // The film goes along the slider that was moved last.
    const moved = DIRECTIONS.filter((name) => changed.has(name));
    if (moved.length === 1 && !changed.has("along")) this.room.set({ along: moved[0] });
    if (any(DIRECTIONS)) this.sum();
    if (any(draws)) this.redraw();
    if (this.drawn && any([names.face, names.cell, ...draws])) this.take();
  }

  /** z' = z + k v as it is read: it follows the sliders, also while a film moves them. */
  sum() {
    const parts = DIRECTIONS.flatMap((name) => {
      const k = this.room.knobs[name];
      return [[`k_${name}`, Math.abs(k)], [`sign_${name}`, k < 0 ? "\u2212" : "+"]];
    });
    kit.emit(this.room, "smile.sum", Object.fromEntries(parts));
  }

  /** Both faces are there: they can be mixed. */
  join(half) {
    Object.assign(this.pair, half);
    if (this.pair.za && this.pair.zb) this.joined();
  }

  joined() {
    kit.emit(this.room, "pair", { ...this.pair });
  }

  async sheet() {
    this.canvas.classList.add("v-waiting");
    try {
      const answer = await call(this.server, "sheet", [{ ...this.room.knobs }, null]);
      const source = await kit.load(answer.image);
      Object.assign(this.canvas, { width: source.naturalWidth, height: source.naturalHeight });
      this.canvas.getContext("2d").drawImage(source, 0, 0);
      kit.emit(this.room, "sheet.answer", answer);
    } finally {
      this.canvas.classList.remove("v-waiting");
    }
  }

  async face() {
    const { face } = await call(this.server, "take", [{ ...this.room.knobs }, this.room.knobs[this.props.names.cell]]);
    if (this.drawn) kit.emit(this.room, "photo", { face, sample: "drawn", how: "sample", boxes: [] });
  }
}
