// What each of the three ways can and cannot, with what was measured on this face.
import { on } from "gallery/shell/page.js";
import { getRoom } from "gallery/shell/rooms.js";
import { sentence, written } from "gallery/shell/words.js";
import * as kit from "gallery/widgets/_kit.js";

const CAN = ["cyclegan.ways.can.pair", "cyclegan.ways.can.vae", "cyclegan.ways.can.gan"];

export default class Side {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   */
  constructor(element, props) {
    this.told = { ways: [], ours: false };
    this.says = CAN.map(() => kit.el("p", {}));
    this.ours = kit.el("p", { "data-t": "cyclegan.ways.ours", hidden: true });
    const legend = kit.el("p", { "data-t": "cyclegan.ways.legend" });
    kit.rootOf(element).replaceChildren(...this.says, this.ours, legend);
    kit.listen(getRoom(props.room), "ways.told", (told) => {
      this.told = told;
      this.write();
    });
    on("lang", () => this.write());
  }

  write() {
    const { ways, ours } = this.told;
    this.ours.hidden = !ours;
    this.says.forEach((node, i) => node.replaceChildren(...(ways[i] ? kit.rich(can(i, ways[i])) : [])));
  }
}

/** Of the translator what it leaves of the picture; of the others what is left before anything is changed. */
function can(i, { before, after }) {
  const { detail } = i ? before : after;
  const args = { before: written(before.change, 3), after: written(after.change, 3), detail: written(100 * detail, 0) };
  return sentence(CAN[i], args);
}
