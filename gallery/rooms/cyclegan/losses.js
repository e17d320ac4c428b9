// The pictures of the act "losses", when it is opened.
import { opened } from "gallery/widgets/_lab.js";

export default class Losses {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   * @param {Server} server
   */
  constructor(element, props, server) {
    opened(element, props, "losses", async (root, room) => {
      const { default: View } = await import("gallery/rooms/cyclegan/losses_view.js");
      this.view = new View(root, props, server, room);
    });
  }
}
