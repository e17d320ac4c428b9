// The right column of matching, when the act is opened.
import { opened } from "gallery/widgets/_lab.js";

export default class Side {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   */
  constructor(element, props) {
    opened(element, props, "matching", () => import("gallery/rooms/flow/matching_beside.js"), ({ default: Beside }, root, room) => {
      this.beside = new Beside(root, props, room);
    });
  }
}
