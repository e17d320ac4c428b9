// Curves over a common axis, with a line where one is, and points that the hand may move.
import { on } from "gallery/shell/page.js";
import { getRoom } from "gallery/shell/rooms.js";
import { sentence, written } from "gallery/shell/words.js";
import * as kit from "gallery/widgets/_kit.js";

const NS = "http://www.w3.org/2000/svg";
const STEP = 0.02;
const HIGH = 100; // of the drawing; it is stretched to its place

export default class Curve {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   */
  constructor(element, props) {
    this.root = kit.rootOf(element);
    this.props = props;
    this.room = getRoom(props.room);
    this.curves = [];
    this.x = 0;
    this.build();
    this.connect();
  }

  build() {
    this.svg = document.createElementNS(NS, "svg");
    this.svg.setAttribute("viewBox", `0 0 ${HIGH} ${HIGH}`);
    this.svg.setAttribute("preserveAspectRatio", "none");
    this.svg.setAttribute("aria-hidden", "true");
    this.marker = kit.el("i", { class: "v-curve-marker" });
    this.dots = kit.el("span", { "aria-hidden": "true" });
    this.handles = this.props.handles.map((knob, i) => this.handle(knob, i));
    this.field = kit.el("div", { class: "v-curve-field", "data-t-label": this.props.alt },
      this.svg, this.marker, this.dots);
    this.ground = kit.el("div", { class: "v-curve-ground" }, this.field, ...this.handles);
    const free = Boolean(this.props.at) && !this.props.marker;
    this.marker.hidden = !this.props.at;
    this.field.classList.toggle("v-curve-free", free);
    this.field.setAttribute("role", free ? "slider" : "img");
    if (free) this.free();
    this.keys = kit.el("div", { class: "v-curve-foot" });
    this.root.replaceChildren(this.ground, this.keys);
  }

  /** The line is the hand's: drag it, or move it with the arrow keys. */
  free() {
    const { at, last } = this.props;
    const go = (x) => this.room.set({ [at]: Math.round(kit.clamp(x, 0, last)) });
    Object.entries({ tabindex: "0", "aria-valuemin": "0", "aria-valuemax": String(last) })
      .forEach(([name, value]) => this.field.setAttribute(name, value));
    kit.drag(this.field, {
      start: (event) => go(kit.within(this.field, event).x * last),
      move: (event) => go(kit.within(this.field, event).x * last),
      early: true,
    });
    this.field.addEventListener("keydown", (event) => {
      const by = last / (event.shiftKey ? 20 : 100);
      const now = this.room.knobs[at];
      const to = {
        ArrowLeft: now - by, ArrowDown: now - by, ArrowRight: now + by, ArrowUp: now + by, Home: 0, End: last,
      }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      go(to);
    });
  }

  /** A movable point: up and down with the hand or the arrow keys. */
  handle(knob, i) {
    const node = kit.el("button", {
      type: "button", class: "v-curve-handle", role: "slider", "aria-valuemin": "0", "aria-valuemax": "1",
      "data-t-label": this.props.handle, "data-t-args": JSON.stringify({ n: i + 1 }),
    });
    const set = (y) => this.room.set({ [knob]: kit.round(kit.clamp(y, 0, 1), 3) });
    const move = (event) => set(1 - kit.within(this.field, event).y);
    kit.drag(node, { start: () => node.focus(), move, early: true });
    node.addEventListener("keydown", (event) => {
      const by = { ArrowUp: STEP, ArrowRight: STEP, ArrowDown: -STEP, ArrowLeft: -STEP, PageUp: 0.1, PageDown: -0.1 }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      set(this.room.knobs[knob] + by);
    });
    node.style.left = `${(100 * (i + 1)) / (this.props.handles.length + 1)}%`;
    return node;
  }

  connect() {
    const { room, props } = this;
    kit.listen(room, props.event, ({ curves }) => this.show(curves));
    if (props.marker) kit.listen(room, props.marker, (data) => this.mark(data[props.at]));
    room.on("knobs", () => this.follow());
    on("lang", () => this.legend());
    this.follow();
  }

  follow() {
    const { room, props } = this;
    if (props.at && !props.marker) this.mark(room.knobs[props.at]);
    const [knob, value] = props.handles_when ?? [];
    this.handles.forEach((node, i) => {
      const y = room.knobs[props.handles[i]];
      node.style.top = `${100 * (1 - y)}%`;
      node.hidden = Boolean(knob) && String(room.knobs[knob]) !== value;
      node.setAttribute("aria-valuenow", y);
    });
  }

  show(curves) {
    if (!curves) return;
    this.curves = curves;
    this.svg.replaceChildren(...curves.map(({ points, color, dash }) => {
      const path = document.createElementNS(NS, "path");
      const step = HIGH / (points.length - 1);
      path.setAttribute("d", points.map((y, i) => `${i ? "L" : "M"}${(i * step).toFixed(2)} ${(HIGH * (1 - y)).toFixed(2)}`).join(""));
      path.setAttribute("class", `v-curve-${color}${dash ? " v-curve-dash" : ""}`);
      return path;
    }));
    this.dots.replaceChildren(...curves.map(({ color, quiet }) =>
      kit.el("i", { class: `v-curve-dot v-curve-${color}`, hidden: Boolean(quiet) || !this.props.at })));
    this.legend();
    this.mark(this.x);
  }

  legend() {
    const { axis } = this.props;
    const names = this.curves.filter(({ label }) => label).map(({ label, color, dash }) =>
      kit.el("span", { class: `v-curve-key v-curve-${color}${dash ? " v-curve-dash" : ""}` }, kit.say(label)));
    this.name = axis.startsWith("=") ? axis.slice(1) : sentence(axis);
    this.end = kit.el("span");
    this.keys.replaceChildren(...names, this.end);
    this.count();
  }

  /** Where on its axis the line stands; without a line, what the axis is. */
  count() {
    if (!this.end) return;
    const { at, last, digits } = this.props;
    this.end.textContent = at ? `${this.name} = ${written(this.x, digits)} / ${written(last, 0)}` : this.name;
  }

  /** The line stands at x, a dot on each curve. */
  mark(x) {
    if (x === undefined) return;
    this.x = x;
    const { first, last } = this.props;
    const part = kit.clamp((x - first) / (last - first), 0, 1);
    this.marker.style.left = `${100 * part}%`;
    this.curves.forEach(({ points }, i) => {
      const place = part * (points.length - 1);
      const [a, b] = [points[Math.floor(place)], points[Math.ceil(place)]];
      const y = a + (b - a) * (place - Math.floor(place));
      const dot = /** @type {HTMLElement} */ (this.dots.children[i]);
      Object.assign(dot.style, { left: `${100 * part}%`, top: `${100 * (1 - y)}%` });
    });
    if (this.field.getAttribute("role") === "slider") this.field.setAttribute("aria-valuenow", x);
    this.count();
  }
}
