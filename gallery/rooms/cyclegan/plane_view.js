// Two squares of the plane, X and Y, and over both the way of a point: from x to G(x) and back to F(G(x)).
import { Ground } from "gallery/widgets/_ground.js";

const WAYS = 12; // points whose way is drawn

/** Colours by the direction from the middle of the cloud: neighbours look alike, opposite ends do not. */
function origins(xy) {
  const n = xy.length / 2;
  let [mx, my] = [0, 0];
  for (let k = 0; k < n; k++) [mx, my] = [mx + xy[2 * k] / n, my + xy[2 * k + 1] / n];
  return Array.from({ length: n }, (_, k) => `oklch(0.66 0.15 ${Math.round((180 * Math.atan2(xy[2 * k + 1] - my, xy[2 * k] - mx)) / Math.PI)})`);
}

/** Points far apart, the first one first: whose ways are drawn. */
function spread(xy) {
  const far = (a, b) => Math.hypot(xy[2 * a] - xy[2 * b], xy[2 * a + 1] - xy[2 * b + 1]);
  const chosen = [0];
  const all = Array.from({ length: xy.length / 2 }, (_, k) => k);
  const gaps = all.map((k) => far(k, 0));
  while (chosen.length < Math.min(WAYS, all.length)) {
    const next = gaps.indexOf(Math.max(...gaps));
    chosen.push(next);
    all.forEach((k) => { gaps[k] = Math.min(gaps[k], far(k, next)); });
  }
  return chosen;
}

export class Square extends Ground {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    super(canvas, ["paper", "ink", "soft", "line", "accent", "data"]);
  }

  clear() {
    if (!this.fit()) return false;
    this.context.fillStyle = this.css("paper");
    this.context.fillRect(0, 0, this.side, this.side);
    return true;
  }

  /** Points; colours: one for all or one for each. */
  cloud(xy, colours, size) {
    const { context, scale } = this;
    for (let k = 0; k < xy.length / 2; k++) {
      const [x, y] = this.place(xy, 2 * k);
      context.fillStyle = typeof colours === "string" ? colours : colours[k];
      context.beginPath();
      context.arc(x, y, size * scale, 0, 2 * Math.PI);
      context.fill();
    }
  }
}

export class PlaneView {
  /**
   * @param {HTMLCanvasElement} left X
   * @param {HTMLCanvasElement} right Y
   * @param {HTMLCanvasElement} over both
   */
  constructor(left, right, over) {
    this.x = new Square(left);
    this.y = new Square(right);
    /** @type {string[]} */
    this.hues = [];
    /** @type {number[]} */
    this.chosen = [];
    this.over = over;
    this.near = null;
    this.ofX = null;
  }

  dye() {
    this.x.dye();
    this.y.dye();
  }

  get side() {
    return this.y.side;
  }

  dots(points) {
    this.y.dots(points);
  }

  pen(at) {
    this.y.pen(at);
  }

  /**
   * seen: {x, y, made_y, again_x, made_x, again_y}; show: {origin, arrows, back}.
   * @param {any} seen
   * @param {Record<string, boolean>} show
   */
  draw(seen, show) {
    const { x, y } = this;
    if (!x.clear() || !y.clear()) return;
    this.fitOver();
    if (!seen) return;
    if (this.ofX !== seen.x) Object.assign(this, { ofX: seen.x, hues: origins(seen.x), chosen: spread(seen.x) });
    const real = (square) => square.css("data", show.origin ? 0.3 : 0.85);
    x.cloud(seen.x, show.origin ? this.hues : real(x), 2.2);
    if (show.back) x.cloud(seen.made_x, x.css("accent", 0.75), 1.7);
    y.cloud(seen.y, real(y), 1.9);
    y.cloud(seen.made_y, show.origin ? this.hues : y.css("accent", 0.85), 2.3);
    const ways = this.near === null ? (show.arrows ? this.chosen : []) : [this.near];
    for (const k of ways) this.way(seen, k);
  }

  fitOver() {
    const scale = window.devicePixelRatio || 1;
    const [w, h] = [Math.round(this.over.clientWidth * scale), Math.round(this.over.clientHeight * scale)];
    if (this.over.width !== w || this.over.height !== h) Object.assign(this.over, { width: w, height: h });
    this.context = this.over.getContext("2d");
    this.context.clearRect(0, 0, w, h);
    this.shift = (this.y.canvas.offsetLeft - this.x.canvas.offsetLeft) * scale;
  }

  /** From x over to G(x), and back to F(G(x)), which a line joins to x: what the cycle loses. */
  way(seen, k) {
    const { context, x, y, shift } = this;
    const at = x.place(seen.x, 2 * k);
    const there = y.place(seen.made_y, 2 * k);
    const again = x.place(seen.again_x, 2 * k);
    const scale = x.scale;
    there[0] += shift;
    const bend = 0.1 * x.side;
    const curve = (a, b, up, dash) => {
      const [mx, my] = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2 + up];
      context.setLineDash(dash);
      context.beginPath();
      context.moveTo(a[0], a[1]);
      context.quadraticCurveTo(mx, my, b[0], b[1]);
      context.stroke();
      const [dx, dy] = [b[0] - mx, b[1] - my];
      const long = Math.hypot(dx, dy) || 1;
      context.setLineDash([]);
      context.beginPath();
      x.arrow.call({ context }, b[0] - (6 * scale * dx) / long, b[1] - (6 * scale * dy) / long, (9 * scale * dx) / long, (9 * scale * dy) / long, 0.42);
      context.stroke();
    };
    Object.assign(context, { lineWidth: (this.near === null ? 1 : 1.8) * scale, lineCap: "round" });
    context.strokeStyle = x.css("ink", this.near === null ? 0.38 : 0.85);
    curve(at, there, -bend, []);
    curve(there, again, bend, [3 * scale, 4 * scale]);
    Object.assign(context, { strokeStyle: x.css("accent"), lineWidth: 2.4 * scale });
    context.beginPath();
    context.moveTo(at[0], at[1]);
    context.lineTo(again[0], again[1]);
    context.stroke();
  }

  /** The point of X nearest to a place of the left square, in fractions of its side; null for none. */
  point(seen, at) {
    this.near = null;
    if (!seen || !at) return;
    let best = 0.06;
    for (let k = 0; k < seen.x.length / 2; k++) {
      const [px, py] = this.x.place(seen.x, 2 * k);
      const gap = Math.hypot(px / this.x.side - at.x, py / this.x.side - at.y);
      if (gap < best) [best, this.near] = [gap, k];
    }
  }
}
