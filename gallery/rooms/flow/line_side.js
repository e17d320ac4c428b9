// The formula with today's numbers, both areas, and a question; where f is fitted, the fit.
import { on } from "gallery/shell/page.js";
import { getRoom } from "gallery/shell/rooms.js";
import { sentence, written } from "gallery/shell/words.js";
import * as kit from "gallery/widgets/_kit.js";
import { Question } from "gallery/widgets/_question.js";

const DIGITS = 6;

/** p with an index, as nodes. */
const p = (index) => [kit.el("i", {}, "p"), kit.el("sub", {}, index)];
const signed = (x, digits) => `${x < 0 ? "−" : "+"} ${written(Math.abs(x), digits)}`;

export default class Side {
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
    this.seen = this.opening = null;
    this.build();
    kit.listen(this.room, "line.seen", (seen) => { this.seen = seen; this.write(); });
    this.room.on("knobs", ({ changed }) => this.room.minds(changed, "line") && this.write());
    this.room.on("line.learn", () => this.open(true));
    on("lang", () => this.write());
    this.write();
  }

  build() {
    this.rule = kit.el("p", { class: "v-flow-rule" });
    this.law = kit.el("p", { class: "v-flow-law" });
    this.terms = kit.el("div", { class: "v-flow-terms" });
    this.areas = ["x", "z"].map((axis) => ({ axis, said: kit.el("span"), number: kit.el("b") }));
    const rows = this.areas.map(({ said, number }) => kit.el("div", { class: "v-flow-area" }, said, number));
    const question = new Question(this.room, { knob: "guess", words: "flow.line.question", right: this.props.right });
    this.told = kit.el("div", { class: "v-flow-told" }, this.rule, this.law, this.terms, kit.el("div", { class: "v-flow-areas" }, ...rows), question.node);
    this.learning = kit.el("div", { class: "v-flow-fit", hidden: true });
    this.root.replaceChildren(this.told, this.learning);
  }

  write() {
    const { form, a, b } = this.room.knobs;
    const fitting = form === "fit";
    this.told.hidden = fitting;
    this.learning.hidden = !fitting;
    if (fitting) return void this.open(false);
    const bent = form === "spline";
    const flat = !bent && a === 0;
    this.rule.replaceChildren(...(bent ? ["z = g(", ...this.affine(0.5, -2.5), ")"] : ["z = ", ...this.affine(a, b)]));
    this.law.textContent = bent ? sentence("flow.line.spline") : flat ? sentence("flow.line.none") : sentence("flow.line.normal", { mean: -b / a, deviation: 1 / Math.abs(a) });
    if (this.seen && !flat) this.numbers();
    for (const node of [this.terms, this.areas[0].number.parentElement.parentElement]) node.classList.toggle("v-waiting", flat);
  }

  affine(a, b) {
    return [kit.el("b", {}, written(a, 2)), " x ", kit.el("b", {}, signed(b, 2))];
  }

  numbers() {
    const { at } = this.room.knobs;
    const { here: [z, dense, slope, product], ends, area_x, area_z } = this.seen;
    const row = (...nodes) => kit.el("p", {}, ...nodes);
    this.terms.replaceChildren(
      row("x = ", written(at, 2), " → f(x) = ", written(z, 2)),
      row(...p("x"), " = ", ...p("z"), "(f(x)) · |f′(x)|"),
      row("= ", written(dense, 3), " · ", written(slope, 3), " = ", kit.el("b", {}, written(product, 3))));
    const half = 0.5 * 1;
    const spans = { x: [at - half, at + half], z: [Math.min(...ends), Math.max(...ends)] };
    this.areas.forEach(({ axis, said, number }, i) => {
      const [from, to] = spans[axis].map((v) => written(v, 2));
      said.replaceChildren(sentence("flow.line.area"), " ", ...p(axis), `: ${from} … ${to}`);
      number.textContent = written(i ? area_z : area_x, DIGITS);
    });
  }

  /** The fit comes with what only few visitors need. */
  async open(learn) {
    this.opening ??= import("gallery/rooms/flow/line_fit.js").then(({ Fit }) => new Fit(this.learning, this.room, this.props, this.server));
    const fit = await this.opening;
    if (learn) fit.again(true);
  }
}
