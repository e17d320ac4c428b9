// Forward time: another noise when asked for one, and the picture that was made last as x_0.
import { getRoom } from "gallery/shell/rooms.js";
import * as kit from "gallery/widgets/_kit.js";

const PHOTO = "photo"; // the act's Photo: a picture in its name, which it knows for its own

export default class Forward {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   */
  constructor(element, props) {
    const room = getRoom(props.room);
    const again = () => room.set({ draw: Math.floor(Math.random() * (props.last_seed + 1)) });
    room.on("again", again);
    this.offer(kit.rootOf(element), room);
  }

  /** What "reverse" made last, of any model, walks the way back into noise. */
  offer(root, room) {
    let made = null;
    const button = kit.el("button", { type: "button", class: "v-button", hidden: true, "data-t": "diffusion.forward.made", onclick: () => {
      room.set({ picture: "own" }, PHOTO);
      kit.emit(room, PHOTO, { face: made });
    } });
    root.replaceChildren(button);
    kit.listen(room, "reverse.made", ({ face }) => {
      made = face;
      button.hidden = false;
    });
  }
}
