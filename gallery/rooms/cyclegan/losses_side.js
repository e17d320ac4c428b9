// The question of the act "losses", when it is opened.
import { code } from "gallery/shell/open.js";
import { opened } from "gallery/widgets/_lab.js";

export default class Side {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   */
  constructor(element, props) {
    opened(element, props, "losses", code("gallery/rooms/cyclegan/losses_question.js"), ({ default: Question }, root, room) => {
      this.question = new Question(root, props, room);
    });
  }
}
