// "Fit it": f learns a sample by gradient descent on the likelihood, step by step, beside a kernel density estimate.
import { call } from "gallery/shell/calls.js";
import { on } from "gallery/shell/page.js";
import { sentence, written } from "gallery/shell/words.js";
import { numbers } from "gallery/widgets/_ground.js";
import * as kit from "gallery/widgets/_kit.js";
import { pause, turn } from "gallery/widgets/_lab_turn.js";
import { Pull, inTurn, takenUp } from "gallery/widgets/_pull.js";

const NS = "http://www.w3.org/2000/svg";
const [WIDE, HIGH] = [160, 100]; // of the plot; it is stretched to its place

export class Fit {
  /**
   * @param {HTMLElement} root
   * @param {kit.Room} room
   * @param {Props} props
   * @param {Server} server
   */
  constructor(root, room, props, server) {
    this.root = root;
    this.room = room;
    this.props = props;
    this.server = server;
    this.kind = "look";
    this.points = this.told = this.begun = this.token = null;
    /** @type {any[]} */
    this.curve = [];
    this.build();
    this.beginNew = inTurn((args) => server.begin(args));
    const pulled = { begin: (args) => this.resume(args), more: ([token]) => server.more([token, this.kind, this.begun.until, {}]) };
    this.pull = new Pull(pulled, root, { heard: (answer) => this.heard(answer), ended: () => this.write() });
    room.on("knobs", ({ changed }) => room.minds(changed, "line") && this.turned(changed));
    kit.listen(room, "line.drawn", ({ points }) => this.drew(points));
    on("lang", () => this.write());
    this.again(false);
  }

  build() {
    const { samples } = this.props;
    const buttons = samples.map((name) => kit.el("button", { type: "button", class: "v-button", "data-t": `flow.line.sample.${name}`, "data-sample": name, onclick: () => this.room.set({ sample: name }) }));
    this.samples = kit.el("div", { class: "v-flow-samples", role: "group", "data-t-label": "flow.line.sample.label" }, ...buttons);
    this.play = kit.el("button", { type: "button", class: "v-button v-flow-learn", onclick: () => this.toggle() });
    this.one = kit.el("button", { type: "button", class: "v-button", "data-t": "widgets.training.step", onclick: () => this.step() });
    this.reset = kit.iconButton("reset", "flow.line.fit.again", () => this.again(false));
    this.clear = kit.iconButton("clear", "widgets.training.clear", () => this.room.emit("line.clear", {}));
    this.rows = ["nll", "unseen", "beside"].map((name) => {
      const number = kit.el("b", { class: "v-flow-number" }, "–");
      return { name, number, node: kit.el("div", { class: `v-flow-reading v-flow-reading-${name}` }, kit.el("span", { "data-t": `flow.line.fit.${name}` }), number) };
    });
    this.plot = document.createElementNS(NS, "svg");
    Object.entries({ viewBox: `0 0 ${WIDE} ${HIGH}`, preserveAspectRatio: "none", class: "v-flow-plot", "aria-hidden": "true" }).forEach(([name, value]) => this.plot.setAttribute(name, value));
    this.status = kit.el("p", { class: "v-flow-status", role: "status", "aria-live": "off" });
    this.root.replaceChildren(this.samples, kit.el("div", { class: "v-flow-does" }, this.play, this.one, this.reset, this.clear),
      kit.el("p", { class: "v-flow-loss" }, "L = −1/n Σ ( log p", kit.el("sub", {}, "z"), "(f(x)) + log |f′(x)| )"),
      kit.el("div", { class: "v-flow-readings" }, ...this.rows.map(({ node }) => node)), this.plot, this.status, kit.el("p", { class: "v-flow-hint", "data-t": "flow.line.fit.hint" }));
  }

  get drawn() {
    return this.room.knobs.sample === "drawn";
  }

  get enough() {
    return !this.drawn || (this.points?.length ?? 0) >= this.props.least;
  }

  turned(changed) {
    if (changed.has("sample")) this.again(false);
    if (changed.has("form") && this.room.knobs.form !== "fit") this.halt();
    this.write();
  }

  /** Another drawing: what was learned of the old one is of no use. */
  drew(points) {
    this.points = points;
    if (this.drawn) this.again(false);
  }

  /** From the line that the lecture begins with; learn: at once. */
  again(learn) {
    this.halt();
    Object.assign(this, { token: null, begun: null, told: null, curve: [], kind: learn ? "run" : "look" });
    if (this.enough) this.pull.start([{ ...this.room.knobs }, this.drawn ? this.points : null]);
    else kit.emit(this.room, "line.fit", null);
    this.write();
  }

  /** Goes on with the fit that is there; a server that has forgotten it begins anew. */
  resume(args) {
    return takenUp(this.token, (token) => this.server.more([token, this.kind, this.begun.until, {}]), () => this.beginNew(args));
  }

  toggle() {
    if (this.pull.running) return this.halt();
    if (!this.told || this.told.done) return this.again(true);
    this.kind = "run";
    this.pull.start([{ ...this.room.knobs }, this.drawn ? this.points : null]);
    this.write();
  }

  async step() {
    this.halt();
    const { token } = this;
    if (!token) return;
    const answer = await call(this.server, "more", [token, "both", this.begun.until, {}]);
    if (token === this.token && answer.steps !== undefined) this.take(answer);
  }

  /** Stops without a beacon: the fit is not left. */
  halt() {
    this.pull.token = null;
    this.pull.stop();
  }

  async heard(answer) {
    this.token = answer.token ?? this.token;
    if (answer.until) {
      this.begun = { ...answer, x: numbers(answer.x, Float32Array), kernel: numbers(answer.kernel, Float32Array) };
      this.curve = [];
    }
    if (answer.steps !== undefined) this.take(answer);
    if (this.kind === "look") this.halt();
    else if (answer.turn) await pause();
  }

  take(answer) {
    this.told = answer;
    this.curve.push(answer);
    kit.emit(this.room, "line.fit", { ...answer, x: this.begun.x, kernel: this.begun.kernel });
    this.root.dataset.steps = answer.steps;
    this.write();
  }

  write() {
    const { told, begun, pull } = this;
    for (const button of this.samples.children) button.setAttribute("aria-pressed", String(button.getAttribute("data-sample") === this.room.knobs.sample));
    const running = pull?.running && this.kind === "run";
    this.play.setAttribute("data-t", running ? "widgets.training.pause" : told?.done ? "flow.line.fit.more" : "flow.line.fit.go");
    this.play.classList.toggle("v-flow-ready", !running);
    this.play.disabled = this.one.disabled = !this.enough;
    this.one.disabled ||= Boolean(told?.done);
    this.clear.hidden = !this.drawn;
    const found = { ...told, beside: begun?.beside };
    for (const { name, number } of this.rows) number.textContent = found[name] === undefined ? "–" : written(found[name], 3);
    this.status.textContent = this.enough ? this.said() : sentence("flow.line.fit.draw", { n: this.points?.length ?? 0, least: this.props.least, most: this.props.most });
    this.draw();
  }

  said() {
    const { told, begun } = this;
    if (!told || !begun) return "";
    if (told.turn) return sentence("widgets.training.turn", turn(told.turn, this.props));
    return sentence("flow.line.fit.status", { n: begun.x.length, taken: told.steps, steps: begun.until, seconds: written(told.seconds, 1), width: written(begun.width, 2) });
  }

  /** Both likelihoods as they fall, and the line that the kernel estimate holds. */
  draw() {
    const { curve, begun } = this;
    if (!begun || !curve.length) return void this.plot.replaceChildren();
    const values = curve.flatMap(({ nll, unseen }) => [nll, unseen]).concat(begun.beside);
    const [low, high] = [Math.min(...values) - 0.02, Math.max(...values) + 0.02];
    const up = (v) => (HIGH * (high - v)) / (high - low);
    const made = (tag, attrs) => {
      const node = document.createElementNS(NS, tag);
      Object.entries(attrs).forEach(([name, value]) => node.setAttribute(name, String(value)));
      return node;
    };
    const line = (name) => made("polyline", { class: `v-flow-${name}`, points: curve.map((each) => `${((WIDE * each.steps) / begun.until).toFixed(1)},${up(each[name]).toFixed(1)}`).join(" ") });
    this.plot.replaceChildren(made("line", { class: "v-flow-beside", x1: 0, x2: WIDE, y1: up(begun.beside), y2: up(begun.beside) }), line("unseen"), line("nll"));
  }
}
