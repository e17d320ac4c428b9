// The formula with today's numbers, and both areas.
import { on } from "gallery/shell/page.js";
import { getRoom } from "gallery/shell/rooms.js";
import { sentence, written } from "gallery/shell/words.js";
import * as kit from "gallery/widgets/_kit.js";

export default class Side {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   */
  constructor(element, props) {
    this.root = kit.rootOf(element);
    this.room = getRoom(props.room);
    this.areas = kit.el("p");
    this.root.replaceChildren(this.areas);
    kit.listen(this.room, "line.seen", (seen) => { this.seen = seen; this.write(); });
    on("lang", () => this.write());
  }

  write() {
    const { seen } = this;
    if (!seen) return;
    this.areas.textContent = `${sentence("flow.line.area.x")} ${written(seen.area_x, 6)}, ${sentence("flow.line.area.z")} ${written(seen.area_z, 6)}`;
  }
}
