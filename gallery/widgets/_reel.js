// A film as it is saved: its frames drawn anew for a slide, with names and captions, on one sheet that the server encodes.
import * as kit from "gallery/widgets/_kit.js";
import { mark } from "gallery/widgets/_mark.js";

const HIGH = 720; // px of a saved frame
const LINE = 52; // px for a line of names, and of captions
const TYPE = 24;
const GAP = 16;
const WIDEST = 2048; // px, as the server takes them
const MOST = { mp4: 40e6, webp: 40e6, gif: 24e6 }; // px of all frames together: even the widest film keeps its height
const FEWEST = 16; // frames; a film that is still too large is saved smaller

/**
 * The pictures that stand side by side in a frame: of rows, or of columns where the film names them.
 * @returns {{x: number, y: number, w: number, h: number, name: string}[]} places within the frame
 */
function cells(film, rows) {
  const { w, h, names } = film;
  if (rows.length > 1) return rows.map((name, i) => ({ x: 0, y: (i * h) / rows.length, w, h: h / rows.length, name: kit.say({ key: name }) }));
  if (names?.length) return names.map((name, i) => ({ x: (i * w) / names.length, y: 0, w: w / names.length, h, name: kit.say(name) }));
  return [{ x: 0, y: 0, w, h, name: "" }];
}

/** Sizes of a frame: `high` px, its pictures as large as that allows; all of them even. */
function sizes(parts, high) {
  const named = parts.some(({ name }) => name);
  const { w, h } = parts[0];
  const unit = high / HIGH;
  const most = (WIDEST - GAP * unit * (parts.length + 1)) / parts.length;
  const tall = high - unit * (GAP + LINE * (named ? 2 : 1));
  const wide = Math.floor(Math.min(most, (tall * w) / h));
  const width = Math.ceil(wide * parts.length + GAP * unit * (parts.length + 1));
  return { unit, top: named ? LINE * unit : GAP * unit, wide, high: Math.floor((wide * h) / w), width: width + (width % 2), height: high };
}

/** Which frames are kept so that all fit, both ends among them; and how high they can then be. */
function plan(film, parts, most) {
  const whole = sizes(parts, HIGH);
  const count = Math.min(film.n, Math.max(Math.min(film.n, FEWEST), Math.floor(most / (whole.width * whole.height))));
  const kept = Array.from({ length: count }, (_, i) => (count === 1 ? 0 : Math.round((i * (film.n - 1)) / (count - 1))));
  const shrunk = Math.sqrt(Math.min(1, most / (count * whole.width * whole.height)));
  return { kept, size: shrunk < 1 ? sizes(parts, 2 * Math.floor((HIGH * shrunk) / 2)) : whole };
}

/** A text in the middle of its place, smaller where it would not fit. */
function write(context, text, x, y, width, unit) {
  context.font = `${TYPE * unit}px "IBM Plex Sans", sans-serif`;
  context.fillText(text, x, y, width);
}

/** One frame: names above, pictures, its caption below; with the mark where it was made from a real face. */
function paint(context, film, parts, size, index, { pixelated, real }) {
  const { unit, top, wide, high, width, height } = size;
  const { columns, w, h } = film;
  const [left, above] = [(index % columns) * w, Math.floor(index / columns) * h];
  const drawn = film.draw?.(index, wide);
  context.imageSmoothingEnabled = !pixelated;
  context.imageSmoothingQuality = "high";
  parts.forEach((part, i) => {
    const x = GAP * unit + i * (wide + GAP * unit);
    if (drawn) context.drawImage(drawn, x, top, wide, high);
    else context.drawImage(film.source, left + part.x, above + part.y, part.w, part.h, x, top, wide, high);
    write(context, part.name, x + wide / 2, top / 2, wide, unit);
    if (real && i === parts.length - 1) mark(context, { x, y: top, w: wide, h: high });
  });
  write(context, kit.say(film.captions[index] ?? ""), width / 2, height - (LINE * unit) / 2, width, unit);
}

/**
 * The film as the server's `export` takes it: {sprite, n, w, h, columns, fps, bounce, pixelated}.
 * @param {any} film
 * @param {{names: string[], fps: number, speed: number, bounce: boolean, pixelated: boolean, real: boolean}} props
 * @param {string} format
 */
export function reel(film, { names, fps, speed, bounce, pixelated, real }, format) {
  const shown = { ...film, n: film.ready ?? film.n };
  const parts = cells(shown, names);
  const { kept, size } = plan(shown, parts, MOST[format]);
  const columns = Math.ceil(Math.sqrt((kept.length * size.height) / size.width));
  const sheet = kit.el("canvas", { width: columns * size.width, height: Math.ceil(kept.length / columns) * size.height });
  const context = sheet.getContext("2d");
  const style = getComputedStyle(document.body);
  Object.assign(context, { fillStyle: style.getPropertyValue("--paper").trim(), textAlign: "center", textBaseline: "middle" });
  context.fillRect(0, 0, sheet.width, sheet.height);
  context.fillStyle = style.getPropertyValue("--ink").trim();
  kept.forEach((index, i) => {
    context.save();
    context.translate((i % columns) * size.width, Math.floor(i / columns) * size.height);
    paint(context, shown, parts, size, index, { pixelated, real });
    context.restore();
  });
  const rate = ((film.fps ?? fps) * speed * kept.length) / shown.n;
  return { sprite: sheet.toDataURL("image/jpeg", 0.9), n: kept.length, w: size.width, h: size.height, columns, fps: rate, bounce, pixelated };
}
