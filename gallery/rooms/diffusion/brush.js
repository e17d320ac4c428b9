// A face to paint on, or to rub a hole into: what the model gets to work with.
import { BY, getRoom } from "gallery/shell/rooms.js";
import { Brush as Tool, stroke } from "gallery/widgets/_brush.js";
import * as kit from "gallery/widgets/_kit.js";
import { Pen } from "gallery/widgets/_pen.js";

const SIDE = 64; // of the face that the model sees
const FINE = 256; // of the pad
/** Of the brush on the pad, with its name. @type {[number, string][]} */
const WIDTHS = [[14, "diffusion.edit.width.thin"], [26, "diffusion.edit.width.medium"], [48, "diffusion.edit.width.thick"]];
const RUBBED = "#f4f1ea";
const UNDONE = 20;
const HAND = "brush"; // whose changes of the knob are the hand's
/** Drawings in the face's own pixels, where its eyes and its mouth usually are: what the knob `paint` names. */
const SHAPES = {
  glasses: { way: "redraw", ink: "#1d1a18", width: 2.6, lines: [
    [[11, 22], [27, 22], [28, 30], [21, 33], [13, 31], [11, 22]], [[37, 22], [53, 22], [51, 31], [43, 33], [36, 30], [37, 22]],
    [[28, 25], [36, 25]], [[11, 24], [3, 22]], [[53, 24], [61, 22]]] },
  mouth: { way: "fill", ink: RUBBED, width: 15, lines: [[[21, 47], [43, 47]]] },
};

/** To draw and to read pixels back. */
const plane = (canvas) => canvas.getContext("2d", { willReadFrequently: true });

export default class Brush {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   */
  constructor(element, props) {
    this.root = kit.rootOf(element);
    this.props = props;
    this.room = getRoom(props.room);
    this.face = null;
    this.tool = new Tool(props.colours, WIDTHS, { colour: "diffusion.edit.colour", width: "diffusion.edit.brush" });
    this.before = [];
    this.build();
    kit.listen(this.room, "face", (data) => (this.taken = this.take(data)));
    this.room.on("knobs", (change) => this.heard(change));
    for (const name of Object.keys(SHAPES)) this.room.on(`edit.${name}`, () => this.draw(name));
    this.dress();
  }

  build() {
    const layer = (name, attrs = {}) => kit.el("canvas", { class: `v-edit-${name}`, width: FINE, height: FINE, ...attrs });
    this.base = layer("base", { "aria-hidden": "true" });
    this.layers = { redraw: layer("paint", { "aria-hidden": "true" }), fill: layer("hole", { "aria-hidden": "true" }) };
    const pad = layer("pad", { tabindex: "0", role: "application", "data-t-label": "diffusion.edit.pad", "data-t-title": "diffusion.edit.pad" });
    const cursor = kit.el("i", { class: "v-sketch-cursor", "aria-hidden": "true" });
    const sheet = kit.el("div", { class: "v-edit-sheet" }, this.base, this.layers.redraw, this.layers.fill, pad, cursor);
    this.root.replaceChildren(kit.el("div", { class: "v-paper" }, sheet), this.tools());
    this.pen = new Pen(pad, cursor, {
      side: FINE, step: FINE / 32,
      begin: () => this.remember(), line: (from, to) => this.line(from, to), end: () => this.tell(), clear: () => this.clear(),
    });
  }

  tools() {
    return kit.el("div", { class: "v-edit-tools" }, ...this.tool.nodes,
      kit.iconButton("reset", "diffusion.edit.undo", () => this.undo()), kit.iconButton("clear", "diffusion.edit.clear", () => this.clear()));
  }

  dress() {
    this.way = this.room.knobs.edit;
    this.before = [];
    this.pen.lower(false);
  }

  get layer() {
    return plane(this.layers[this.way] ?? this.layers.redraw);
  }

  async take(data) {
    const image = await kit.load(data.face);
    this.face = { url: data.face, image };
    const context = this.base.getContext("2d");
    context.imageSmoothingQuality = "high";
    context.drawImage(image, 0, 0, FINE, FINE);
    this.stamp(); // one of ours goes over to another face; what the hand drew was meant for this one
    this.tell();
  }

  /** Another painting of ours, by a link or by "back"; a prompt says itself when to begin. */
  heard({ changed, origin }) {
    if (changed.has("edit")) this.dress();
    if (!changed.has("paint") || origin === HAND || origin === BY.TRY || !this.face) return;
    this.stamp();
    this.tell();
  }

  line(from, to) {
    stroke(this.layer, from, to, this.way === "fill" ? RUBBED : this.tool.ink, this.tool.width);
  }

  /** The painting that the knob names, in place of all that was there. */
  stamp() {
    for (const canvas of Object.values(this.layers)) plane(canvas).clearRect(0, 0, FINE, FINE);
    this.before = [];
    this.room.stay(this.root, null);
    const { way, ink, width, lines } = SHAPES[this.room.knobs.paint] ?? { lines: [] };
    const scale = FINE / SIDE;
    const point = ([x, y]) => ({ x: x * scale, y: y * scale });
    for (const points of lines) {
      points.slice(1).forEach((end, i) => stroke(plane(this.layers[way]), point(points[i]), point(end), ink, width * scale));
    }
  }

  /** One of ours, when the face is there; then the model is asked. */
  async draw(name) {
    this.room.set({ paint: name }, HAND);
    await this.taken;
    this.stamp();
    this.tell();
    this.room.emit("edit.go", {});
  }

  /** From here on it is the hand's: that does not travel in a link. */
  remember() {
    this.room.set({ paint: "none" }, HAND);
    this.room.stay(this.root, "widgets.sketch.stays");
    this.before = [...this.before, this.layer.getImageData(0, 0, FINE, FINE)].slice(-UNDONE);
  }

  undo() {
    const image = this.before.pop();
    if (!image) return;
    this.layer.putImageData(image, 0, 0);
    this.tell();
  }

  clear() {
    this.remember();
    this.layer.clearRect(0, 0, FINE, FINE);
    this.tell();
  }

  /** What the model gets: the face with the paint on it, in its own 64x64 pixels, and the hole, white where it is. */
  tell() {
    if (!this.face) return;
    const small = (draw) => {
      const canvas = kit.el("canvas", { width: SIDE, height: SIDE });
      const context = canvas.getContext("2d");
      context.imageSmoothingQuality = "high";
      draw(context);
      return canvas.toDataURL("image/png");
    };
    const { fill, redraw } = this.layers;
    const used = (canvas) => plane(canvas).getImageData(0, 0, FINE, FINE).data.some((value, i) => i % 4 === 3 && value);
    kit.emit(this.room, "edit.canvas", {
      face: this.face.url,
      painted: small((context) => {
        context.drawImage(this.face.image, 0, 0);
        context.drawImage(redraw, 0, 0, SIDE, SIDE);
      }),
      hole: used(fill) ? small((context) => {
        context.fillRect(0, 0, SIDE, SIDE);
        context.drawImage(fill, 0, 0, SIDE, SIDE);
      }) : null,
    });
  }
}
