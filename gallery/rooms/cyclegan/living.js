// The camera as a living picture. What it needs comes when somebody starts it: most who open the act do not.
import { notice } from "gallery/shell/page.js";
import { getRoom } from "gallery/shell/rooms.js";
import { sentence } from "gallery/shell/words.js";
import * as kit from "gallery/widgets/_kit.js";

export default class Living {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   * @param {Server} server
   */
  constructor(element, props, server) {
    this.root = kit.rootOf(element);
    this.props = props;
    this.server = server;
    this.room = getRoom(props.room);
    this.stage = kit.el("div", { class: "v-living" });
    this.root.replaceChildren(this.stage);
    this.root.hidden = true;
    this.camera = null;
    this.room.on("living.start", () => this.start());
    // A picture that was chosen by hand takes the camera's place; one that came with another pair does not.
    this.room.on("picture", ({ sample }) => sample || this.camera?.close());
    this.room.on("knobs", ({ changed, origin }) => changed.has("picture") && origin === "picture" && this.camera?.close());
  }

  async start() {
    if (this.camera) return;
    const code = await import("gallery/rooms/cyclegan/living_camera.js").catch(() => notice(sentence("page.failed"), "error"));
    if (!code || this.camera) return;
    this.root.hidden = false;
    const ended = () => {
      this.camera = null;
      this.root.hidden = true;
      this.stage.replaceChildren();
    };
    this.camera = new code.LivingCamera(this.stage, this, ended);
    await this.camera.open();
  }
}
