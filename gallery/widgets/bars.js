// Numbers as horizontal bars; signed ones grow from the middle. Widths never jump: figures are tabular.
import { on } from "gallery/shell/page.js";
import { getRoom } from "gallery/shell/rooms.js";
import { written } from "gallery/shell/words.js";
import * as kit from "gallery/widgets/_kit.js";

export default class Bars {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   */
  constructor(element, props) {
    this.root = kit.rootOf(element);
    this.props = props;
    this.room = getRoom(props.room);
    this.largest = {};
    this.data = null;
    this.rows = props.numbers.map((bar) => this.row(bar));
    this.root.replaceChildren(...this.rows.map((row) => row.node));
    this.root.style.setProperty("--figures", `${props.figures}ch`);
    kit.listen(this.room, props.event, (data) => this.show(data));
    on("lang", () => this.data && this.show(this.data));
  }

  row(bar) {
    const label = kit.el("span", { class: "v-bars-label" });
    if (bar.label.startsWith("=")) label.textContent = bar.label.slice(1);
    else label.setAttribute("data-t", bar.label);
    const scale = kit.el("small", { class: "v-bars-scale" });
    const fill = kit.el("i", { class: `v-bars-fill v-bars-${bar.color}` });
    const track = kit.el("span", { class: "v-bars-track", "aria-hidden": "true" }, fill);
    track.classList.toggle("v-bars-signed", bar.signed);
    const number = kit.el("output", { class: "v-bars-number" }, "\u2013");
    const named = kit.el("span", { class: "v-bars-name" }, label, bar.full ? scale : null);
    return { bar, fill, number, scale, node: kit.el("div", { class: "v-bars-row" }, named, track, number) };
  }

  /** A field is a name, or a name and an index: "mu.0". */
  read(data, field) {
    return field.split(".").reduce((value, part) => value?.[part], data);
  }

  show(data) {
    this.data = data;
    for (const { bar, fill, number, scale } of this.rows) {
      // Bars of different scales stand side by side: each says what fills it.
      if (bar.full) scale.textContent = `${bar.signed ? "±" : "0–"}${written(bar.full, 0)}`;
      const value = this.read(data, bar.field);
      const known = typeof value === "number" && Number.isFinite(value);
      number.textContent = known ? written(value, bar.digits) : "\u2013";
      this.fill(fill, bar, known ? value : 0);
    }
  }

  fill(node, bar, value) {
    const full = bar.full ?? this.grow(bar, Math.abs(value));
    const part = kit.clamp(value / full, -1, 1) * 100;
    const size = Math.abs(part) / (bar.signed ? 2 : 1);
    node.style.width = `${size}%`;
    if (bar.signed) node.style.left = `${part < 0 ? 50 - size : 50}%`;
  }

  /** Without a given full size, bars of the same scale share the largest value seen so far. */
  grow(bar, size) {
    const scale = bar.scale ?? bar.field;
    this.largest[scale] = Math.max(this.largest[scale] ?? 1e-9, size);
    return this.largest[scale];
  }
}
