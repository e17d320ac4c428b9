// No picture of its own: asks the server when knobs or an event of the room change, and emits the answer.
import { getRoom } from "gallery/shell/rooms.js";
import * as kit from "gallery/widgets/_kit.js";

export default class Ask {
  /**
   * @param {HTMLElement} _element
   * @param {Props} props
   * @param {Server} server
   */
  constructor(_element, props, server) {
    const room = getRoom(props.room);
    const asker = new kit.Asker(room, server, "ask", props.id);
    kit.follow(room, props, (args) => asker.ask(args, kit.handTime()));
  }
}
