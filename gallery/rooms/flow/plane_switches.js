// The switches of what is drawn in the plane, and which way the points go.
import * as kit from "gallery/widgets/_kit.js";

export class Switches {
  /** @param {import("gallery/shell/rooms.js").Room} room */
  constructor(room) {
    this.room = room;
    this.on = { data: true, samples: false };
    const button = (key, press, at) => kit.el("button", { type: "button", class: "v-button v-lab-switch", "data-t": key, onclick: press, ...at });
    const flip = (name) => button(`flow.plane.show_${name}`, () => this.flip(name), { "data-show": name });
    const choose = (name, value) => () => room.set({ [name]: value });
    const knob = (name, value, key) => button(key, choose(name, value), { "data-turn": name, "data-to": value });
    const turn = (name, off, value, key) => {
      const press = () => room.set({ [name]: room.knobs[name] === value ? off : value });
      return button(key, press, { "data-turn": name, "data-to": value });
    };
    const [ground, net] = [turn("flow_ground", "density", "stretch", "flow.plane.show_stretch"), turn("flow_net", "off", "on", "flow.plane.show_net")];
    const way = [knob("flow_way", "there", "flow.plane.there"), knob("flow_way", "back", "flow.plane.back_way")];
    const shown = Object.keys(this.on).map(flip);
    this.buttons = [ground, ...shown, net, ...way];
    const group = (key, ...nodes) => kit.el("div", { class: "v-lab-switches", role: "group", "data-t-label": key }, ...nodes);
    this.node = kit.el("div", { class: "v-flow-switches" }, group("flow.plane.show", ground, ...shown, net), group("flow.plane.way", ...way));
    room.on("knobs", ({ changed }) => this.buttons.some(({ dataset }) => changed.has(dataset.turn)) && this.write());
    kit.listen(room, "lab.piece", () => this.on.samples || this.flip("samples")); // every piece tells of samples
    this.write();
    kit.emit(room, "lab.show", this.on);
  }

  flip(name) {
    this.on[name] = !this.on[name];
    this.write();
    kit.emit(this.room, "lab.show", { ...this.on });
  }

  write() {
    for (const node of this.buttons) {
      const { show, turn, to } = node.dataset;
      node.setAttribute("aria-pressed", String(show ? this.on[show] : this.room.knobs[turn] === to));
    }
  }
}
