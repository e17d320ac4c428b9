// The right column of the plane: what is drawn, its numbers with their curves, and the museum's card.
import { code } from "gallery/shell/open.js";
import * as kit from "gallery/widgets/_kit.js";
import { opened } from "gallery/widgets/_lab.js";

export default class Side {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   */
  constructor(element, props) {
    const parts = [
      code("gallery/rooms/cyclegan/plane_switches.js"), code("gallery/rooms/cyclegan/plane_readings.js"),
      code("gallery/widgets/_lab_card.js"),
    ];
    opened(element, props, "plane", () => Promise.all(parts.map((each) => each())), ([{ Switches }, { Readings, ROWS }, { Card }], root, room) => {
      const told = kit.el("div", { class: "v-lab-told" }, new Readings(room, ROWS).node);
      const card = new Card(room, { knob: "plane_piece", words: "cyclegan.piece", hint: "cyclegan.museum.hint", tapes: true });
      root.replaceChildren(new Switches(room).node, told, card.node);
    });
  }
}
