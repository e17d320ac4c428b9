// A labelled list that is bound to a knob of the room.
import { on } from "gallery/shell/page.js";
import { getRoom } from "gallery/shell/rooms.js";
import { sentence } from "gallery/shell/words.js";
import * as kit from "gallery/widgets/_kit.js";

export default class Menu {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   */
  constructor(element, props) {
    this.root = kit.rootOf(element);
    this.props = props;
    this.room = getRoom(props.room);
    const options = (choices) => choices.map(([value, key]) =>
      key.startsWith("=") ? kit.el("option", { value }, key.slice(1)) : kit.el("option", { value, "data-t": key }));
    const groups = Object.entries(props.groups ?? {}).map(([key, choices]) =>
      kit.el("optgroup", { "data-group": key, label: sentence(key) }, ...options(choices)));
    this.select = kit.el("select", { class: "v-menu-list" }, ...options(props.choices), ...groups);
    on("lang", () => groups.forEach((group) => { group.label = sentence(group.dataset.group); }));
    this.select.addEventListener("change", () => this.room.set({ [props.knob]: this.select.value }));
    this.root.replaceChildren(kit.el("label", { class: "v-menu", "data-knob": props.knob }, kit.el("span", { "data-t": props.label }), this.select));
    this.room.on("knobs", () => this.show());
    this.show();
  }

  show() {
    this.select.value = String(this.room.knobs[this.props.knob]);
  }
}
