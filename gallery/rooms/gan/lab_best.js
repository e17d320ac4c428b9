// The best discriminator there could be, beside the one that is learned.
import { LabView } from "gallery/rooms/gan/lab_view.js";
import { on } from "gallery/shell/page.js";
import * as kit from "gallery/widgets/_kit.js";

export class Best {
  /** @param {import("gallery/shell/rooms.js").Room} room */
  constructor(room) {
    this.room = room;
    const canvas = kit.el("canvas", { class: "v-lab-best-canvas", role: "img", "data-t-label": "gan.laboratory.dstar" });
    this.node = kit.el("figure", { class: "v-lab-best" }, canvas, kit.el("figcaption", { "data-t": "gan.laboratory.dstar" }));
    this.view = new LabView(canvas);
    this.best = null;
    new ResizeObserver(() => this.draw()).observe(canvas);
    kit.listen(room, "lab.seen", ({ best }) => {
      this.best = best ?? null;
      this.draw();
    });
    room.on("knobs", () => this.hang());
    on("theme", () => {
      this.view.dye();
      this.draw();
    });
    this.hang();
  }

  hang() {
    this.node.hidden = this.room.knobs.dstar !== "on";
  }

  draw() {
    const none = new Int16Array();
    if (!this.node.hidden) this.view.draw(this.best && { ...this.best, points: none }, { d: true });
  }
}
