// A square over a photo: dragged, resized by its corner or by keys; faces that were found are suggested.
import { closest } from "gallery/shell/page.js";
import * as kit from "gallery/widgets/_kit.js";
import { photos } from "gallery/widgets/_memory.js";

const SMALLEST = 0.08; // of the photo's shorter side
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Crop {
  /** image: the loaded photo; boxes: [{x, y, size}] as fractions of its width, height and width. */
  constructor(image, boxes, changed) {
    this.image = image;
    this.changed = changed;
    this.ratio = image.naturalWidth / image.naturalHeight;
    this.frame = kit.el("div", {
      class: "v-crop-frame", tabindex: "0", role: "application", "data-t-label": "widgets.photo.frame",
    }, kit.el("i", { class: "v-crop-corner" }));
    const found = boxes.map((box) => this.suggest(box));
    this.node = kit.el("div", { class: "v-crop" }, image, ...found, this.frame);
    this.node.style.setProperty("--ratio", String(this.ratio));
    this.connect();
    this.set(boxes[0] ?? this.middle());
  }

  /**
   * Takes the square that a hand has set on this photo in another place, if there is one.
   * @param {string} url
   * @param {() => boolean} wanted whether it still is, once it was found
   */
  async again(url, wanted) {
    const kept = (await photos.stored("chosen", "readonly", (store) => store.getAll())) ?? [...photos.here.chosen.values()];
    const found = kept.find((each) => each.url === url && each.box);
    if (!found || !wanted()) return;
    this.set(found.box);
    await this.changed();
  }

  suggest(box) {
    const button = kit.el("button", { type: "button", class: "v-crop-found", "data-t-label": "widgets.photo.this_face" });
    this.place(button, box);
    button.addEventListener("click", () => {
      this.set(box);
      this.changed();
    });
    return button;
  }

  middle() {
    const size = Math.min(1, 1 / this.ratio) * 0.8;
    return { x: (1 - size) / 2, y: (1 - size * this.ratio) / 2, size };
  }

  place(node, { x, y, size }) {
    Object.assign(node.style, { left: `${x * 100}%`, top: `${y * 100}%`, width: `${size * 100}%` });
  }

  /** Takes a square, kept within the photo. */
  set({ x, y, size }) {
    const largest = Math.min(1, 1 / this.ratio);
    const side = kit.clamp(size, SMALLEST * largest, largest);
    this.box = { x: kit.clamp(x, 0, 1 - side), y: kit.clamp(y, 0, 1 - side * this.ratio), size: side };
    this.place(this.frame, this.box);
  }

  connect() {
    let from = null;
    kit.drag(this.frame, {
      start: (event) => {
        const resizes = Boolean(closest(event, ".v-crop-corner"));
        from = { ...kit.within(this.node, event), box: this.box, resizes };
      },
      move: (event) => this.pull(from, kit.within(this.node, event)),
      end: () => this.changed(),
    });
    this.frame.addEventListener("keydown", (event) => this.key(event));
  }

  pull({ x, y, box, resizes }, to) {
    const [dx, dy] = [to.x - x, to.y - y];
    if (!resizes) return this.set({ ...box, x: box.x + dx, y: box.y + dy });
    const room = Math.min(1 - box.x, (1 - box.y) / this.ratio);
    this.set({ ...box, size: Math.min(room, box.size + Math.max(dx, dy / this.ratio)) });
  }

  /** Arrow keys move the square, + and - resize it about its middle, Enter takes it. */
  key(event) {
    const step = event.shiftKey ? 0.05 : 0.01;
    const { x, y, size } = this.box;
    const grow = { "+": 1, "=": 1, "-": -1, _: -1 }[event.key];
    if (event.key in MOVES) {
      const [dx, dy] = MOVES[event.key];
      this.set({ x: x + dx * step, y: y + dy * step * this.ratio, size });
    } else if (grow) this.set({ x: x - grow * step, y: y - grow * step * this.ratio, size: size + 2 * grow * step });
    else if (event.key !== "Enter") return;
    event.preventDefault();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.changed(), event.key === "Enter" ? 0 : 350);
  }
}
