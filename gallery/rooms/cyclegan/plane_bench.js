// The bench of the plane: a CycleGAN trained on the server while somebody looks on, and what is shown of it.
import { Hidden } from "gallery/rooms/cyclegan/plane_hidden.js";
import { PlaneView } from "gallery/rooms/cyclegan/plane_view.js";
import { numbers } from "gallery/widgets/_ground.js";
import * as kit from "gallery/widgets/_kit.js";
import { Training } from "gallery/widgets/_lab_bench.js";
import { Settings } from "gallery/widgets/_lab_settings.js";

const KEPT = 5; // seeds whose last picture stays
const PLACES = ["made_y", "again_x", "made_x", "again_y"];
const SETTINGS = {
  words: "cyclegan.plane", seed: "plane_seed", bare: ["cloud_x", "cloud_y"], worded: ["cloud_x", "cloud_y"],
  folded: ["lambda_cycle", "lambda_identity", "shake", "plane_rate", "plane_penalty", "plane_batch"],
};

export default class Bench extends Training {
  menus() {
    this.show = { origin: true, arrows: true };
    this.left = kit.el("canvas", { class: "v-lab-canvas", role: "img", "data-t-label": "cyclegan.plane.alt_x" });
    this.over = kit.el("canvas", { class: "v-cyclegan-over", "aria-hidden": "true" });
    this.view = new PlaneView(this.left, this.canvas, this.over);
    this.left.addEventListener("pointermove", (event) => this.point(kit.within(this.left, event)));
    this.left.addEventListener("pointerleave", () => this.point(null));
    return new Settings(this.room, SETTINGS).node;
  }

  paper() {
    const square = (canvas, key) => kit.el("figure", { class: "v-cyclegan-square" }, canvas, kit.el("figcaption", { "data-t": key }));
    this.pair = kit.el("div", { class: "v-cyclegan-pair" }, square(this.left, "cyclegan.plane.square_x"), square(this.canvas, "cyclegan.plane.square_y"), this.over);
    return [this.pair];
  }

  build() {
    super.build();
    const next = kit.el("button", { type: "button", class: "v-button", "data-t": "cyclegan.plane.next", onclick: () => this.next() });
    this.strip = kit.el("div", { class: "v-cyclegan-seeds", role: "group", "data-t-label": "cyclegan.plane.seeds" });
    this.transport.node.append(next);
    this.root.append(this.strip, new Hidden(this.room, this.server).node);
  }

  drawn() {
    return this.room.knobs.cloud_y === "drawn";
  }

  blank() {
    return "cyclegan.plane.draw";
  }

  dress() {
    const drawn = this.drawn();
    this.canvas.setAttribute("role", drawn ? "application" : "img");
    this.canvas.setAttribute("data-t-label", drawn ? "cyclegan.plane.pad" : "cyclegan.plane.alt_y");
    this.canvas.tabIndex = drawn ? 0 : -1;
    this.clear.hidden = !drawn;
  }

  open({ x, y }) {
    this.about = { x: numbers(x, Int16Array), y: numbers(y, Int16Array) };
  }

  decode(answer) {
    return { ...this.about, ...Object.fromEntries(PLACES.map((name) => [name, numbers(answer[name], Int16Array)])) };
  }

  /** The recorded run instead of a training. */
  async record(kind) {
    const { record } = await import("gallery/rooms/cyclegan/plane_recording.js");
    await record(this, kind);
  }

  paint(drawing) {
    const { pad, view } = this;
    view.draw(drawing ? null : this.seen, this.show);
    if (drawing && view.side) view.dots(pad.dots);
    if (pad.pen && view.side) view.pen(pad.share(pad.pen));
  }

  point(at) {
    this.view.point(this.seen, at);
    this.draw();
  }

  /** The next seed, from its first step; what this one has come to stays beside. */
  next() {
    this.keep();
    const seed = Number(this.room.knobs.plane_seed) + 1;
    this.room.set({ plane_seed: seed > 999_999 ? 0 : seed });
    if (!this.pull.running || this.kind !== "run") this.anew(true);
  }

  keep() {
    if (!this.seen || !this.told?.pairs) return;
    const small = kit.el("canvas", { width: 160, height: 160 });
    small.getContext("2d").drawImage(this.canvas, 0, 0, 160, 160);
    const seed = Number(this.room.knobs.plane_seed);
    const button = kit.el("button", { type: "button", class: "v-cyclegan-seed", onclick: () => this.room.set({ plane_seed: seed }) }, small, `seed ${seed}`);
    this.strip.prepend(button);
    while (this.strip.children.length > KEPT) this.strip.lastChild.remove();
  }
}
