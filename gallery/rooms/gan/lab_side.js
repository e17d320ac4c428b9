// The right column of the laboratory: its numbers with their curves, and the museum's card, when the act is opened.
import { getRoom } from "gallery/shell/rooms.js";
import * as kit from "gallery/widgets/_kit.js";

export default class Side {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   */
  constructor(element, props) {
    const root = kit.rootOf(element);
    const room = getRoom(props.room);
    const act = document.getElementById(`act-${props.room}-laboratory`);
    const begin = async () => {
      if (this.begun || !act.offsetParent) return;
      this.begun = true;
      const [{ Switches }, { Readings }, { Best }, { Card }] = await Promise.all([
        import("gallery/rooms/gan/lab_switches.js"), import("gallery/rooms/gan/lab_readings.js"),
        import("gallery/rooms/gan/lab_best.js"), import("gallery/rooms/gan/lab_card.js"),
      ]);
      const told = kit.el("div", { class: "v-lab-told" }, new Readings(room).node, new Best(room).node);
      root.replaceChildren(new Switches(room).node, told, new Card(room).node);
    };
    room.on("show", begin);
    room.on("knobs", begin);
    begin();
  }
}
