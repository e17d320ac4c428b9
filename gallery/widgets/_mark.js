// What is made from a real face says so where it is kept, too: a small word in the corner of what is saved.
import { sentence } from "gallery/shell/words.js";
import { real } from "gallery/widgets/_faces.js";

const PART = 1 / 26; // of the picture's height
const SMALLEST = 11; // px of type that can still be read
const AROUND = 0.4; // of the type's height

/**
 * Writes the mark into the lower right corner of a picture.
 * @param {CanvasRenderingContext2D} context
 * @param {{x: number, y: number, w: number, h: number}} box where the picture lies
 */
export function mark(context, { x, y, w, h }) {
  const text = sentence("widgets.mark");
  const size = Math.max(SMALLEST, h * PART);
  context.save();
  context.font = `${size}px "IBM Plex Sans", sans-serif`;
  const wide = Math.min(w, context.measureText(text).width + 2 * AROUND * size);
  const high = size * (1 + AROUND);
  context.fillStyle = "rgb(255 255 255 / 0.85)";
  context.fillRect(x + w - wide, y + h - high, wide, high);
  Object.assign(context, { fillStyle: "#111", textAlign: "center", textBaseline: "middle" });
  context.fillText(text, x + w - wide / 2, y + h - high / 2, wide);
  context.restore();
}

/**
 * The canvas with the mark, if it shows what was made from a real face.
 * @param {HTMLCanvasElement} canvas
 * @param {import("gallery/shell/rooms.js").Room} room
 */
export function marked(canvas, room) {
  if (real(room)) mark(canvas.getContext("2d"), { x: 0, y: 0, w: canvas.width, h: canvas.height });
  return canvas;
}
