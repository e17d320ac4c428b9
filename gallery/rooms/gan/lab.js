// The bench of the laboratory, when the act is opened.
import { opened } from "gallery/widgets/_lab.js";

export default class Bench {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   * @param {Server} server
   */
  constructor(element, props, server) {
    opened(element, props, "laboratory", () => import("gallery/rooms/gan/lab_bench.js"), ({ default: Bench }, root, room) => {
      this.bench = new Bench(root, props, server, room);
    });
  }
}
