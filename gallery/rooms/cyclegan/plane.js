// The bench of the plane, when the act is opened.
import { code } from "gallery/shell/open.js";
import { opened } from "gallery/widgets/_lab.js";

export default class Plane {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   * @param {Server} server
   */
  constructor(element, props, server) {
    opened(element, props, "plane", code("gallery/rooms/cyclegan/plane_bench.js"), ({ default: Bench }, root, room) => {
      this.bench = new Bench(root, props, server, room);
    });
  }
}
