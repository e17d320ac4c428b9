// The frames of a film side by side, with a line where one is. Drawn from one sprite.
import * as kit from "gallery/widgets/_kit.js";

const WIDEST = 1.8; // a frame in the strip is at most this much wider than high

/** Where a value lies among those of the frames, as a fraction of their numbers. */
export function place(values, value) {
  if (!values || value === undefined) return undefined;
  const after = values.findIndex((each, i) => i > 0 && (values[i - 1] - value) * (each - value) <= 0);
  if (after < 0) return undefined;
  const [a, b] = values.slice(after - 1, after + 1);
  return after - 1 + (a === b ? 0 : (value - a) / (b - a));
}

/** A frame's caption, with the knob's own value in the place of the frame's. */
export function between({ captions, values }, index, value) {
  const caption = captions[index];
  if (value === undefined || !caption?.args) return caption;
  const own = (given) => (given === values[index] ? value : given);
  return { ...caption, args: Object.fromEntries(Object.entries(caption.args).map(([name, given]) => [name, own(given)])) };
}

export class Strip {
  constructor({ fit, pixelated, zoom }) {
    this.fit = fit;
    this.pixelated = pixelated;
    this.zoom = zoom;
    this.film = null;
    this.canvas = kit.el("canvas", { class: "v-film-frames v-dims", "aria-hidden": "true" });
    this.marker = kit.el("i", { class: "v-film-marker" });
    this.node = kit.el("div", { class: "v-film-strip" }, this.canvas, this.marker);
    new ResizeObserver(() => this.draw()).observe(this.node);
  }

  /** film: {source, n, w, h, columns}; frame i lies in column i % columns of row i // columns. */
  show(film) {
    this.film = film;
    this.draw();
  }

  /** Which frames fit, how wide: all of them where there is room, else an even choice with both ends. */
  tiles() {
    const { n, w, h } = this.film;
    const { clientWidth: width, clientHeight: height } = this.node;
    const natural = height * (w / h);
    const count = Math.max(1, Math.min(n, Math.round(width / natural)));
    const tile = Math.min(width / count, this.fit === "cover" ? natural * WIDEST : natural * 1.25);
    return { count, tile, height, width: tile * count };
  }

  draw() {
    if (!this.film || !this.node.clientWidth) return;
    const { count, tile, height, width } = this.tiles();
    const scale = window.devicePixelRatio || 1;
    this.canvas.style.width = `${width}px`;
    Object.assign(this.canvas, { width: Math.round(width * scale), height: Math.round(height * scale) });
    const context = this.canvas.getContext("2d");
    context.imageSmoothingEnabled = !this.pixelated;
    context.imageSmoothingQuality = "high";
    context.scale(scale, scale);
    for (let slot = 0; slot < count; slot++) {
      const index = count === 1 ? 0 : Math.round((slot * (this.film.n - 1)) / (count - 1));
      this.drawTile(context, this.frame(index), slot * tile, tile, height);
    }
    this.width = width;
    this.mark(this.index ?? 0);
  }

  /** Of a frame that is too rich for its place, only the middle is shown. */
  drawTile(context, frame, left, tile, height) {
    const { source } = frame;
    const [w, h] = [frame.w / this.zoom, frame.h / this.zoom];
    const [x, y] = [frame.x + (frame.w - w) / 2, frame.y + (frame.h - h) / 2];
    if (this.fit === "cover") {
      const part = Math.min(h, (w * height) / tile); // what of the frame's height is seen
      const top = y + (h - part) * 0.45;
      return context.drawImage(source, x, top, w, part, left, 0, tile + 0.5, height);
    }
    const wide = Math.min(tile, (height * w) / h);
    context.drawImage(source, x, y, w, h, left + (tile - wide) / 2, 0, wide, height);
  }

  frame(index) {
    const { source, w, h, columns } = this.film;
    return { source, x: (index % columns) * w, y: Math.floor(index / columns) * h, w, h };
  }

  /** The line stands in the middle of the place of frame `index`. */
  mark(index) {
    this.index = index;
    const { n } = this.film;
    this.marker.style.left = `${((index + 0.5) / n) * (this.width ?? 0)}px`;
  }

  /** The frame under a pointer. */
  at(event) {
    const { x } = kit.within(this.canvas, event);
    return kit.clamp(Math.floor(x * this.film.n), 0, this.film.n - 1);
  }

  /** All frames in one row, as they are. */
  copy() {
    const { n, w, h } = this.film;
    const canvas = kit.el("canvas", { width: n * w, height: h });
    const context = canvas.getContext("2d");
    for (let i = 0; i < n; i++) {
      const { source, x, y } = this.frame(i);
      context.drawImage(source, x, y, w, h, i * w, 0, w, h);
    }
    return canvas;
  }
}
