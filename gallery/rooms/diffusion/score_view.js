// The plane of the score: density, arrows, particles and their trails on one canvas, in the colours of the theme.
import { Ground, shades } from "gallery/widgets/_ground.js";

const FOLLOWED = 6; // particles whose path is drawn
const TAIL = 36; // frames of it, the older the paler
const PALER = 4;
const LONG = 0.94; // of a cell: the longest arrow

export class ScoreView extends Ground {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {number} [fixed] its side in pixels, where it hangs nowhere
   */
  constructor(canvas, fixed) {
    super(canvas, ["paper", "ink", "soft", "accent", "data", "v-density"], fixed);
  }

  dye() {
    super.dye();
    this.table = shades(this.colours.paper, this.colours["v-density"]);
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
}
