// A scatter of labelled points on a canvas: crisp on any screen, in the theme's colours, with a legend.
import * as kit from "gallery/widgets/_kit.js";

const CLASSES = 10;

/** Base64 -> typed array (little-endian, as every browser's machine is). */
function decode(text, Type) {
  return new Type(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
}

export class Scatter {
  /** `points`: {xy: base64 int16 pairs, 32767 = lim, label: base64 uint8}; `rings`: radii in latent units. */
  constructor(canvas, { points, lim, rings = [], legend = [] }) {
    this.canvas = canvas;
    this.lim = lim;
    this.rings = rings;
    this.legend = legend;
    this.lit = null;
    this.xy = decode(points.xy, Int16Array);
    this.label = decode(points.label, Uint8Array);
    this.resizing = new ResizeObserver(() => this.draw());
    this.resizing.observe(canvas);
  }

  close() {
    this.resizing.disconnect();
    this.canvas.getContext("2d").clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  /** Lights one class and pales the others; null lights all. */
  light(label) {
    this.lit = label;
    this.draw();
  }

  draw() {
    const { canvas } = this;
    const scale = window.devicePixelRatio || 1;
    const side = Math.round(canvas.clientWidth * scale);
    if (!side) return;
    if (canvas.width !== side) canvas.width = canvas.height = side;
    const context = canvas.getContext("2d");
    context.clearRect(0, 0, side, side);
    const style = getComputedStyle(canvas);
    this.drawAxes(context, side, scale, style);
    for (let label = 0; label < CLASSES; label++) if (label !== this.lit) this.drawClass(context, side, scale, style, label);
    if (this.lit !== null) this.drawClass(context, side, scale, style, this.lit);
    this.drawNames(context, side, scale, style);
  }

  drawAxes(context, side, scale, style) {
    context.strokeStyle = style.getPropertyValue("--line");
    context.lineWidth = scale;
    context.beginPath();
    context.moveTo(0, side / 2);
    context.lineTo(side, side / 2);
    context.moveTo(side / 2, 0);
    context.lineTo(side / 2, side);
    context.stroke();
    for (const radius of this.rings) {
      context.beginPath();
      context.arc(side / 2, side / 2, (radius / this.lim) * (side / 2), 0, 2 * Math.PI);
      context.stroke();
    }
  }

  drawClass(context, side, scale, style, label) {
    const faded = this.lit !== null && this.lit !== label;
    const dot = (faded ? 2 : 2.6) * scale;
    context.fillStyle = style.getPropertyValue(`--v-class-${label}`);
    context.globalAlpha = faded ? 0.1 : 0.72;
    for (let i = 0; i < this.label.length; i++) {
      if (this.label[i] !== label) continue;
      const [x, y] = this.place(i, side);
      context.fillRect(x - dot / 2, y - dot / 2, dot, dot);
    }
    context.globalAlpha = 1;
  }

  place(i, side) {
    return [((this.xy[2 * i] / 32767 + 1) / 2) * side, ((1 - this.xy[2 * i + 1] / 32767) / 2) * side];
  }

  /** Short names (digits) stand at the middle of their class; a long one only while it is lit. */
  drawNames(context, side, scale, style) {
    context.font = `700 ${15 * scale}px ${style.fontFamily}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.lineWidth = 4 * scale;
    context.strokeStyle = style.getPropertyValue("--paper");
    context.fillStyle = style.getPropertyValue("--ink");
    this.legend.forEach((entry, label) => {
      const name = kit.say(entry.key ? entry : entry.label);
      if (this.lit === null ? name.length > 2 : this.lit !== label) return;
      const middle = this.middle(label, side);
      if (!middle) return;
      context.strokeText(name, ...middle);
      context.fillText(name, ...middle);
    });
  }

  /** The median point of a class in pixels, kept off the edges; null where it has no points. */
  middle(label, side) {
    const xs = [];
    const ys = [];
    for (let i = 0; i < this.label.length; i++) {
      if (this.label[i] !== label) continue;
      const [x, y] = this.place(i, side);
      xs.push(x);
      ys.push(y);
    }
    if (!xs.length) return null;
    const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];
    const edge = side * 0.04;
    return [kit.clamp(median(xs), edge, side - edge), kit.clamp(median(ys), edge, side - edge)];
  }
}

/** One quiet button a class: pointing at it lights the class, a click keeps it lit. */
export function legend(entries, light) {
  let kept = null;
  const buttons = entries.map((entry, label) => {
    const name = kit.el("span", entry.key ? { "data-t": entry.key } : {}, entry.key ? "" : String(entry.label));
    const dot = kit.el("i", { class: "v-legend-dot", style: `background: var(--v-class-${label})` });
    const button = kit.el("button", { type: "button", class: "v-legend-entry", "aria-pressed": "false" }, dot, name);
    button.addEventListener("pointerenter", () => light(label));
    button.addEventListener("pointerleave", () => light(kept));
    button.addEventListener("click", () => {
      kept = kept === label ? null : label;
      buttons.forEach((other, i) => other.setAttribute("aria-pressed", String(i === kept)));
      light(kept);
    });
    return button;
  });
  return buttons;
}
