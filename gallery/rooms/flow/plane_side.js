// The right column of the plane: what is shown, data and samples, the point's formula, the numbers of a training.
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
      code("gallery/rooms/flow/plane_switches.js"), code("gallery/rooms/flow/plane_pair.js"),
      code("gallery/rooms/flow/plane_terms.js"), code("gallery/rooms/flow/plane_readings.js"),
      code("gallery/widgets/_lab_card.js"),
    ];
    opened(element, props, "plane", () => Promise.all(parts.map((each) => each())), ([{ Switches }, { Pair }, { Terms }, { FlowReadings, ROWS }, { Card }], root, room) => {
      const told = kit.el("div", { class: "v-lab-told" }, new FlowReadings(room, ROWS).node);
      const card = new Card(room, { knob: "flow_piece", words: "flow.piece", hint: "flow.museum.hint" });
      const side = kit.el("div", { class: "v-flow-side" }, new Switches(room).node, new Pair(room).node, new Terms(room).node, told, card.node);
      kit.listen(room, "lab.run", ({ stale }) => side.classList.toggle("v-flow-stale", Boolean(stale)));
      root.replaceChildren(side);
    });
  }
}
