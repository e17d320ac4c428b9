// The pictures of the act "losses", when it is opened.
import { code } from "gallery/shell/open.js";
import { opened } from "gallery/widgets/_lab.js";

export default class Losses {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   * @param {Server} server
   */
  constructor(element, props, server) {
    opened(element, props, "losses", code("gallery/rooms/cyclegan/losses_view.js"), ({ default: View }, root, room) => {
      this.view = new View(root, props, server, room);
    });
  }
}
