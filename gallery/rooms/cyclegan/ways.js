// A smile in three ways. What shows them comes when somebody wants to see them: most who open the act do not.
import { notice } from "gallery/shell/page.js";
import { getRoom } from "gallery/shell/rooms.js";
import { sentence } from "gallery/shell/words.js";
import * as kit from "gallery/widgets/_kit.js";

export default class Ways {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   * @param {Server} server
   */
  constructor(element, props, server) {
    this.root = kit.rootOf(element);
    this.server = server;
    this.room = getRoom(props.room);
    this.root.replaceChildren(kit.el("div", { class: "v-paper" }));
    this.room.on("knobs", ({ changed }) => ["pair", "look", "compare"].some((name) => changed.has(name)) && this.arrive());
    this.arrive();
  }

  get wanted() {
    const { pair, look, compare } = this.room.knobs;
    return pair === "smile" && look === "trip" && compare === "on";
  }

  async arrive() {
    if (!this.wanted || this.view) return;
    const code = await import("gallery/rooms/cyclegan/ways_view.js").catch(() => notice(sentence("page.failed"), "error"));
    if (code && !this.view) this.view = new code.WaysView(this);
  }
}
