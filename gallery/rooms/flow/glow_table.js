// Pictures and their bits per dimension, counted just now: the fewest first, once somebody has guessed.
import { on } from "gallery/shell/page.js";
import { sentence, written } from "gallery/shell/words.js";
import * as kit from "gallery/widgets/_kit.js";

export class Scores {
  /**
   * @param {HTMLElement} root
   * @param {kit.Room} room
   * @param {Props} props
   */
  constructor(root, room, props) {
    this.props = props;
    this.room = room;
    this.scored = [];
    this.own = null;
    this.list = kit.el("ul", { class: "v-glow-scores" });
    root.replaceChildren(this.list);
    kit.listen(this.room, "odd.answer", ({ scored }) => { this.scored = scored; this.write(); });
    kit.listen(this.room, "face.answer", ({ original, bits }) => { this.own = { image: original, of: "own", bits }; this.write(); });
    this.room.on("knobs", ({ changed }) => ["glow_guess", "glow_face"].some((name) => changed.has(name)) && this.write());
    on("lang", () => this.write());
  }

  write() {
    const { knobs } = this.room;
    const open = knobs.glow_guess === "none";
    const all = [...(this.own && knobs.glow_face === this.props.own ? [this.own] : []), ...this.scored];
    if (!open) all.sort((a, b) => a.bits - b.bits);
    this.list.replaceChildren(...all.map(({ image, of, bits }) => {
      const name = sentence(`flow.glow.of.${of}`);
      return kit.el("li", {}, kit.el("img", { src: image, alt: name, title: name }), kit.el("b", {}, open ? "?" : written(bits, 2)));
    }));
  }
}
