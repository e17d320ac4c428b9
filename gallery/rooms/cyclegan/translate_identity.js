// The identity: what a generator does to a picture that is of its target already, with the difference and its number.
import { call } from "gallery/shell/calls.js";
import { on } from "gallery/shell/page.js";
import { sentence, written } from "gallery/shell/words.js";
import * as kit from "gallery/widgets/_kit.js";

const CELLS = ["input", "translated", "map"];
const LETTERS = { a2b: { g: "G", y: "y" }, b2a: { g: "F", y: "x" } };

export default class Identity {
  /**
   * @param {import("gallery/shell/rooms.js").Room} room
   * @param {Server} server
   * @param {HTMLElement} root
   */
  constructor(room, server, root) {
    this.room = room;
    this.server = server;
    this.told = null;
    this.cells = CELLS.map(() => {
      const [image, caption] = [kit.el("img", { class: "v-dims", alt: "" }), kit.el("figcaption", {})];
      return { image, caption, node: kit.el("figure", { class: "v-cyclegan-cell" }, kit.el("div", { class: "v-cyclegan-frame" }, image), caption) };
    });
    this.number = kit.el("p", { class: "v-identity-number" });
    this.mean = kit.el("p", {});
    this.line = kit.el("p", { class: "v-cyclegan-line" });
    const grid = kit.el("div", { class: "v-cyclegan-four" }, ...this.cells.map(({ node }) => node), kit.el("div", { class: "v-identity-says" }, this.number, this.mean));
    this.node = kit.el("div", { hidden: true }, kit.el("div", { class: "v-paper" }, grid), kit.el("div", { class: "v-lines" }, this.line));
    root.append(this.node);
    on("lang", () => this.write());
  }

  async ask(args) {
    const told = await call(this.server, "identity", args);
    await Promise.all(CELLS.map(async (name, i) => {
      await kit.load(told[name]);
      this.cells[i].image.src = told[name];
    }));
    this.told = { ...told, letters: LETTERS[args[0].direction] };
    this.write();
  }

  write() {
    if (!this.told) return;
    const { change, chosen, taught, letters } = this.told;
    const { g, y } = letters;
    const names = [y, `${g}(${y})`, sentence("cyclegan.identity.change", letters)];
    this.cells.forEach(({ image, caption }, i) => {
      image.alt = names[i];
      caption.textContent = names[i];
    });
    this.number.textContent = written(change, 3);
    this.mean.textContent = sentence("cyclegan.identity.mean", letters);
    const says = [chosen ? "cyclegan.identity.chosen" : "cyclegan.identity.ours", taught ? "cyclegan.identity.taught" : "cyclegan.identity.untaught"];
    this.line.textContent = says.map((key) => sentence(key, letters)).join(" ");
  }
}
