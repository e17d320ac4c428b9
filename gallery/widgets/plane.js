// A 2-D plane with a background and a point; where the point goes, the server is asked.
import { call, latest } from "gallery/shell/calls.js";
import { on } from "gallery/shell/page.js";
import { getRoom } from "gallery/shell/rooms.js";
import * as kit from "gallery/widgets/_kit.js";
import { legend, Scatter } from "gallery/widgets/_scatter.js";

const KEPT = 12; // backgrounds kept in the browser, so that switching back is immediate

/** Normal distribution function; erf after Abramowitz & Stegun 7.1.26, error below 1.5e-7. */
function cdf(x) {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * z);
  const poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const erf = 1 - poly * Math.exp(-z * z);
  return x < 0 ? (1 - erf) / 2 : (1 + erf) / 2;
}

/** Its inverse, by bisection: 40 steps are exact to 1e-11 and need no table of constants. */
function quantile(p) {
  let low = -8;
  let high = 8;
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (cdf(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Latent units <-> fraction of the side, for both kinds of background. */
const MAPPINGS = {
  quantile: { toFraction: (u) => cdf(u), toValue: (p) => quantile(kit.clamp(p, 1e-6, 1 - 1e-6)) },
  linear: { toFraction: (u, lim) => (u / lim + 1) / 2, toValue: (p, lim) => (2 * p - 1) * lim },
};

const TICKS = 4; // to either side of 0
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export default class Plane {
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
    this.range = this.room.specs[props.knobs[0]].max;
    this.lim = this.range;
    this.mapping = MAPPINGS[props.mapping];
    this.backgrounds = new Map();
    this.names = []; // of the axes
    this.since = undefined;
    this.build();
    this.asker = server.ask ? new kit.Asker(this.room, server, "ask", props.id) : null;
    this.fetchBackground = latest((key, knobs) => this.loadBackground(key, knobs));
    this.connect();
    this.place(false);
    this.updateBackground();
    this.ask();
  }

  build() {
    const { props } = this;
    this.back = kit.el("img", { class: "v-plane-back", alt: "", draggable: false, hidden: true });
    this.canvas = kit.el("canvas", { class: "v-plane-back", "aria-hidden": "true" });
    this.cover = kit.el("canvas", { class: "v-plane-back v-plane-cover", hidden: true, "aria-hidden": "true" });
    this.point = kit.el("div", { class: "v-plane-point" });
    this.axes = kit.el("div", { class: "v-plane-axes", "aria-hidden": "true" });
    this.field = kit.el("div", {
      class: "v-plane-field", tabindex: "0", role: "slider", "data-t-label": props.name,
      "aria-valuemin": String(-this.range), "aria-valuemax": String(this.range),
    }, this.canvas, this.back, this.cover, this.point);
    this.legend = kit.el("div", { class: "v-legend" });
    this.root.style.setProperty("--rows", props.legend_rows);
    this.root.dataset.frames = "0";
    this.root.replaceChildren(kit.el("div", { class: "v-paper" }, kit.el("div", { class: "v-plane-ground" }, this.field, this.axes)), this.legend);
  }

  connect() {
    const follow = (event) => this.follow(event);
    kit.drag(this.field, { start: follow, move: follow, early: true });
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.room.on("knobs", (change) => this.heard(change));
    this.room.on(`${this.props.id}.answer`, (answer) => this.count(answer));
    if (this.props.cover) this.room.on(this.props.cover, ({ image }) => this.show(image));
    on("lang", () => this.redraw());
    on("theme", () => this.redraw());
  }

  get value() {
    return this.props.knobs.map((name) => Number(this.room.knobs[name] ?? 0));
  }

  /**
   * A frame {source, x, y, w, h} over the background; the first change that does not come from the frames
   * themselves (whose origin is the cover's event) takes it away.
   */
  show({ source, x, y, w, h }) {
    Object.assign(this.cover, { width: w, height: h, hidden: false });
    this.cover.getContext("2d").drawImage(source, x, y, w, h, 0, 0, w, h);
  }

  /** The point goes under the pointer. */
  follow(event) {
    const { x, y } = kit.within(this.field, event);
    this.move(event, this.mapping.toValue(x, this.lim), this.mapping.toValue(1 - y, this.lim));
  }

  key(event) {
    if (event.key !== "Home" && !(event.key in STEPS)) return;
    event.preventDefault();
    if (event.key === "Home") return this.move(event, 0, 0);
    const [u, v] = this.value;
    const step = event.shiftKey ? this.props.big_step : this.props.step;
    const [du, dv] = STEPS[event.key];
    this.move(event, u + du * step, v + dv * step);
  }

  move(event, u, v) {
    this.since = event.timeStamp;
    const [a, b] = this.props.knobs;
    this.room.set({ [a]: u, [b]: v }, this.props.id); // the room keeps them within their bounds
    this.since = undefined;
  }

  heard({ changed, origin }) {
    const { knobs, background_knobs: others, id } = this.props;
    const any = (names) => names.some((name) => changed.has(name));
    if ((any(knobs) || any(others)) && origin !== this.props.cover) this.cover.hidden = true;
    if (any(knobs)) this.place(origin !== id);
    if (any(others)) this.updateBackground();
    if (any(knobs) || any(others)) this.ask();
  }

  ask() {
    if (this.asker) this.asker.ask([{ ...this.room.knobs }, ...this.value], this.since);
  }

  /** One frame a move: from the hand's event to the answer's being handed to the pictures. */
  count({ since }) {
    kit.count(this.root, "frames");
    performance.measure("plane.answer", { start: since, end: performance.now() });
  }

  place(glide) {
    const [u, v] = this.value;
    this.point.classList.toggle("v-glides", glide && !kit.reduced());
    this.point.style.left = `${kit.clamp(this.mapping.toFraction(u, this.lim), 0, 1) * 100}%`;
    this.point.style.top = `${kit.clamp(1 - this.mapping.toFraction(v, this.lim), 0, 1) * 100}%`;
    const [a, b] = this.props.knobs;
    this.field.setAttribute("aria-valuenow", u);
    this.field.setAttribute("aria-valuetext", `${a} = ${kit.say(u, 2)}; ${b} = ${kit.say(v, 2)}`);
  }

  updateBackground() {
    if (!this.server.background) return;
    const knobs = Object.fromEntries(this.props.background_knobs.map((name) => [name, this.room.knobs[name]]));
    const key = JSON.stringify(knobs);
    this.wanted = key;
    if (this.backgrounds.has(key)) return this.paint(key, this.backgrounds.get(key));
    this.field.classList.add("v-plane-waits");
    this.fetchBackground(key, knobs);
  }

  async loadBackground(key, knobs) {
    try {
      const answer = await call(this.server, "background", [knobs]);
      if (answer.image) await kit.load(answer.image);
      this.backgrounds.set(key, answer);
      if (this.backgrounds.size > KEPT) this.backgrounds.delete(this.backgrounds.keys().next().value);
      await this.paint(key, answer);
    } catch (error) {
      if (key === this.wanted) this.field.classList.remove("v-plane-waits");
    }
  }

  paint(key, answer) {
    if (key !== this.wanted) return; // the visitor has already moved on
    this.field.classList.remove("v-plane-waits");
    this.mapping = MAPPINGS[answer.mapping];
    this.lim = answer.lim ?? this.range;
    this.scatter?.close();
    this.scatter = answer.points ? new Scatter(this.canvas, answer) : null;
    this.back.hidden = !answer.image;
    if (answer.image) this.back.src = answer.image;
    if (answer.alt) this.back.setAttribute("data-t-alt", answer.alt);
    this.canvas.setAttribute("data-kind", answer.points ? "scatter" : "none");
    const entries = answer.points ? answer.legend ?? [] : [];
    this.legend.replaceChildren(...legend(entries, (label) => this.scatter?.light(label)));
    this.names = answer.axes ?? [];
    this.root.classList.toggle("v-plane-scaled", this.names.length > 0);
    this.scales();
    this.place(false);
    kit.emit(this.room, `${this.props.id}.background`, { mapping: answer.mapping, lim: this.lim });
  }

  /** Whole numbers along both axes, where the background has them, and the names of the axes at their ends. */
  scales() {
    const ticks = Array.from({ length: this.names.length && 2 * TICKS + 1 }, (_, i) => i - TICKS)
      .map((value) => ({ value, part: this.mapping.toFraction(value, this.lim) }))
      .filter(({ part }) => part > 0.01 && part < 0.99);
    const along = (side) => ticks.map(({ value, part }) =>
      kit.el("span", { class: `v-plane-tick v-plane-${side}`, style: `--part: ${100 * part}%` }, kit.say(value)));
    const names = this.names.map((name, i) => kit.el("b", { class: `v-plane-tick v-plane-${i ? "up" : "across"}`, style: "--part: 91.5%" }, name));
    this.axes.replaceChildren(...along("across"), ...along("up"), ...names);
  }

  redraw() {
    this.scales();
    this.place(false);
    this.scatter?.draw();
  }
}
