// What the shipped pairs hide: the figures beside the museum's piece on it.
import { call } from "gallery/shell/calls.js";
import { on } from "gallery/shell/page.js";
import { sentence, written } from "gallery/shell/words.js";
import * as kit from "gallery/widgets/_kit.js";

const PAIRS = [["monet", "cyclegan.museum.monet"], ["emoji", "cyclegan.museum.emoji"]];
const MUCH = 1.5; // times the error from which a translation is said to hide something

export class Hidden {
  /**
   * @param {import("gallery/shell/rooms.js").Room} room
   * @param {Server} server
   */
  constructor(room, server) {
    this.node = kit.el("div", { class: "v-cyclegan-hidden", hidden: true });
    this.found = null;
    kit.listen(room, "lab.piece", () => this.hang(false));
    room.on("knobs", ({ changed }) => changed.has("plane_piece") && this.hang(false));
    room.on("lab.start", async () => {
      if (room.knobs.plane_piece !== "hidden") return;
      this.found ??= await Promise.all(PAIRS.map(([pair]) => call(server, "noise", [pair])));
      this.hang(room.knobs.plane_piece === "hidden");
    });
    on("lang", () => this.write());
  }

  hang(shown) {
    this.node.hidden = !shown;
    this.write();
  }

  write() {
    if (this.node.hidden || !this.found) return;
    this.node.replaceChildren(...this.found.map(({ plain, noisy, sigma, count }, i) => {
      const ratio = noisy / plain;
      const says = ratio > MUCH ? "cyclegan.museum.hides" : "cyclegan.museum.bears";
      const told = { pair: sentence(PAIRS[i][1]), plain: written(plain, 4), noisy: written(noisy, 4), ratio: written(ratio, 2), sigma: written(sigma, 0), n: count };
      return kit.el("p", {}, sentence(says, told));
    }));
  }
}
