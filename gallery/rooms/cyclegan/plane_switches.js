// The switches of what is drawn in the plane.
import * as kit from "gallery/widgets/_kit.js";

export class Switches {
  /** @param {import("gallery/shell/rooms.js").Room} room */
  constructor(room) {
    this.room = room;
    this.on = { origin: true, arrows: true, back: false };
    const button = (name, key) => kit.el("button", { type: "button", class: "v-button v-lab-switch", "data-t": key, "data-show": name, onclick: () => this.flip(name) });
    this.buttons = [button("origin", "cyclegan.plane.show_origin"), button("arrows", "cyclegan.plane.show_arrows"), button("back", "cyclegan.plane.show_back")];
    this.node = kit.el("div", { class: "v-lab-switches", role: "group", "data-t-label": "cyclegan.plane.show" }, ...this.buttons);
    this.write();
  }

  flip(name) {
    this.on[name] = !this.on[name];
    this.write();
  }

  write() {
    for (const button of this.buttons) button.setAttribute("aria-pressed", String(this.on[button.dataset.show]));
    kit.emit(this.room, "lab.show", this.on);
  }
}
