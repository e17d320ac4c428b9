// The plane of the score: density, arrows, particles and their trails on one canvas, in the colours of the theme.
import * as kit from "gallery/widgets/_kit.js";

const FOLLOWED = 6; // particles whose path is drawn
const TAIL = 36; // frames of it, the older the paler
const PALER = 4;
const LONG = 0.94; // of a cell: the longest arrow
const SHADES = 256;
const HUNG = 480; // px of a side for which arrows and dots are dimensioned

/** Base64 -> typed array (little-endian, as every browser's machine is). */
export function numbers(text, Type) {
  return new Type(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
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
    const [r, g, b] = table[values[i]];
    data.data.set([r, g, b, alpha ? Math.round(255 * alpha(i)) : 255], 4 * i);
  }
  const canvas = kit.el("canvas", { width, height });
  canvas.getContext("2d").putImageData(data, 0, 0);
  return canvas;
}

export class ScoreView {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {number} [fixed] its side in pixels, where it hangs nowhere
   */
  constructor(canvas, fixed) {
    this.canvas = canvas;
    this.fixed = fixed;
    this.context = canvas.getContext("2d");
    this.dye();
  }

  /** The theme's colours, read again when it changes. */
  dye() {
    const names = ["paper", "ink", "soft", "accent", "data", "v-density"];
    this.colours = Object.fromEntries(names.map((name) => [name, colour(this.canvas, `--${name}`)]));
    this.table = shades(this.colours.paper, this.colours["v-density"]);
  }

  css(name, alpha = 1) {
    return `rgb(${this.colours[name].join(" ")} / ${alpha})`;
  }

  /** Makes the canvas as large as it is shown; the side in its own pixels. */
  fit() {
    this.scale = this.fixed ? this.fixed / HUNG : window.devicePixelRatio || 1;
    if (this.fixed) return (this.side = this.fixed);
    this.side = Math.round(this.canvas.clientWidth * this.scale);
    if (this.side && this.canvas.width !== this.side) this.canvas.width = this.canvas.height = this.side;
    return this.side;
  }

  /** field: {strip, side, span}; i: its frame; fields: [{arrows, cells, color, alpha}]; clouds: see `cloud`. */
  draw({ field, i, fields, clouds, points, pen }) {
    if (!this.fit()) return;
    const { context, side } = this;
    context.fillStyle = this.css("paper");
    context.fillRect(0, 0, side, side);
    context.imageSmoothingQuality = "high";
    if (field) context.drawImage(field.strip, i * field.side, 0, field.side, field.side, 0, 0, side, side);
    for (const arrows of fields) this.arrows(arrows);
    for (const cloud of clouds) this.trails(cloud);
    for (const cloud of clouds) this.cloud(cloud);
    if (points) this.dots(points);
    if (pen) this.pen(pen);
  }

  /** Int8 pairs, y upwards, 127 is a whole cell. */
  arrows({ arrows, cells, color, alpha, from = 0 }) {
    const { context, side, scale } = this;
    const cell = side / cells;
    Object.assign(context, { strokeStyle: this.css(color, alpha), lineWidth: 1.1 * scale, lineCap: "round", lineJoin: "round" });
    context.beginPath();
    for (let k = 0; k < cells * cells; k++) {
      const [dx, dy] = [arrows[from + 2 * k], -arrows[from + 2 * k + 1]].map((v) => (v / 127) * cell * LONG);
      const long = Math.hypot(dx, dy);
      if (long < 1.5 * scale) continue;
      this.arrow(((k % cells) + 0.5) * cell, (Math.floor(k / cells) + 0.5) * cell, dx, dy, Math.min(0.4 * long, 4.2 * scale) / long);
    }
    context.stroke();
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

  /** A particle's place in pixels; 32767 is twice the half side. */
  place(xy, at) {
    return [(xy[at] / 32767 + 0.5) * this.side, (0.5 - xy[at + 1] / 32767) * this.side];
  }

  /** Where the first particles came from before frame k. */
  trails({ xy, count, k, color }) {
    const { context, scale } = this;
    const piece = TAIL / PALER;
    Object.assign(context, { lineWidth: 1.3 * scale, lineJoin: "round" });
    for (let part = 0; part < PALER; part++) {
      const [first, end] = [k - (part + 1) * piece, k - part * piece].map((j) => Math.max(0, j));
      context.strokeStyle = this.css(color, 0.8 * (1 - part / PALER));
      context.beginPath();
      for (let n = 0; n < Math.min(FOLLOWED, count); n++) this.trail(xy, count, n, first, end);
      context.stroke();
    }
  }

  trail(xy, count, n, first, end) {
    for (let j = first; j <= end; j++) {
      const [x, y] = this.place(xy, 2 * (j * count + n));
      if (j > first) this.context.lineTo(x, y);
      else this.context.moveTo(x, y);
    }
  }

  /** xy: int16 pairs, frame by frame; the particles of frame k. */
  cloud({ xy, count, k, color }) {
    const { context, scale } = this;
    context.fillStyle = this.css(color, 0.9);
    context.strokeStyle = this.css("paper", 0.85);
    context.lineWidth = 0.8 * scale;
    for (let n = 0; n < count; n++) {
      const [x, y] = this.place(xy, 2 * (k * count + n));
      context.beginPath();
      context.arc(x, y, (n < FOLLOWED ? 4 : 2.3) * scale, 0, 2 * Math.PI);
      context.fill();
      context.stroke();
    }
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
