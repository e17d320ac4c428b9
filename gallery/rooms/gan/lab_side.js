// The right column of the laboratory: its numbers with their curves, and the museum's card, when the act is opened.
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
      code("gallery/rooms/gan/lab_switches.js"), code("gallery/rooms/gan/lab_readings.js"),
      code("gallery/rooms/gan/lab_best.js"), code("gallery/widgets/_lab_card.js"),
    ];
    opened(element, props, "laboratory", () => Promise.all(parts.map((each) => each())), ([{ Switches }, { Readings, ROWS }, { Best }, { Card }], root, room) => {
      const told = kit.el("div", { class: "v-lab-told" }, new Readings(room, ROWS).node, new Best(room).node);
      root.replaceChildren(new Switches(room).node, told, new Card(room, { knob: "piece", words: "gan.piece", hint: "gan.museum.hint", tapes: true }).node);
    });
  }
}
