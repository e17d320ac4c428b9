// The plane of a flow after k layers: its density with contours, or what the layer stretches; points; the warped net.
import { Ground, numbers, painted, shades } from "gallery/widgets/_ground.js";

const STOPS = [1, 2, 3, 4].map((i) => `v-flow-${i}`); // of the density's colours, over the paper
const PALE = 0.8; // how far its colours go from the paper
const MIDDLE = 128; // of log |det|: neither stretched nor squeezed

/** A layer as the server tells it, with its numbers read. */
export function layerOf({ shades: told, ...answer }) {
  const places = Object.fromEntries(["data", "samples", "made", "there", "back"].map((name) => [name, numbers(answer[name], Int16Array)]));
  return { ...answer, ...places, shades: shadesOf(told), stretch: numbers(answer.stretch, Int8Array), kept: new Map() };
}

export const shadesOf = (told) => ({ ...told, density: numbers(told.density, Uint8Array) });

/** Contours through the middles of the cells by marching squares, in fractions of the side, row 0 on top. */
export function contours({ density, cells, levels }) {
  return levels.map((level) => {
    const path = new Path2D();
    for (let j = 0; j < cells - 1; j++) {
      for (let i = 0; i < cells - 1; i++) {
        const at = j * cells + i;
        const above = density[at] > level;
        if (above === density[at + 1] > level && above === density[at + cells] > level && above === density[at + cells + 1] > level) continue;
        const corners = [at, at + 1, at + cells + 1, at + cells].map((cell) => density[cell] - level);
        const cuts = [];
        for (let k = 0; k < 4; k++) {
          const [a, b] = [corners[k], corners[(k + 1) % 4]];
          if (a > 0 === b > 0) continue;
          const t = a / (a - b);
          const [x, y] = [[i + t, j], [i + 1, j + t], [i + 1 - t, j + 1], [i, j + 1 - t]][k];
          cuts.push([(x + 0.5) / cells, (y + 0.5) / cells]);
        }
        for (let k = 0; k + 1 < cuts.length; k += 2) {
          path.moveTo(cuts[k][0], cuts[k][1]);
          path.lineTo(cuts[k + 1][0], cuts[k + 1][1]);
        }
      }
    }
    return path;
  });
}

export class FlowView extends Ground {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {number} [fixed] its side in pixels, where it hangs nowhere
   */
  constructor(canvas, fixed) {
    super(canvas, ["paper", "ink", "soft", "line", "accent", "data", ...STOPS], fixed);
  }

  dye() {
    super.dye();
    const { paper, accent, data } = this.colours;
    const stops = [paper, ...STOPS.map((name) => this.colours[name])];
    const [all, each] = [[], 256 / (stops.length - 1)];
    for (let i = 0; i < 256; i++) {
      const piece = Math.min(Math.floor(i / each), stops.length - 2);
      all.push(stops[piece].map((c, k) => Math.round(c + (stops[piece + 1][k] - c) * (i / each - piece))));
    }
    this.table = all;
    const pale = (colour) => paper.map((c, i) => c + PALE * (colour[i] - c));
    const [low, high] = [shades(pale(data), paper), shades(paper, pale(accent))];
    this.both = [...low.filter((_, i) => i % 2 === 0), ...high.filter((_, i) => i % 2 === 1)];
    this.theme = stops.join();
  }

  clear() {
    if (!this.fit()) return false;
    this.context.fillStyle = this.css("paper");
    this.context.fillRect(0, 0, this.side, this.side);
    return true;
  }

  /**
   * layer: of `layerOf`; show: {stretch, data, samples, net}; back: whether the net lies over z.
   * @param {any} layer
   * @param {Record<string, boolean>} show
   * @param {boolean} back
   */
  draw(layer, show, back) {
    if (!this.clear() || !layer) return;
    if (show.stretch && layer.stretch.length) this.stretch(layer);
    else this.density(layer.shades, layer.kept);
    if (show.net) this.net(back ? layer.back : layer.there, layer.along);
    if (show.data) this.cloud(layer.data, "data");
    if (show.samples) this.cloud(layer.samples, "accent");
  }

  /** kept: what has been drawn of it already, as long as the theme stays. */
  density(told, kept = new Map()) {
    const { context, side, scale } = this;
    if (kept.get("theme") !== this.theme) {
      kept.set("theme", this.theme).set("painted", painted(told.density, told.cells, told.cells, this.table));
    }
    if (!kept.has("lines")) kept.set("lines", contours(told));
    context.imageSmoothingQuality = "high";
    context.drawImage(kept.get("painted"), 0, 0, side, side);
    context.save();
    context.scale(side, side);
    kept.get("lines").forEach((path, i) => {
      Object.assign(context, { strokeStyle: this.css("ink", i ? 0.6 : 0.36), lineWidth: ((i ? 1.3 : 1) * scale) / side, lineCap: "round" });
      context.stroke(path);
    });
    context.restore();
  }

  /** Blue where areas shrink, vermilion where they grow. */
  stretch({ stretch, blocks }) {
    const values = Uint8Array.from(stretch, (v) => v + MIDDLE);
    this.context.imageSmoothingQuality = "high";
    this.context.drawImage(painted(values, blocks, blocks, this.both), 0, 0, this.side, this.side);
  }

  net(xy, along) {
    const { context, scale } = this;
    context.beginPath();
    for (let k = 0; k < xy.length / 2; k++) {
      const [x, y] = this.place(xy, 2 * k);
      if (k % along) context.lineTo(x, y);
      else context.moveTo(x, y);
    }
    Object.assign(context, { strokeStyle: this.css("ink", 0.42), lineWidth: 0.9 * scale, lineJoin: "round" });
    context.stroke();
  }

  cloud(xy, color, size = 1.9) {
    const { context, scale } = this;
    Object.assign(context, { fillStyle: this.css(color, 0.9), strokeStyle: this.css("paper", 0.75), lineWidth: 0.7 * scale });
    for (let k = 0; k < xy.length / 2; k++) {
      const [x, y] = this.place(xy, 2 * k);
      context.beginPath();
      context.arc(x, y, size * scale, 0, 2 * Math.PI);
      context.fill();
      context.stroke();
    }
  }
}
