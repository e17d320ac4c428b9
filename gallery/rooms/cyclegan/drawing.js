// An emoji of one's own: what is on the sheet is the picture that is translated, already while the hand draws.
import { getRoom } from "gallery/shell/rooms.js";
import { Brush, stroke } from "gallery/widgets/_brush.js";
import * as kit from "gallery/widgets/_kit.js";
import { Pen } from "gallery/widgets/_pen.js";

const SIDE = 64; // of the picture that the network gets
const FINE = 256; // of the sheet
const PAPER = "#fff";
/** Of the brush on the sheet, with its name. @type {[number, string][]} */
const WIDTHS = [[10, "cyclegan.drawing.width.thin"], [26, "cyclegan.drawing.width.medium"], [72, "cyclegan.drawing.width.thick"]];
const EVERY = 100; // ms between two pictures while the pen moves
const UNDONE = 20;
const HAND = "drawing"; // whose changes of the knob are the hand's

export default class Drawing {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   */
  constructor(element, props) {
    this.root = kit.rootOf(element);
    this.props = props;
    this.room = getRoom(props.room);
    this.before = [];
    this.drawn = false; // whether anything is on the sheet
    this.build();
    this.connect();
  }

  build() {
    const words = (key) => kit.el("span", { "data-t": key });
    this.start = kit.el("button", { type: "button", class: "v-button", onclick: () => this.show() }, kit.icon("pen"), words("cyclegan.drawing.start"));
    this.pad = kit.el("canvas", {
      class: "v-drawing-pad", width: FINE, height: FINE, tabindex: "0", role: "application",
      "data-t-label": "cyclegan.drawing.pad", "data-t-title": "cyclegan.drawing.pad",
    });
    const cursor = kit.el("i", { class: "v-sketch-cursor", "aria-hidden": "true" });
    this.brush = new Brush(this.props.colours, WIDTHS, { colour: "cyclegan.drawing.colour", width: "cyclegan.drawing.brush" });
    const bar = kit.el("div", { class: "v-drawing-bar" }, kit.iconButton("reset", "cyclegan.drawing.undo", () => this.undo()),
      kit.iconButton("clear", "cyclegan.drawing.clear", () => this.clear()));
    const close = kit.el("button", { type: "button", class: "v-button", "data-t": "cyclegan.drawing.close", onclick: () => this.close() });
    this.sheet = kit.el("div", { class: "v-drawing", hidden: true },
      kit.el("div", { class: "v-drawing-field" }, this.pad, cursor), kit.el("div", { class: "v-drawing-tools" }, ...this.brush.nodes, bar, close));
    this.root.replaceChildren(this.start, this.sheet);
    this.ink = this.pad.getContext("2d", { willReadFrequently: true });
    this.wipe();
    this.pen = new Pen(this.pad, cursor, {
      side: FINE, step: FINE / 32,
      begin: () => this.remember(), line: (from, to) => this.line(from, to), end: () => this.tell(), clear: () => this.clear(),
    });
  }

  connect() {
    const { photo } = this.props;
    this.room.on("drawing.start", () => this.show());
    kit.listen(this.room, photo, (picture) => this.heard(picture));
    this.room.on(`${photo}.forgotten`, () => {
      this.wipe();
      this.before = [];
    });
  }

  /** The sheet takes the photo's place; what is on it already is the picture again. */
  show() {
    this.open(true);
    this.pad.focus({ preventScroll: true });
    if (this.drawn) this.tell();
  }

  close() {
    this.open(false);
    this.start.focus({ preventScroll: true });
  }

  open(shown) {
    this.pen.lower(false);
    this.sheet.hidden = !shown;
    this.start.hidden = shown;
  }

  /** A photo or a sample puts the sheet away; a drawing that this browser has kept over a reload is on it again. */
  async heard({ face, drawn }) {
    if (this.telling) return;
    if (drawn) {
      const image = await kit.load(face);
      this.ink.drawImage(image, 0, 0, FINE, FINE);
      this.drawn = true;
    }
    this.open(Boolean(drawn));
  }

  line(from, to) {
    stroke(this.ink, from, to, this.brush.ink, this.brush.width);
    this.drawn = true;
    this.timer ??= setTimeout(() => this.tell(), EVERY);
  }

  remember() {
    this.before = [...this.before, this.ink.getImageData(0, 0, FINE, FINE)].slice(-UNDONE);
  }

  undo() {
    const image = this.before.pop();
    if (!image) return;
    this.ink.putImageData(image, 0, 0);
    this.tell();
  }

  clear() {
    this.remember();
    this.wipe();
    this.tell();
  }

  wipe() {
    this.ink.fillStyle = PAPER;
    this.ink.fillRect(0, 0, FINE, FINE);
    this.drawn = false;
  }

  /** The sheet in the network's own pixels, as a picture of the visitor's. */
  tell() {
    clearTimeout(this.timer);
    this.timer = undefined;
    const small = kit.el("canvas", { width: SIDE, height: SIDE });
    const context = small.getContext("2d");
    context.imageSmoothingQuality = "high";
    context.drawImage(this.pad, 0, 0, SIDE, SIDE);
    const { photo, own } = this.props;
    this.telling = true;
    this.room.set({ [photo]: own }, HAND);
    kit.emit(this.room, photo, { face: small.toDataURL("image/png"), drawn: true });
    this.telling = false;
  }
}
