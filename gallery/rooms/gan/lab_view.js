// The plane of the laboratory: what D says, the real and the generated points, the gradient, the warped noise.
import { Ground, painted, shades } from "gallery/widgets/_ground.js";

const PALE = 0.55; // how far D's colours go from the paper

/** Means of each cell and those around it: where D hardly knows, bytes alone would make its line tremble. */
function softened(values, cells) {
  const near = (k) => [Math.max(0, k - 1), k, Math.min(cells - 1, k + 1)];
  return Float32Array.from(values, (_, at) => {
    const [rows, columns] = [near(Math.floor(at / cells)), near(at % cells)];
    let sum = 0;
    for (const row of rows) for (const column of columns) sum += values[row * cells + column];
    return sum / 9;
  });
}

export class LabView extends Ground {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {number} [fixed] its side in pixels, where it hangs nowhere
   */
  constructor(canvas, fixed) {
    super(canvas, ["paper", "ink", "soft", "line", "accent", "data"], fixed);
  }

  /** From vermilion, where D says "generated", over paper to blue, "real". */
  dye() {
    super.dye();
    const { paper, accent, data } = this.colours;
    const pale = (colour) => paper.map((c, i) => c + PALE * (colour[i] - c));
    const [low, high] = [shades(pale(accent), paper), shades(paper, pale(data))];
    this.table = [...low.filter((_, i) => i % 2 === 0), ...high.filter((_, i) => i % 2 === 1)];
  }

  /**
   * seen: {verdicts, half, cells, real, points, grid, along, arrows} as the server told it, decoded; show: {d, arrows, grid}.
   * @param {any} seen
   * @param {Record<string, boolean>} show
   */
  draw(seen, show) {
    if (!this.fit()) return;
    const { context, side } = this;
    context.fillStyle = this.css("paper");
    context.fillRect(0, 0, side, side);
    if (!seen) return;
    if (show.d) this.ground(seen.verdicts, seen.cells, 0, 0, side);
    if (show.d) this.half(seen);
    if (show.grid) this.lines(seen);
    if (seen.real) this.cloud(seen.real, "data", 2.1);
    this.cloud(seen.points, "accent", 2.4);
    if (show.arrows) this.pushes(seen);
  }

  ground(values, cells, x, y, side) {
    this.context.imageSmoothingEnabled = true;
    this.context.imageSmoothingQuality = "high";
    this.context.drawImage(painted(values, cells, cells, this.table), x, y, side, side);
  }

  /** The line where D is undecided: marching squares through the middles of the cells. */
  half({ verdicts, cells, half }) {
    const { context, side, scale } = this;
    const step = side / cells;
    const smooth = softened(verdicts, cells);
    const at = (i, j) => smooth[j * cells + i] - 255 * half;
    context.beginPath();
    for (let j = 0; j < cells - 1; j++) {
      for (let i = 0; i < cells - 1; i++) {
        const corners = [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]];
        const cuts = [];
        for (let k = 0; k < 4; k++) {
          const [a, b] = [corners[k], corners[(k + 1) % 4]];
          const [u, v] = [at(...a), at(...b)];
          if (u > 0 === v > 0) continue;
          const t = u / (u - v);
          cuts.push([a[0] + t * (b[0] - a[0]) + 0.5, a[1] + t * (b[1] - a[1]) + 0.5]);
        }
        for (let k = 0; k + 1 < cuts.length; k += 2) {
          context.moveTo(cuts[k][0] * step, cuts[k][1] * step);
          context.lineTo(cuts[k + 1][0] * step, cuts[k + 1][1] * step);
        }
      }
    }
    Object.assign(context, { strokeStyle: this.css("ink", 0.6), lineWidth: 1.4 * scale, lineCap: "round" });
    context.stroke();
  }

  /** Where G takes the lines of the noise. */
  lines({ grid, along }) {
    const { context, scale } = this;
    context.beginPath();
    for (let k = 0; k < grid.length / 2; k++) {
      const [x, y] = this.place(grid, 2 * k);
      if (k % along) context.lineTo(x, y);
      else context.moveTo(x, y);
    }
    Object.assign(context, { strokeStyle: this.css("accent", 0.42), lineWidth: scale, lineJoin: "round" });
    context.stroke();
  }

  cloud(xy, color, size) {
    const { context, scale } = this;
    context.fillStyle = this.css(color, 0.85);
    context.strokeStyle = this.css("paper", 0.8);
    context.lineWidth = 0.6 * scale;
    for (let k = 0; k < xy.length / 2; k++) {
      const [x, y] = this.place(xy, 2 * k);
      context.beginPath();
      context.arc(x, y, size * scale, 0, 2 * Math.PI);
      context.fill();
      context.stroke();
    }
  }

  /** From the first points, where the gradient pushes them. */
  pushes({ points, arrows }) {
    const { context, side, scale } = this;
    Object.assign(context, { strokeStyle: this.css("ink", 0.8), lineWidth: 1.2 * scale, lineCap: "round", lineJoin: "round" });
    context.beginPath();
    for (let k = 0; k < arrows.length / 2; k++) {
      const [x, y] = this.place(points, 2 * k);
      const [dx, dy] = [(arrows[2 * k] / 32767) * side, (-arrows[2 * k + 1] / 32767) * side];
      const long = Math.hypot(dx, dy);
      if (long > 1.5 * scale) this.arrow(x + dx / 2, y + dy / 2, dx, dy, Math.min(0.4 * long, 4.2 * scale) / long);
    }
    context.stroke();
  }
}
