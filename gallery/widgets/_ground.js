// A square of the plane on a canvas, in the colours of the theme: what the score and the laboratory of GANs share.
import * as kit from "gallery/widgets/_kit.js";

const SHADES = 256;
const HUNG = 480; // px of a side for which arrows and dots are dimensioned

/** Base64 -> typed array (little-endian, as every browser's machine is). */
export function numbers(text, Type) {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = letters.charCodeAt(i);
  return new Type(bytes.buffer);
}

/** A colour of the theme as [r, g, b]. */
export function colour(node, name) {
  const context = kit.el("canvas", { width: 1, height: 1 }).getContext("2d");
  context.fillStyle = getComputedStyle(node.isConnected ? node : document.body).getPropertyValue(name).trim();
  context.fillRect(0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}

/** Shades from one colour to another, evenly in the screen's own scale, which is nearly even to the eye. */
export function shades(from, to) {
  return Array.from({ length: SHADES }, (_, i) => from.map((c, k) => Math.round(c + ((to[k] - c) * i) / (SHADES - 1))));
}

/** Grey values as a canvas in the shades; `alpha(i)`, where given, in 0 ... 1 for the i-th pixel. */
export function painted(values, width, height, table, alpha) {
  const data = new ImageData(width, height);
  for (let i = 0; i < values.length; i++) {
    const shade = table[values[i]];
    for (let k = 0; k < 3; k++) data.data[4 * i + k] = shade[k];
    data.data[4 * i + 3] = alpha ? Math.round(255 * alpha(i)) : 255;
  }
  const canvas = kit.el("canvas", { width, height });
  canvas.getContext("2d").putImageData(data, 0, 0);
  return canvas;
}

export class Ground {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {string[]} names of the theme's colours that are used
   * @param {number} [fixed] its side in pixels, where it hangs nowhere
   */
  constructor(canvas, names, fixed) {
    this.canvas = canvas;
    this.names = names;
    this.fixed = fixed;
    this.context = canvas.getContext("2d");
    this.side = 0;
    if (!fixed) new ResizeObserver(() => { this.side = 0; }).observe(canvas);
    this.dye();
  }

  /** The theme's colours, read again when it changes. */
  dye() {
    this.colours = Object.fromEntries(this.names.map((name) => [name, colour(this.canvas, `--${name}`)]));
  }

  css(name, alpha = 1) {
    return `rgb(${this.colours[name].join(" ")} / ${alpha})`;
  }

  /**
   * Makes the canvas as large as it is shown; the side in its own pixels. The page is measured only where it has
   * changed: asking it during a drag costs a layout.
   */
  fit() {
    const scale = this.fixed ? this.fixed / HUNG : window.devicePixelRatio || 1;
    if (this.side && scale === this.scale) return this.side;
    this.scale = scale;
    if (this.fixed) return (this.side = this.fixed);
    this.side = Math.round(this.canvas.clientWidth * this.scale);
    if (this.side && this.canvas.width !== this.side) this.canvas.width = this.canvas.height = this.side;
    return this.side;
  }

  /**
   * A point's place in pixels; 32767 is twice the half side.
   * @returns {[number, number]}
   */
  place(xy, at) {
    return [(xy[at] / 32767 + 0.5) * this.side, (0.5 - xy[at + 1] / 32767) * this.side];
  }

  arrow(x, y, dx, dy, head) {
    const { context } = this;
    const [tx, ty] = [x + dx / 2, y + dy / 2];
    context.moveTo(x - dx / 2, y - dy / 2);
    context.lineTo(tx, ty);
    context.moveTo(tx - head * (0.9 * dx - 0.55 * dy), ty - head * (0.9 * dy + 0.55 * dx));
    context.lineTo(tx, ty);
    context.lineTo(tx - head * (0.9 * dx + 0.55 * dy), ty - head * (0.9 * dy - 0.55 * dx));
  }

  /** Points of a drawing, as fractions of the side. */
  dots(points) {
    const { context, side, scale } = this;
    context.fillStyle = this.css("data", 0.8);
    for (const [x, y] of points) {
      context.beginPath();
      context.arc(x * side, y * side, 3 * scale, 0, 2 * Math.PI);
      context.fill();
    }
  }

  /** Where the arrow keys have brought the pen. */
  pen([x, y]) {
    const { context, side, scale } = this;
    Object.assign(context, { strokeStyle: this.css("accent"), lineWidth: 2 * scale });
    context.beginPath();
    context.arc(x * side, y * side, 8 * scale, 0, 2 * Math.PI);
    context.stroke();
  }
}
