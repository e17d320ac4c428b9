// Eight emoji by the full loss and by another: what each becomes, what comes back, and whether that finds its own x.
import { call, latest } from "gallery/shell/calls.js";
import { sentence, written } from "gallery/shell/words.js";
import * as kit from "gallery/widgets/_kit.js";

const COUNT = 8;

export class Rows {
  /**
   * @param {import("gallery/shell/rooms.js").Room} room
   * @param {Server} server
   */
  constructor(room, server) {
    this.room = room;
    this.server = server;
    this.node = kit.el("div", { class: "v-losses-eight", hidden: true });
    this.told = null;
    this.asked = "";
    this.ask = latest(() => this.fetch());
  }

  /** What is shown depends on the direction, on the eight, and on the loss. */
  show(shown, { first }, open) {
    this.node.hidden = !shown;
    this.open = open;
    if (!shown) return;
    const { loss, loss_way: way } = this.room.knobs;
    const wanted = `${loss} ${way} ${first}`;
    if (wanted !== this.asked) {
      this.asked = wanted;
      this.ask();
    } else this.write();
  }

  async fetch() {
    this.node.classList.add("v-waits");
    const { loss } = this.room.knobs;
    const told = await call(this.server, "many", [{ ...this.room.knobs }]).catch(() => null); // it has said why
    this.node.classList.remove("v-waits");
    if (!told) this.asked = "";
    else this.told = { loss, ...told };
    this.write();
  }

  write() {
    if (!this.told) return;
    const { loss, full, other } = this.told;
    const hidden = !this.open || loss !== this.room.knobs.loss;
    this.node.replaceChildren(...this.pair("full", full, false), ...this.pair(loss, other, hidden), kit.el("p", { class: "v-losses-said", role: "status" }, hidden ? sentence("cyclegan.losses.answer_first") : this.said()));
  }

  pair(name, rows, hidden) {
    const named = sentence(`cyclegan.losses.net.${name}`);
    const strip = (url, key) => kit.el("figure", {},
      kit.el("figcaption", {}, `${named}: ${sentence(key)}`),
      hidden ? kit.el("div", { class: "v-losses-blank" }, "?") : kit.el("img", { src: url, class: "v-dims", alt: `${named}: ${sentence(key)}`, width: String(64 * COUNT), height: "64" }));
    const marks = rows.found.map((place) => kit.el("span", { class: place > 1 ? "v-losses-lost" : "" }, hidden ? " " : place > 1 ? `✗ ${written(place, 0)}` : "✓"));
    return [strip(rows.made, "cyclegan.losses.made"), strip(rows.back, "cyclegan.losses.back"), kit.el("div", { class: "v-losses-marks", "aria-hidden": "true" }, ...marks)];
  }

  said() {
    const { full, other, found_back: back, spread } = this.told;
    const hits = ({ found }) => found.filter((place) => place === 1).length;
    const percent = (value) => sentence("cyclegan.losses.share", { n: written(100 * value, 0) });
    return sentence("cyclegan.losses.found", {
      full: hits(full), other: hits(other), all_full: percent(back[0]), all_other: percent(back[1]), spread_full: written(spread[0], 2), spread_other: written(spread[1], 2),
    });
  }
}
