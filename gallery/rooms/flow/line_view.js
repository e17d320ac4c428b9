// The picture of the theorem: x below, z at the left, f between them, and at each axis its density, to one scale of area.
import { written } from "gallery/shell/words.js";
import { Ground } from "gallery/widgets/_ground.js";

const PLOT = { left: 0.245, right: 0.968, top: 0.02, bottom: 0.7 }; // fractions of the side: where f is drawn
const BASE = { x: 0.945, z: 0.05 }; // the baselines of both densities
const HIGHEST = { x: 0.215, z: 0.175 }; // how far the densities may grow from there
const PEAK = 1 / Math.sqrt(2 * Math.PI); // of N(0, 1)
const CURVE = 121; // points of p_z

/** @type {(z: number) => number} */
const normal = (z) => PEAK * Math.exp(-0.5 * z * z);

export class LineView extends Ground {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Props} box {left, right, top}: what is seen of x and z
   */
  constructor(canvas, box) {
    super(canvas, ["paper", "ink", "soft", "line", "accent", "data"]);
    this.box = box;
    this.grow(PEAK / 2);
  }

  // ---- places, in fractions of the side ------------------------------------------------------------------
  /** @type {(x: number) => number} */
  across(x) {
    return PLOT.left + ((x - this.box.left) / (this.box.right - this.box.left)) * (PLOT.right - PLOT.left);
  }

  /** @type {(z: number) => number} */
  up(z) {
    return PLOT.bottom - ((z + this.box.top) / (2 * this.box.top)) * (PLOT.bottom - PLOT.top);
  }

  /** The x and z of a place. */
  back({ x, y }) {
    const { left, right, top } = this.box;
    return {
      x: left + ((x - PLOT.left) / (PLOT.right - PLOT.left)) * (right - left),
      z: ((PLOT.bottom - y) / (PLOT.bottom - PLOT.top)) * 2 * top - top,
    };
  }

  /** Whether a place lies in the band of p_x. */
  below({ x, y }) {
    return y > PLOT.bottom && x > PLOT.left - 0.02;
  }

  get base() { return BASE; }

  /** Chooses the scale of area: the same for both densities, the largest at which neither leaves its band. */
  grow(highest) {
    const { left, right, top } = this.box;
    const [wide, high] = [(PLOT.right - PLOT.left) / (right - left), (PLOT.bottom - PLOT.top) / (2 * top)];
    this.area = Math.min((HIGHEST.z * high) / PEAK, (HIGHEST.x * wide) / highest);
    this.unit = { x: this.area / wide, z: this.area / high }; // fractions of the side for a density of 1
  }

  // ---- drawing -------------------------------------------------------------------------------------------
  /**
   * seen: {z, p} over x; level: the z of a flat line, which has no p_x; at: the middle of the interval; ends: its image;
   * fit: {x, kernel}: a sample and its kernel estimate; pen: where arrow keys have brought the pen.
   */
  draw({ seen, level, at, wide, fit, pen }) {
    if (!this.fit()) return;
    const { context, side } = this;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, side, side);
    if (seen) this.grow(Math.max(...seen.p, ...(fit?.kernel ?? []), 0.02));
    const interval = seen && at !== null && { low: at - wide / 2, high: at + wide / 2, ends: seen.ends };
    this.densities(seen);
    if (interval) this.strips(seen, interval);
    if (fit) this.sample(fit);
    this.axes();
    if (seen) this.graph(seen);
    else if (level !== null) this.flat(level);
    if (interval) this.numbers(seen, interval);
    this.called(seen);
    if (pen !== null && pen !== undefined) this.stand(pen);
  }

  fit() {
    const { side, scale } = this;
    if (!super.fit() || (side && scale === this.scale)) return this.side;
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize) * this.scale;
    this.rem = Math.min(rem, this.side / 26);
    return this.side;
  }

  font(size, weight = 400) {
    this.context.font = `${weight} ${size * this.rem}px "IBM Plex Sans", system-ui, sans-serif`;
  }

  text(said, x, y, { size = 0.8, weight = 400, color = "soft", align = "center", base = "middle", halo = false } = {}) {
    const { context } = this;
    this.font(size, weight);
    Object.assign(context, { textAlign: align, textBaseline: base, fillStyle: this.css(color), strokeStyle: this.css("paper"), lineJoin: "round", lineWidth: 0.3 * this.rem });
    if (halo) context.strokeText(said, x * this.side, y * this.side);
    context.fillText(said, x * this.side, y * this.side);
  }

  line(points, { color = "ink", width = 2, alpha = 1, dash = [] } = {}) {
    const { context, side, scale } = this;
    Object.assign(context, { strokeStyle: this.css(color, alpha), lineWidth: width * scale, lineJoin: "round", lineCap: "butt" });
    context.setLineDash(dash.map((each) => each * scale));
    context.beginPath();
    for (const [x, y] of points) context.lineTo(x * side, y * side);
    context.stroke();
    context.setLineDash([]);
  }

  area_of(points, color, alpha) {
    const { context, side } = this;
    context.fillStyle = this.css(color, alpha);
    context.beginPath();
    for (const [x, y] of points) context.lineTo(x * side, y * side);
    context.closePath();
    context.fill();
  }

  /** Points of p_x from one x to another, on the picture. */
  outline(p, from = this.box.left, to = this.box.right) {
    const { left, right } = this.box;
    const place = (x) => ((x - left) / (right - left)) * (p.length - 1);
    const value = (i) => p[Math.floor(i)] + ((p[Math.ceil(i)] ?? 0) - p[Math.floor(i)]) * (i % 1);
    const [first, last] = [Math.max(0, place(from)), Math.min(p.length - 1, place(to))];
    const inner = [];
    for (let i = Math.floor(first) + 1; i < last; i++) inner.push(i);
    return [first, ...inner, last].map((i) => [this.across(left + (i / (p.length - 1)) * (right - left)), BASE.x - value(i) * this.unit.x]);
  }

  /** Points of p_z from one z to another. */
  upright(from = -this.box.top, to = this.box.top) {
    const [low, high] = [from, to].map((z) => Math.min(this.box.top, Math.max(-this.box.top, z)));
    return Array.from({ length: CURVE }, (_, i) => {
      const z = low + ((high - low) * i) / (CURVE - 1);
      return [BASE.z + normal(z) * this.unit.z, this.up(z)];
    });
  }

  densities(seen) {
    const pz = this.upright();
    this.area_of([...pz, [BASE.z, PLOT.top], [BASE.z, PLOT.bottom]], "ink", 0.09);
    this.line(pz, { color: "soft", width: 2 });
    if (!seen) return;
    const px = this.outline(seen.p);
    this.area_of([...px, [PLOT.right, BASE.x], [PLOT.left, BASE.x]], "accent", 0.1);
    this.line(px, { color: "accent", width: 2 });
  }

  /** The interval and its image, each filled up to its density, and the way from one to the other. */
  strips(seen, { low, high, ends }) {
    const { context, side } = this;
    const [x0, x1] = [low, high].map((x) => this.across(x));
    const inside = ([z0, z1] = ends) => Math.min(z0, z1) < this.box.top && Math.max(z0, z1) > -this.box.top;
    this.area_of([...this.outline(seen.p, low, high), [x1, BASE.x], [x0, BASE.x]], "accent", 0.78);
    if (!inside()) return;
    const image = this.upright(Math.min(...ends), Math.max(...ends));
    this.area_of([...image, [BASE.z, image.at(-1)[1]], [BASE.z, image[0][1]]], "accent", 0.78);
    context.save();
    context.beginPath();
    context.rect(BASE.z * side, PLOT.top * side, side, (BASE.x - PLOT.top) * side);
    context.clip();
    [x0, x1].forEach((x, i) => {
      const z = this.up(ends[i]);
      this.line([[x, BASE.x], [x, z], [BASE.z, z]], { color: "accent", width: 1, alpha: 0.75, dash: [3, 3] });
    });
    context.restore();
  }

  /** The same number at both areas. */
  numbers(seen, { low, high, ends }) {
    const { top } = this.box;
    const middle = (low + high) / 2;
    const said = (area) => written(area, 3);
    const high_of = Math.max(...this.outline(seen.p, low, high).map(([, y]) => BASE.x - y));
    const style = /** @type {any} */ ({ size: 1, weight: 700, color: "accent", halo: true });
    this.text(said(seen.area_x), Math.min(0.95, this.across(middle)), BASE.x - high_of - 0.024, style);
    const z = (ends[0] + ends[1]) / 2;
    if (Math.abs(z) > top) return;
    const far = Math.max(...this.upright(Math.min(...ends), Math.max(...ends)).map(([x]) => x));
    this.text(said(seen.area_z), far + 0.008, this.up(z), { ...style, align: "left" });
  }

  axes() {
    const { left, right, top } = this.box;
    this.line([[PLOT.left, BASE.x], [PLOT.right, BASE.x]], { color: "ink", width: 1.2 });
    this.line([[BASE.z, PLOT.top], [BASE.z, PLOT.bottom]], { color: "ink", width: 1.2 });
    this.line([[PLOT.left, this.up(0)], [PLOT.right, this.up(0)]], { color: "line", width: 1 });
    for (let x = left; x <= right; x += 2) {
      this.line([[this.across(x), BASE.x], [this.across(x), BASE.x + 0.008]], { color: "ink", width: 1 });
      this.text(written(x, 0), this.across(x), BASE.x + 0.03);
    }
    for (let z = -top + 1; z < top; z++) {
      this.line([[BASE.z, this.up(z)], [BASE.z - 0.008, this.up(z)]], { color: "ink", width: 1 });
      this.text(written(z, 0), BASE.z - 0.012, this.up(z), { align: "right", size: 0.75 });
    }
  }

  called(seen) {
    const bold = /** @type {any} */ ({ size: 1.1, weight: 700, base: "alphabetic" });
    this.indexed("p", "z", "(z)", BASE.z + 0.012, PLOT.top + 0.03, { ...bold, color: "ink" });
    const wide = (3.2 * this.rem) / this.side;
    if (seen) this.indexed("p", "x", "(x)", PLOT.right - wide, PLOT.bottom + 0.06, { ...bold, color: "accent" });
    this.text("z = f(x)", PLOT.left + 0.015, PLOT.top + 0.03, { ...bold, color: "ink", align: "left" });
    this.text("x", PLOT.right + 0.016, BASE.x, { size: 0.9, color: "ink", weight: 700 });
  }

  /** p with a small index. */
  indexed(letter, index, rest, x, y, style) {
    const { context, side, rem } = this;
    const place = (said, at, low, size) => {
      this.text(said, at, y + low, { ...style, size, align: "left" });
      return at + context.measureText(said).width / side;
    };
    const after = place(letter, x, 0, style.size);
    place(rest, place(index, after, (0.28 * rem) / side, 0.75 * style.size), 0, style.size);
  }

  /** f, as far as it is seen. */
  graph({ z }) {
    const { left, right } = this.box;
    this.clipped(() => this.line([...z].map((value, i) => [this.across(left + (i / (z.length - 1)) * (right - left)), this.up(value)]), { width: 3 }));
  }

  flat(level) {
    this.clipped(() => this.line([[PLOT.left, this.up(level)], [PLOT.right, this.up(level)]], { width: 3 }));
  }

  clipped(draw) {
    const { context, side } = this;
    context.save();
    context.beginPath();
    context.rect(PLOT.left * side, (PLOT.top - 0.005) * side, (PLOT.right - PLOT.left) * side, (PLOT.bottom - PLOT.top + 0.01) * side);
    context.clip();
    draw();
    context.restore();
  }

  /** The sample in blue, each point a short stroke under the axis and a share of the histogram; the kernel estimate dashed. */
  sample({ x, kernel }) {
    for (const each of x) {
      if (each < this.box.left || each > this.box.right) continue;
      const at = this.across(each);
      this.line([[at, BASE.x - 0.026], [at, BASE.x]], { color: "data", width: 1.4, alpha: 0.6 });
    }
    if (kernel) this.line(this.outline(kernel), { color: "data", width: 2, dash: [6, 4] });
  }

  stand(x) {
    this.line([[this.across(x), BASE.x - 0.2], [this.across(x), BASE.x]], { color: "accent", width: 2 });
  }
}
