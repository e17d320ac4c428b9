// The right column of matching, when the act is opened.
import { code } from "gallery/shell/open.js";
import { opened } from "gallery/widgets/_lab.js";

export default class Side {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   */
  constructor(element, props) {
    opened(element, props, "matching", code("gallery/rooms/flow/matching_beside.js"), ({ default: Beside }, root, room) => {
      this.beside = new Beside(root, props, room);
    });
  }
}
