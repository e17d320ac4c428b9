// A pad to draw on; what the network gets is shown small beside it.
import { getRoom } from "gallery/shell/rooms.js";
import { drawShapes, toPixels } from "gallery/widgets/_ink.js";
import * as kit from "gallery/widgets/_kit.js";
import { Pen } from "gallery/widgets/_pen.js";

const SIZE = 280;
const SIDE = 28;
const EVERY = 60; // ms between two sketches while the pen moves

export default class Sketch {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   */
  constructor(element, props) {
    this.root = kit.rootOf(element);
    this.props = props;
    this.room = getRoom(props.room);
    this.box = props.box;
    this.tool = "pen";
    this.build();
    this.connect();
  }

  build() {
    this.pad = kit.el("canvas", {
      class: "v-sketch-pad", width: SIZE, height: SIZE, tabindex: "0", role: "application",
      "data-t-label": "widgets.sketch.name", "data-t-title": "widgets.sketch.name",
    });
    this.cursor = kit.el("i", { class: "v-sketch-cursor", "aria-hidden": "true" });
    this.small = kit.el("canvas", {
      class: "v-sketch-small v-pixelated v-nothing", width: SIDE, height: SIDE, role: "img",
      "data-t-label": "widgets.sketch.seen", "data-t-title": "widgets.sketch.seen",
    });
    this.penButton = kit.iconButton("pen", "widgets.sketch.pen", () => this.take("pen"), { "aria-pressed": "true" });
    this.eraser = kit.iconButton("eraser", "widgets.sketch.eraser", () => this.take("eraser"), { "aria-pressed": "false" });
    const clear = kit.iconButton("clear", "widgets.sketch.clear", () => this.clear());
    const tools = kit.el("div", { class: "v-sketch-tools" }, this.penButton, this.eraser, clear, this.small);
    this.hint = kit.el("span", { class: "v-sketch-hint", "aria-hidden": "true", "data-t": "widgets.sketch.hint" });
    const paper = kit.el("div", { class: "v-paper" }, kit.el("div", { class: "v-sketch-field" }, this.pad, this.cursor, this.hint));
    this.root.replaceChildren(paper, tools);
    this.ink = this.pad.getContext("2d", { willReadFrequently: true });
    Object.assign(this.ink, { lineCap: "round", lineJoin: "round", lineWidth: this.props.pen, shadowColor: "#000" });
  }

  connect() {
    this.pen = new Pen(this.pad, this.cursor, {
      side: SIZE, step: SIZE / SIDE,
      line: (from, to) => this.line(from, to), end: () => this.tell(), clear: () => this.clear(),
    });
    this.room.on(`${this.props.id}.clear`, () => this.clear());
    this.room.on(`${this.props.id}.draw`, (data) => this.draw(data));
    this.room.on(`${this.props.id}.focus`, () => this.pad.focus());
    this.room.on(`${this.props.id}.box`, (box) => (this.box = box));
  }

  line(from, to) {
    const { ink } = this;
    const erases = this.tool === "eraser";
    ink.globalCompositeOperation = erases ? "destination-out" : "source-over";
    ink.lineWidth = this.props.pen * (erases ? 1.6 : 1);
    ink.shadowBlur = erases ? 0 : 5;
    ink.beginPath();
    ink.moveTo(from.x, from.y);
    ink.lineTo(to.x + 0.01, to.y); // a line of no length would leave no dot
    ink.stroke();
    this.hint.hidden = true;
    this.soon();
  }

  take(tool) {
    this.tool = tool;
    this.penButton.setAttribute("aria-pressed", String(tool === "pen"));
    this.eraser.setAttribute("aria-pressed", String(tool === "eraser"));
  }

  clear() {
    this.ink.clearRect(0, 0, SIZE, SIZE);
    this.pen.lower(false);
    this.take("pen");
    this.tell();
  }

  /** A drawing from outside: shapes as `drawShapes` takes them, in place of what was there. */
  draw({ shapes }) {
    this.ink.clearRect(0, 0, SIZE, SIZE);
    this.ink.shadowBlur = 5;
    drawShapes(this.ink, SIZE, shapes, this.props.pen / SIZE);
    this.ink.globalCompositeOperation = "source-over";
    this.tell(true);
  }

  soon() {
    this.timer ??= setTimeout(() => this.tell(), EVERY);
  }

  tell(given = false) {
    clearTimeout(this.timer);
    this.timer = undefined;
    const alpha = this.ink.getImageData(0, 0, SIZE, SIZE).data.filter((_, i) => i % 4 === 3);
    const pixels = toPixels(alpha, SIZE, this.box);
    const empty = pixels.every((value) => value === 0);
    this.hint.hidden = !empty;
    this.preview(pixels);
    this.small.classList.toggle("v-nothing", empty);
    this.room.stay(this.root, empty || given ? null : "widgets.sketch.stays");
    kit.emit(this.room, this.props.id, { pixels, empty, given });
  }

  preview(pixels) {
    const data = new ImageData(SIDE, SIDE);
    pixels.forEach((value, i) => data.data.set([255 - value, 255 - value, 255 - value, 255], i * 4));
    this.small.getContext("2d").putImageData(data, 0, 0);
  }
}
