// A strip of sizes: one photo translated at several, each shown as large as the others; a click takes one.
import { call } from "gallery/shell/calls.js";
import { on } from "gallery/shell/page.js";
import { sentence } from "gallery/shell/words.js";
import * as kit from "gallery/widgets/_kit.js";

export default class Sizes {
  /**
   * @param {import("gallery/shell/rooms.js").Room} room
   * @param {Server} server
   * @param {HTMLElement} root
   * @param {Props} props
   */
  constructor(room, server, root, props) {
    this.room = room;
    this.server = server;
    this.told = null;
    this.cells = props.sizes.map((size) => {
      const [image, caption] = [kit.el("img", { class: "v-dims", alt: "" }), kit.el("span", { class: "v-sizes-name" })];
      const take = () => room.set({ size, look: "trip" });
      return { size, image, caption, made: null, node: kit.el("button", { type: "button", class: "v-sizes-one", onclick: take }, kit.el("span", { class: "v-cyclegan-frame" }, image), caption) };
    });
    this.line = kit.el("p", { class: "v-cyclegan-line" });
    const grid = kit.el("div", { class: "v-sizes" }, ...this.cells.map(({ node }) => node));
    this.node = kit.el("div", { hidden: true }, kit.el("div", { class: "v-paper" }, grid), kit.el("div", { class: "v-lines" }, this.line));
    root.append(this.node);
    on("lang", () => this.write());
  }

  /** Each size is a question of its own, so that others get their turn between two; the smallest first. */
  async ask([knobs, picture], wanted) {
    this.node.hidden = false;
    for (const cell of this.cells) cell.made = null;
    this.told = null;
    for (const cell of this.cells) {
      const made = await call(this.server, "sized", [{ ...knobs, size: cell.size }, picture]);
      await kit.load(made.translated);
      cell.image.src = made.translated;
      cell.made = this.told = made;
      this.write();
      if (!wanted()) return;
    }
  }

  write() {
    for (const { node, image, caption, made } of this.cells) {
      node.classList.toggle("v-waits", !made);
      if (!made) continue;
      const { width: n, height: m, own } = made;
      caption.textContent = sentence("cyclegan.sizes.one", { n, m });
      image.alt = node.title = sentence("cyclegan.sizes.take", { n, m });
      node.setAttribute("aria-pressed", String(this.room.knobs.size === "own" ? own[0] === n && own[1] === m : this.taken(made)));
    }
    if (!this.told) return;
    const [n, m] = this.told.own;
    this.line.textContent = sentence("cyclegan.sizes.line", { n, m });
  }

  taken(made) {
    return this.cells.find(({ size }) => size === this.room.knobs.size)?.made === made;
  }
}
