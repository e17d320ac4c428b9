// The learned score: trains while somebody looks on, shows the figure as it falls and where the network is still wrong.
import { call, latest } from "gallery/shell/calls.js";
import { notice, on } from "gallery/shell/page.js";
import { BY, getRoom } from "gallery/shell/rooms.js";
import { sentence, written } from "gallery/shell/words.js";
import { colour, numbers, painted, shades } from "gallery/widgets/_ground.js";
import * as kit from "gallery/widgets/_kit.js";
import { pause, turn } from "gallery/widgets/_lab_turn.js";
import { Pull } from "gallery/widgets/_pull.js";

const NS = "http://www.w3.org/2000/svg";
const THIN = 0.02; // of the highest density: below, points hardly ever come
const PALE = 0.22;
const [WIDE, HIGH] = [160, 100]; // of the plot; it is stretched to its place

export default class Training {
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
    this.seen = null;
    this.index = this.turn = 0;
    this.errors = [];
    this.token = null;
    this.build();
    const { room } = this;
    // The moment that is trained says what has been learned at the t that is shown just then.
    const pulled = { begin: (args) => server.begin(args), more: ([token]) => server.more([token, { ...room.knobs }]) };
    this.pull = new Pull(pulled, this.root, { heard: (answer) => this.heard(answer), ended: (how) => this.ended(how) });
    this.fetch = latest(() => this.fetchLearned());
    this.connect();
    this.write();
  }

  build() {
    this.button = kit.el("button", { type: "button", class: "v-button v-score-train", onclick: () => this.toggle() });
    this.number = kit.el("b", { class: "v-score-number" }, "–");
    this.map = kit.el("canvas", { class: "v-score-map", role: "img", "data-t-label": "diffusion.score.map_alt" });
    this.hint = kit.el("div", { class: "v-score-hint", "data-t": "diffusion.score.hint" });
    this.line = document.createElementNS(NS, "polyline");
    const plot = document.createElementNS(NS, "svg");
    Object.entries({ viewBox: `0 0 ${WIDE} ${HIGH}`, preserveAspectRatio: "none", class: "v-score-plot", "aria-hidden": "true" })
      .forEach(([name, value]) => plot.setAttribute(name, value));
    plot.append(this.line);
    this.status = kit.el("div", { class: "v-score-status", "aria-live": "off" });
    this.caption = kit.el("div", { class: "v-score-caption", "data-t": "diffusion.score.map" });
    const figure = kit.el("div", { class: "v-score-figure" }, this.number, kit.el("span", { "data-t": "diffusion.score.figure" }));
    this.root.replaceChildren(
      kit.el("div", { class: "v-score-left" }, kit.el("div", { class: "v-paper" }, this.map, this.hint), this.caption),
      kit.el("div", { class: "v-score-right" }, this.button, figure, plot, this.status));
  }

  connect() {
    const { room } = this;
    room.on("score.another", () => this.forget());
    room.on("score.train", () => this.start());
    kit.listen(room, "score.field", (field) => {
      this.field = field;
      this.paint();
    });
    kit.listen(room, "score.seen", ({ i }) => {
      this.index = i;
      this.paint();
    });
    room.on("knobs", ({ changed }) => {
      const other = changed.has("way") || changed.has("seed");
      if (other && this.seen && !this.seen.live && this.root.offsetParent) this.fetch();
    });
    on("lang", () => this.write());
    on("theme", () => this.paint());
    // Without a network there is nothing learned to be shown, whatever a link says.
    if (room.knobs.field === "learned") {
      notice(sentence("diffusion.score.untrained"));
      room.set({ field: "exact" });
    }
    room.on("knobs", ({ changed, origin }) => {
      if (changed.has("field") && origin === BY.SEGMENT && room.knobs.field === "learned" && !this.seen) this.start();
    });
  }

  toggle() {
    if (this.pull.running) this.pull.stop();
    else this.start();
  }

  start() {
    this.forget();
    this.room.set({ field: "learned" });
    const points = this.room.knobs.density === "drawn" ? this.drawing() : null;
    this.pull.start([{ ...this.room.knobs }, points]);
    this.write();
  }

  /** The points of the drawing belong to the stage. */
  drawing() {
    return kit.last(this.room, "score.drawing")?.points ?? null;
  }

  /** Another density: what was learned of the old one is of no use. */
  forget() {
    this.token = null;
    if (this.pull.running) this.pull.stop();
    Object.assign(this, { seen: null, told: null, errors: [] });
    kit.emit(this.room, "score.learned", null);
    this.room.stay(this.root, null);
    if (this.room.knobs.field === "learned") this.room.set({ field: "exact" });
    this.line.setAttribute("points", "");
    this.write();
    this.paint();
  }

  async heard(answer) {
    this.token = answer.token ?? this.token;
    this.turn = answer.turn ?? 0;
    if (this.turn) {
      this.write();
      return pause();
    }
    this.told = answer;
    this.errors.push([answer.taken / answer.steps, answer.figure]);
    this.line.setAttribute("points", this.errors.map(([x, y]) => `${(WIDE * x).toFixed(1)},${(HIGH * (1 - Math.min(1, y))).toFixed(1)}`).join(" "));
    this.take(answer, true);
    this.write();
  }

  /** What was learned: while it trains at one t, afterwards at all. */
  take(answer, live) {
    this.seen = { ...answer, live, arrows: numbers(answer.arrows, Int8Array), difference: numbers(answer.difference, Uint8Array) };
    const paths = answer.paths && { ...answer.paths, sde: numbers(answer.paths.sde, Int16Array), ode: numbers(answer.paths.ode, Int16Array) };
    kit.emit(this.room, "score.learned", { ...this.seen, paths });
    this.room.stay(this.root, "diffusion.score.untrained", true);
    this.paint();
  }

  ended(how) {
    this.root.dataset.ended = how;
    this.write();
    // Who went to another room asks for no more; who stopped sees what has been learned so far.
    if (how !== "failed" && this.told && this.root.offsetParent) this.fetch();
  }

  async fetchLearned() {
    const { token } = this;
    if (!token || this.pull.running) return;
    const answer = await call(this.server, "learned", [token, { ...this.room.knobs }]);
    if (token !== this.token || this.pull.running) return; // meanwhile another density, or another training
    this.take(answer, false);
    kit.count(this.root, "learned");
  }

  write() {
    const { told, pull } = this;
    this.button.setAttribute("data-t", pull.running ? "diffusion.score.stop" : told ? "diffusion.score.again" : "diffusion.score.train");
    this.button.classList.toggle("v-score-ready", !pull.running && !told);
    this.number.textContent = told ? written(told.figure, 3) : "–";
    const args = told && {
      taken: told.taken, steps: told.steps, seconds: written(told.seconds, 1), loss: written(told.loss, 2),
    };
    const waits = pull.running && this.turn;
    this.status.textContent = waits ? sentence("widgets.training.turn", turn(this.turn, this.props)) : told ? sentence("diffusion.score.status", args) : "";
  }

  /** |s - s*|, pale where points hardly ever come. */
  paint() {
    const { seen, field, map } = this;
    this.hint.hidden = Boolean(seen);
    map.classList.toggle("v-score-empty", !seen);
    if (!seen || !field) return;
    const { fine } = seen;
    const values = seen.live ? seen.difference : seen.difference.subarray(this.index * fine ** 2, (this.index + 1) * fine ** 2);
    const table = shades(colour(map, "--paper"), colour(map, "--accent"));
    const wide = field.side * field.times.length;
    const alpha = (k) => {
      const [x, y] = [k % fine, Math.floor(k / fine)].map((v) => Math.floor(((v + 0.5) * field.side) / fine));
      return field.grey[y * wide + this.index * field.side + x] >= 255 * THIN ? 1 : PALE;
    };
    const picture = painted(values, fine, fine, table, alpha);
    Object.assign(map, { width: fine, height: fine });
    map.getContext("2d").drawImage(picture, 0, 0);
  }
}
