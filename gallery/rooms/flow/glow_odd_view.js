// Which pictures score higher? The question; and after an answer the histograms of all sets that were measured.
import { on } from "gallery/shell/page.js";
import { sentence, written } from "gallery/shell/words.js";
import * as kit from "gallery/widgets/_kit.js";
import { Question as Asked } from "gallery/widgets/_question.js";

const NS = "http://www.w3.org/2000/svg";
const WIDE = 300;
const HIGH = 100;

export class Histograms {
  /**
   * @param {HTMLElement} root
   * @param {kit.Room} room
   * @param {Props} props
   */
  constructor(root, room, props) {
    this.root = root;
    this.room = room;
    this.odd = null;
    const question = new Asked(this.room, { knob: "glow_guess", words: "flow.glow.question", right: props.right });
    this.svg = document.createElementNS(NS, "svg");
    Object.entries({ viewBox: `0 0 ${WIDE} ${HIGH}`, preserveAspectRatio: "none", "aria-hidden": "true" }).forEach(([name, value]) => this.svg.setAttribute(name, value));
    this.axis = kit.el("div", { class: "v-glow-axis", "aria-hidden": "true" });
    this.legend = kit.el("ul", { class: "v-glow-legend" });
    this.said = kit.el("p", { class: "v-glow-said", "data-t": "flow.glow.axis" });
    const plot = kit.el("div", { class: "v-glow-plot", role: "img", "data-t-label": "flow.glow.alt.odd" }, this.said, this.svg, this.axis);
    this.root.replaceChildren(question.node, kit.el("div", { class: "v-paper" }, plot, this.legend));
    kit.listen(this.room, "odd.answer", (odd) => { this.odd = odd; this.write(); });
    this.room.on("knobs", ({ changed }) => changed.has("glow_guess") && this.write());
    on("lang", () => this.write());
  }

  write() {
    if (!this.odd) return;
    const { sets, most } = this.odd;
    const seen = this.room.knobs.glow_guess === "none" ? sets.slice(0, 1) : sets;
    const top = Math.max(...sets.flatMap(({ bins }) => bins));
    this.svg.replaceChildren(...seen.map((set) => this.curve(set, top)));
    const ticks = Array.from({ length: most + 1 }, (_, i) => kit.el("span", {}, written(i, 0)));
    this.axis.replaceChildren(...ticks);
    this.legend.replaceChildren(...seen.map((set) => this.line(set)));
    kit.count(this.root, "frames");
  }

  /** The steps of a histogram, filled. */
  curve({ name, bins }, top) {
    const step = WIDE / bins.length;
    const at = (i) => (HIGH * (1 - (0.97 * bins[i]) / top)).toFixed(2);
    const path = document.createElementNS(NS, "path");
    path.setAttribute("d", `M0 ${HIGH}${bins.map((_, i) => `V${at(i)}H${((i + 1) * step).toFixed(2)}`).join("")}V${HIGH}Z`);
    path.setAttribute("class", `v-glow-of-${name}`);
    return path;
  }

  line({ name, count, mean, share }) {
    const key = name === "faces" ? "flow.glow.legend.faces" : `flow.glow.legend.${name}`;
    const said = kit.spoken({ count, mean, percent: 100 * share }, { mean: 2, percent: 1 });
    return kit.el("li", { class: `v-glow-of-${name}` }, kit.el("span", {}, ...kit.rich(sentence(key, said))));
  }
}
