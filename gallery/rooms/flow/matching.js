// The stage of matching, when the act is opened.
import { code } from "gallery/shell/open.js";
import { opened } from "gallery/widgets/_lab.js";

export default class Stage {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   * @param {Server} server
   */
  constructor(element, props, server) {
    opened(element, props, "matching", code("gallery/rooms/flow/matching_stage.js"), ({ default: Stage }, root, room) => {
      this.stage = new Stage(root, server, room);
    });
  }
}
