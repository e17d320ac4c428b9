// The camera's frames, each translated when the one before is there: never two under way, the newest frame next.
import { call } from "gallery/shell/calls.js";
import { sentence, written } from "gallery/shell/words.js";
import { Camera } from "gallery/widgets/_camera.js";
import * as kit from "gallery/widgets/_kit.js";

const QUALITY = 0.85; // of the JPEG that is sent
const PAUSE = 1000; // ms until one who waits for a place asks again
const FOUND = 800; // ms for which a face that was found is taken to be where it was
const RECENT = 12; // translations that the rate is taken over

export class LivingCamera extends Camera {
  /** living: the widget, whose room and server it uses. */
  constructor(node, living, closed) {
    super(node, { taken: () => {}, closed });
    this.living = living;
    this.times = [];
    this.face = { at: -FOUND, square: null };
  }

  build() {
    this.video = kit.el("video", { class: "v-photo-video", playsinline: "", muted: true, "data-t-label": "cyclegan.living.seen" });
    this.canvas = kit.el("canvas", { width: 1, height: 1, role: "img", "data-t-label": "cyclegan.living.made" });
    this.list = kit.el("select", {
      class: "v-menu-list v-photo-cameras", hidden: true, "data-t-label": "widgets.photo.which", onchange: () => this.choose(),
    });
    const off = kit.el("button", { type: "button", class: "v-button v-living-off", onclick: () => this.close() },
      kit.el("span", { class: "v-living-light" }), kit.el("span", { "data-t": "cyclegan.living.off" }));
    this.rate = kit.el("p", { class: "v-cyclegan-line", role: "status" });
    const cell = (picture, key) => kit.el("figure", { class: "v-cyclegan-cell" },
      kit.el("div", { class: "v-cyclegan-frame" }, picture), kit.el("figcaption", { "data-t": key }));
    this.node.replaceChildren(
      kit.el("div", { class: "v-paper" }, kit.el("div", { class: "v-living-two" },
        cell(this.video, "cyclegan.living.seen"), cell(this.canvas, "cyclegan.living.made"))),
      kit.el("div", { class: "v-living-bar" }, off, this.list, this.rate));
    off.focus({ preventScroll: true });
  }

  waits() {
    this.times = [];
    this.face.at = -FOUND;
    this.rate.textContent = "";
  }

  /** The camera shows something: from now on frames are sent, until it is dark. */
  async ready() {
    const { stream } = this;
    while (!this.shut && this.stream === stream) await this.frame();
  }

  async frame() {
    const { server, room, props } = this.living;
    try {
      const { square, at } = this.face;
      const known = performance.now() - at < FOUND ? square : null;
      const answer = await call(server, "live", [{ ...room.knobs }, this.taking(props.sides[room.knobs.pair]), known]);
      if (!known) this.face = { at: performance.now(), square: answer.face };
      if (this.shut) return;
      if (answer.turn) return await this.wait(answer);
      await this.show(answer);
    } catch {
      this.close(); // `call` has said why
    }
  }

  /** What the camera sees now, its centre square. @param {number} side pixels */
  taking(side) {
    const { videoWidth: width, videoHeight: height } = this.video;
    const least = Math.min(width, height);
    const canvas = kit.el("canvas", { width: side, height: side });
    canvas.getContext("2d").drawImage(this.video, (width - least) / 2, (height - least) / 2, least, least, 0, 0, side, side);
    return canvas.toDataURL("image/jpeg", QUALITY);
  }

  async show({ translated, width, height }) {
    const image = await kit.load(translated);
    const { canvas } = this;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    canvas.getContext("2d").drawImage(image, 0, 0);
    canvas.classList.toggle("v-photo-mirror", this.video.classList.contains("v-photo-mirror"));
    this.times = [...this.times, performance.now()].slice(-RECENT);
    this.living.root.dataset.frames = String(Number(this.living.root.dataset.frames ?? 0) + 1);
    if (this.times.length < 3) return;
    const rate = (this.times.length - 1) / ((this.times.at(-1) - this.times[0]) / 1000);
    this.living.root.dataset.rate = rate.toFixed(2);
    this.rate.replaceChildren(...kit.rich(sentence("cyclegan.living.rate", { rate: written(rate, 1), side: width })));
  }

  wait({ turn, most }) {
    this.waits();
    this.rate.textContent = sentence("cyclegan.living.full", { n: most, turn });
    return new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}
