// The view "surprise": its two halves come when somebody looks at it.
import { getRoom } from "gallery/shell/rooms.js";
import * as kit from "gallery/widgets/_kit.js";

export default class Odd {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   */
  constructor(element, props) {
    const root = kit.rootOf(element);
    const room = getRoom(props.room);
    root.replaceChildren(kit.el("div"));
    kit.listen(room, "glow.odd", async () => {
      if (props.part === "histograms") {
        const { Histograms } = await import("gallery/rooms/flow/glow_odd_view.js");
        new Histograms(root, room, props);
      } else {
        const { Scores } = await import("gallery/rooms/flow/glow_table.js");
        new Scores(root, room, props);
      }
    });
  }
}
