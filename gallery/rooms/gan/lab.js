// The bench of the laboratory: what it is made of comes when the act is opened, for few visitors open it at once.
import { getRoom } from "gallery/shell/rooms.js";
import * as kit from "gallery/widgets/_kit.js";

export default class Bench {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   * @param {Server} server
   */
  constructor(element, props, server) {
    const root = kit.rootOf(element);
    const room = getRoom(props.room);
    const act = document.getElementById(`act-${props.room}-laboratory`);
    const begin = async () => {
      if (this.begun || !act.offsetParent) return;
      this.begun = true;
      const { default: Bench } = await import("gallery/rooms/gan/lab_bench.js");
      this.bench = new Bench(root, props, server, room);
    };
    room.on("show", begin);
    room.on("knobs", begin);
    begin();
  }
}
