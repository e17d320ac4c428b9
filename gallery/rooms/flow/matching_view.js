// The square of matching: the target's density, arrows of the field, particles with their ways, and straight pairs.
import { FlowView } from "gallery/rooms/flow/plane_view.js";

const FOLLOWED = 24; // particles whose way is drawn
const PAIRED = 160; // pairs whose line is drawn
const FANNED = 48; // lines that end in one point
const PALE = 0.45; // of the density, under what moves
const LONG = 0.94; // of a cell: the longest arrow

export class MatchView extends FlowView {
  /** What is known of a state between two of Euler's: straight from one to the next. at: its part of the way. */
  moved(way, count, at, follow = count) {
    const steps = way.length / (2 * count) - 1;
    const k = Math.min(Math.floor(at * steps + 1e-6), steps - 1);
    const part = at * steps - k;
    const place = (n) => [0, 1].map((i) => {
      const from = 2 * (k * count + n) + i;
      return way[from] + part * (way[from + 2 * count] - way[from]);
    });
    return { k, places: Array.from({ length: follow }, (_, n) => place(n)) };
  }

  ground(truth, kept) {
    if (!this.clear()) return false;
    this.context.globalAlpha = PALE;
    this.density(truth, kept);
    this.context.globalAlpha = 1;
    return true;
  }

  /** Int8 pairs, y upwards, 127 is a whole cell; those of moment i. */
  arrows(field, cells, i) {
    const { context, side, scale } = this;
    const [cell, from] = [side / cells, 2 * i * cells ** 2];
    Object.assign(context, { strokeStyle: this.css("ink", 0.38), lineWidth: 1.1 * scale, lineCap: "round", lineJoin: "round" });
    context.beginPath();
    for (let k = 0; k < cells * cells; k++) {
      const [dx, dy] = [field[from + 2 * k], -field[from + 2 * k + 1]].map((v) => (v / 127) * cell * LONG);
      const long = Math.hypot(dx, dy);
      if (long < 1.5 * scale) continue;
      this.arrow(((k % cells) + 0.5) * cell, (Math.floor(k / cells) + 0.5) * cell, dx, dy, Math.min(0.4 * long, 4.2 * scale) / long);
    }
    context.stroke();
  }

  /** Ways of the first particles up to now, and the straight line to where each of them ends. */
  ways(way, count, at, { follow = FOLLOWED, straight = true, color = "accent" } = {}) {
    const { context, scale } = this;
    const last = way.length / (2 * count) - 1;
    const now = this.moved(way, count, at, follow);
    const draw = (path, style) => {
      Object.assign(context, { lineJoin: "round", ...style });
      context.beginPath();
      for (let n = 0; n < follow; n++) path(n);
      context.stroke();
    };
    if (straight) {
      context.setLineDash([3 * scale, 3 * scale]);
      draw((n) => this.line(way, 2 * n, way, 2 * (last * count + n)), { strokeStyle: this.css("ink", 0.5), lineWidth: 1 * scale });
      context.setLineDash([]);
    }
    draw((n) => {
      context.moveTo(...this.place(way, 2 * n));
      for (let j = 1; j <= now.k; j++) context.lineTo(...this.place(way, 2 * (j * count + n)));
      context.lineTo(...this.place(now.places[n], 0));
    }, { strokeStyle: this.css(color, 0.75), lineWidth: 1.4 * scale });
  }

  line(a, i, b, j) {
    this.context.moveTo(...this.place(a, i));
    this.context.lineTo(...this.place(b, j));
  }

  /** Particles on their way; the followed ones larger. */
  particles(way, count, at, size = 2.1) {
    const { places } = this.moved(way, count, at);
    this.cloud(places.flat(), "accent", size);
  }

  /** Each of the pairs along its line; at: how far; small: in the film. */
  pairs(noise, data, at, small) {
    const { context, scale } = this;
    Object.assign(context, { strokeStyle: this.css("ink", 0.3), lineWidth: 0.9 * scale });
    context.beginPath();
    for (let n = 0; n < PAIRED; n++) this.line(noise, 2 * n, data, 2 * n);
    context.stroke();
    if (!small) this.cloud(noise.slice(0, 2 * PAIRED), "soft", 1.5);
    if (!small) this.cloud(data.slice(0, 2 * PAIRED), "data", 1.7);
    this.cloud(Array.from(noise.slice(0, 2 * PAIRED), (v, i) => v + at * (data[i] - v)), "accent", small ? 4 : 2.1);
  }

  /**
   * The straight lines that end in point k of the data: of all noise where pairs are independent, else of its own.
   * @param {{noise: Int16Array, paired: Int16Array, k: number, at: number, all: boolean}} fan
   */
  fan({ noise, paired, k, at, all }) {
    const { context, scale } = this;
    const from = all ? [...Array(FANNED).keys()] : [k];
    Object.assign(context, { strokeStyle: this.css("data", all ? 0.5 : 0.9), lineWidth: (all ? 1 : 2) * scale });
    context.beginPath();
    for (const n of from) this.line(noise, 2 * n, paired, 2 * k);
    context.stroke();
    this.cloud(from.flatMap((n) => [0, 1].map((i) => noise[2 * n + i] + at * (paired[2 * k + i] - noise[2 * n + i]))), "data", all ? 2.2 : 4);
    this.mark(this.place(paired, 2 * k));
  }

  /** Where the chosen point of the data is. */
  mark([x, y]) {
    const { context, scale } = this;
    Object.assign(context, { strokeStyle: this.css("ink"), fillStyle: this.css("data"), lineWidth: 1.6 * scale });
    context.beginPath();
    context.arc(x, y, 6 * scale, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
}
