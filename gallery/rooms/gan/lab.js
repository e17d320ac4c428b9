// The bench of the laboratory, when the act is opened.
import { opened } from "gallery/widgets/_lab.js";

export default class Bench {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   * @param {Server} server
   */
  constructor(element, props, server) {
    opened(element, props, "laboratory", async (root, room) => {
      const { default: Bench } = await import("gallery/rooms/gan/lab_bench.js");
      this.bench = new Bench(root, props, server, room);
    });
  }
}
