// A brush: how wide it is, in what colour, and a line of it.
import * as kit from "gallery/widgets/_kit.js";

/** @typedef {[string, string]} Ink A colour, and the words key of its name. */
/** @typedef {[number, string]} Width Pixels of the pad, and the words key of its name. */

const LARGEST = 16; // px across the dot that stands for the widest brush
const LEAST = 4;

export class Brush {
  /**
   * The first colour and the second width are taken at the start. names: words keys of both groups.
   * @param {Ink[]} colours
   * @param {Width[]} widths
   * @param {{colour: string, width: string}} names
   */
  constructor(colours, widths, names) {
    this.ink = colours[0][0];
    this.width = widths[1][0];
    const most = Math.max(...widths.map(([width]) => width));
    const dot = (width) => {
      const size = `${LEAST + ((LARGEST - LEAST) * width) / most}px`;
      return kit.el("i", { style: `width:${size};height:${size}` });
    };
    const wide = ([width, name]) => ({ value: width, node: this.button(name, "v-icon-button v-brush-width", { width }, dot(width)) });
    const dyed = ([ink, name]) => ({ value: ink, node: this.button(name, "v-brush-colour", { ink }, null, `background:${ink}`) });
    this.items = { width: widths.map(wide), ink: colours.map(dyed) };
    const group = (items, what, label) => kit.el("div", { class: `v-brush-${what}`, role: "group", "data-t-label": label }, ...items.map(({ node }) => node));
    this.nodes = [group(this.items.width, "widths", names.width), group(this.items.ink, "colours", names.colour)];
    this.press();
  }

  button(name, kind, chosen, child, style) {
    const choose = () => {
      Object.assign(this, chosen);
      this.press();
    };
    return kit.el("button", { type: "button", class: kind, style, "data-t-label": name, "data-t-title": name, onclick: choose }, child);
  }

  press() {
    for (const [what, items] of Object.entries(this.items)) {
      for (const { value, node } of items) node.setAttribute("aria-pressed", String(value === this[what]));
    }
  }
}

/** A line of the brush. */
export function stroke(context, from, to, ink, width) {
  Object.assign(context, { lineCap: "round", lineJoin: "round", lineWidth: width, strokeStyle: ink });
  context.beginPath();
  context.moveTo(from.x, from.y);
  context.lineTo(to.x + 0.01, to.y); // a line of no length would leave no dot
  context.stroke();
}
