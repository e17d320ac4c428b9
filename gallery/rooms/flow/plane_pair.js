// Two small squares: the data over their exact density, and samples of the flow; the same point stands in both.
import { FlowView } from "gallery/rooms/flow/plane_view.js";
import { on } from "gallery/shell/page.js";
import * as kit from "gallery/widgets/_kit.js";

export class Pair {
  /** @param {import("gallery/shell/rooms.js").Room} room */
  constructor(room) {
    const square = (key) => {
      const canvas = kit.el("canvas", { class: "v-flow-square", role: "img", "data-t-label": key });
      new ResizeObserver(() => this.draw()).observe(canvas);
      return { view: new FlowView(canvas), still: kit.el("canvas"), node: kit.el("figure", { class: "v-flow-figure" }, canvas, kit.el("figcaption", { "data-t": key })) };
    };
    this.data = square("flow.plane.data");
    this.samples = square("flow.plane.samples");
    this.node = kit.el("div", { class: "v-flow-pair" }, this.data.node, this.samples.node);
    kit.listen(room, "layers.seen", (about) => { this.about = about; this.draw(); });
    kit.listen(room, "layers.clouds", (clouds) => { this.clouds = clouds; this.draw(); });
    kit.listen(room, "layers.point", (point) => { this.point = point; this.mark(); });
    on("theme", () => {
      this.data.view.dye();
      this.samples.view.dye();
      this.draw();
    });
  }

  draw() {
    const { about, clouds, data, samples } = this;
    if (!about) return;
    for (const { view } of [data, samples]) if (!view.clear()) return;
    data.view.density(about.truth, about.marks);
    if (clouds) {
      data.view.cloud(clouds.real, "data", 1.1);
      samples.view.cloud(clouds.made, "accent", 1.1);
    }
    for (const { view, still } of [data, samples]) {
      still.width = still.height = view.side;
      still.getContext("2d").drawImage(view.canvas, 0, 0);
    }
    this.mark();
  }

  /** Of a point that moves no more is drawn anew than itself. */
  mark() {
    for (const { view, still } of [this.data, this.samples]) {
      if (!this.about || !view.side || still.width !== view.side) continue;
      view.context.drawImage(still, 0, 0);
      this.cross(view);
    }
  }

  /** Where the point x is. */
  cross(view) {
    if (!this.point) return;
    const { context, side, scale } = view;
    const [x, y] = this.point.path[0].map((v, i) => ((i ? 1 - v / this.about.span : v / this.about.span + 1) / 2) * side);
    Object.assign(context, { strokeStyle: view.css("ink"), lineWidth: 1.6 * scale });
    context.beginPath();
    context.arc(x, y, 5 * scale, 0, 2 * Math.PI);
    context.stroke();
  }
}
