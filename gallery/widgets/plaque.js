// Lines of text that follow the newest answer of the room.
import { on } from "gallery/shell/page.js";
import { getRoom } from "gallery/shell/rooms.js";
import { sentence } from "gallery/shell/words.js";
import * as kit from "gallery/widgets/_kit.js";

export default class Plaque {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   */
  constructor(element, props) {
    this.root = kit.rootOf(element);
    this.props = props;
    this.room = getRoom(props.room);
    this.data = null;
    this.root.classList.add("v-lines");
    this.lines = props.lines.map(() => kit.el("p"));
    this.root.replaceChildren(...this.lines);
    for (const event of props.events) {
      kit.listen(this.room, event, (data) => {
        this.data = data;
        this.write();
      });
    }
    on("lang", () => this.write());
  }

  write() {
    if (this.data) this.props.lines.forEach((line, i) => this.lines[i].replaceChildren(...kit.rich(this.say(line))));
  }

  say(line) {
    const { data, props, room } = this;
    if (line.startsWith("@")) return kit.say({ digits: props.digits, ...data[line.slice(1)] });
    return sentence(line, kit.spoken({ ...room.knobs, ...data.asked, ...kit.plain(data) }, props.digits));
  }
}
