// The right column of the plane: what is shown, data and samples, the point's formula, the numbers of a training.
import * as kit from "gallery/widgets/_kit.js";
import { opened } from "gallery/widgets/_lab.js";

export default class Side {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   */
  constructor(element, props) {
    opened(element, props, "plane", async (root, room) => {
      const [{ Switches }, { Pair }, { Terms }, { FlowReadings, ROWS }] = await Promise.all([
        import("gallery/rooms/flow/plane_switches.js"), import("gallery/rooms/flow/plane_pair.js"),
        import("gallery/rooms/flow/plane_terms.js"), import("gallery/rooms/flow/plane_readings.js"),
      ]);
      const told = kit.el("div", { class: "v-lab-told" }, new FlowReadings(room, ROWS).node);
      root.replaceChildren(new Switches(room).node, new Pair(room).node, new Terms(room).node, told);
    });
  }
}
