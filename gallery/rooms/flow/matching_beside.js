// Beside the field of matching: the score's ODE from the same noise, a question, and what each pairing is measured by.
import { MatchView } from "gallery/rooms/flow/matching_view.js";
import { on } from "gallery/shell/page.js";
import { sentence, written } from "gallery/shell/words.js";
import * as kit from "gallery/widgets/_kit.js";
import { Question } from "gallery/widgets/_question.js";

const FINEST = "50"; // of Euler's steps
const MIDDLE = { match_pairs: "independent", match_steps: "1", match_show: "field", match_t: 1 }; // what answers the question

/**
 * How far Euler has come on the score's way where its noise and signal stand as those of matching at t: the fraction
 * of its states, which lie at `angles`, falling from the noise to the data.
 */
export function arrived(angles, t) {
  const theta = Math.atan2(1 - t, t);
  const last = angles.length - 1;
  const k = angles.findIndex((angle) => angle <= theta);
  if (k <= 0) return k ? 1 : 0;
  return (k - (theta - angles[k]) / (angles[k - 1] - angles[k])) / last;
}

export default class Beside {
  /**
   * @param {HTMLElement} root
   * @param {Props} props
   * @param {import("gallery/shell/rooms.js").Room} room
   */
  constructor(root, props, room) {
    this.room = room;
    this.seen = null;
    this.canvas = kit.el("canvas", { class: "v-flow-square", role: "img", "data-t-label": "flow.matching.score.alt" });
    this.view = new MatchView(this.canvas);
    this.law = kit.el("p", { class: "v-match-law" });
    this.apart = kit.el("p", { class: "v-match-apart", role: "status" });
    const told = kit.el("div", { class: "v-match-told" }, kit.el("h3", { "data-t": "flow.matching.score.title" }), this.law, this.apart);
    this.table = kit.el("table", { class: "v-match-table" });
    const question = new Question(room, { knob: "match_guess", words: "flow.matching.question", right: props.right });
    root.replaceChildren(kit.el("div", { class: "v-match-side" },
      kit.el("div", { class: "v-match-score" }, this.canvas, told),
      this.table, question.node));
    this.connect();
  }

  connect() {
    const { room } = this;
    new ResizeObserver(() => this.draw()).observe(this.canvas);
    kit.listen(room, "match.seen", (seen) => { this.seen = seen; this.write(); });
    room.on("knobs", ({ changed }) => {
      if (changed.has("match_guess") && room.knobs.match_guess !== "none") room.set(MIDDLE);
      this.write();
    });
    room.on("show", () => this.draw());
    on("lang", () => this.write());
    on("theme", () => {
      this.view.dye();
      this.draw();
    });
  }

  write() {
    this.draw();
    if (!this.seen) return;
    const { apart, pairing } = this.seen;
    const steps = String(this.room.knobs.match_steps);
    this.law.replaceChildren(kit.el("i", {}, "v"), " = (", kit.el("i", {}, "x"), " + (1 − ", kit.el("i", {}, "t"), ")·", kit.el("i", {}, "s"), ") / ", kit.el("i", {}, "t"));
    this.apart.textContent = sentence(`flow.matching.apart.${pairing}`, { n: Number(steps), far: written(apart[steps], 2) });
    this.rows(steps);
  }

  draw() {
    const { seen, view, room } = this;
    if (!seen || !this.canvas.offsetParent || !view.ground(seen.truth, seen.small)) return;
    const steps = String(room.knobs.match_steps);
    const at = arrived(seen.angles[steps], Number(room.knobs.match_t));
    view.ways(seen.beside[steps], seen.count, at, { straight: false });
    view.particles(seen.beside[steps], seen.count, at, 1.2);
  }

  /** S, and the distance to the data by the number of steps; what is shown now stands out. */
  rows(steps) {
    const [first] = this.seen.rows;
    const head = (text, more = {}) => kit.el("th", { scope: "col", ...more }, text);
    const counts = Object.keys(first.distances);
    const top = kit.el("tr", {}, kit.el("td"), head("S"), ...counts.map((n) => head(n === FINEST ? sentence("flow.matching.table.steps", { n: Number(n) }) : n, { "data-on": n === steps ? "" : null })));
    const body = this.seen.rows.map(({ pairing, straightness, distances }) => {
      const mine = pairing === this.seen.pairing ? "" : null;
      const cells = counts.map((n) => kit.el("td", { "data-on": mine === "" && n === steps ? "" : null }, written(distances[n], 2)));
      return kit.el("tr", { "data-mine": mine }, kit.el("th", { scope: "row" }, sentence(`flow.matching.pairs.${pairing}`)), kit.el("td", {}, written(straightness, straightness < 0.01 ? 4 : 2)), ...cells);
    });
    this.table.replaceChildren(kit.el("caption", {}, sentence("flow.matching.table.caption")), kit.el("thead", {}, top), kit.el("tbody", {}, ...body));
  }
}
