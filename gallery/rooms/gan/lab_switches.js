// The switches of what is drawn in the plane of the laboratory. D* is asked of the server, so it is a knob.
import * as kit from "gallery/widgets/_kit.js";

export class Switches {
  /** @param {import("gallery/shell/rooms.js").Room} room */
  constructor(room) {
    this.room = room;
    this.on = { d: true, arrows: false, grid: false };
    const button = (name, key, press) => kit.el("button", { type: "button", class: "v-button v-lab-switch", "data-t": key, "data-show": name, onclick: press });
    const flip = (name) => () => {
      this.on[name] = !this.on[name];
      this.write();
      kit.emit(room, "lab.show", this.on);
    };
    this.buttons = [button("d", "gan.laboratory.show_d", flip("d")), button("dstar", "gan.laboratory.show_dstar", () => room.set({ dstar: room.knobs.dstar === "on" ? "off" : "on" })),
      button("arrows", "gan.laboratory.show_arrows", flip("arrows")), button("grid", "gan.laboratory.show_grid", flip("grid"))];
    this.node = kit.el("div", { class: "v-lab-switches", role: "group", "data-t-label": "gan.laboratory.show" }, ...this.buttons);
    room.on("knobs", () => this.write());
    this.write();
    kit.emit(room, "lab.show", this.on);
  }

  write() {
    for (const button of this.buttons) {
      const { show } = button.dataset;
      button.setAttribute("aria-pressed", String(show === "dstar" ? this.room.knobs.dstar === "on" : this.on[show]));
    }
  }
}
