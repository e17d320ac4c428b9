// A file as the server takes it: what the browser can open is drawn anew, upright and in sRGB, so that both see the same
// pixels, and nothing that a camera wrote beside them (a place, say) leaves this machine; the rest goes as it is.
import * as kit from "gallery/widgets/_kit.js";

const LONGEST = 1600; // px; larger photos are made smaller
const EXACT = 256 ** 2; // pixels; a smaller picture may be framed like the data already: it loses nothing
const HEAVIEST = 10_000_000; // bytes, as MAX_BYTES of models/pictures says
const UNSIZED = 512; // px of a drawing that does not say its size

/** A file that is not taken; `key` and `args` name the sentence. */
class Refused extends Error {
  constructor(key, args = {}) {
    super(key);
    Object.assign(this, { key, args });
  }
}

/**
 * The data URL of a photo.
 * @param {File} file
 * @returns {Promise<string>} rejects with {key, args}: the sentence that says why
 */
export async function portable(file) {
  const bytes = await file.arrayBuffer().catch(() => null);
  if (!bytes) throw new Refused("widgets.photo.unreadable");
  const { orientation, data } = upright(new Uint8Array(bytes));
  const address = URL.createObjectURL(new Blob([data], { type: isDrawing(data) ? "image/svg+xml" : file.type }));
  try {
    return drawn(await kit.load(address), orientation);
  } catch {
    return asItIs(bytes);
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** What this browser cannot open (TIFF, HEIC) the server judges by its content, whatever it is called. */
function asItIs(bytes) {
  if (bytes.byteLength > HEAVIEST) throw new Refused("picture.too_big", { megabytes: HEAVIEST / 1e6 });
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(new Refused("widgets.photo.unreadable"));
    reader.readAsDataURL(new Blob([bytes], { type: text(new Uint8Array(bytes), 4, 8) === "ftyp" ? "image/heic" : "image/tiff" }));
  });
}

/** @type {Record<number, (w: number, h: number) => [number, number, number, number, number, number]>} EXIF's eight ways to stand. */
const TURNS = {
  1: () => [1, 0, 0, 1, 0, 0], 2: (w) => [-1, 0, 0, 1, w, 0], 3: (w, h) => [-1, 0, 0, -1, w, h], 4: (_, h) => [1, 0, 0, -1, 0, h],
  5: () => [0, 1, 1, 0, 0, 0], 6: (_, h) => [0, 1, -1, 0, h, 0], 7: (w, h) => [0, -1, -1, 0, h, w], 8: (w) => [0, -1, 1, 0, 0, w],
};

/**
 * A picture drawn anew on white, at most LONGEST pixels a side.
 * @param {HTMLImageElement | HTMLCanvasElement} source
 * @param {number} [orientation] EXIF's, where the source does not stand upright yet
 */
export function drawn(source, orientation = 1) {
  const [natural, high] = source instanceof HTMLImageElement ? [source.naturalWidth, source.naturalHeight] : [source.width, source.height];
  const [long, tall] = natural && high ? [natural, high] : [UNSIZED, UNSIZED];
  const scale = Math.min(1, LONGEST / Math.max(long, tall));
  const [w, h] = [long, tall].map((length) => Math.max(1, Math.round(length * scale)));
  const [width, height] = orientation > 4 ? [h, w] : [w, h];
  const canvas = kit.el("canvas", { width, height });
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = "high";
  context.setTransform(...TURNS[orientation](w, h));
  context.drawImage(source, 0, 0, w, h);
  return width * height <= EXACT ? canvas.toDataURL("image/png") : canvas.toDataURL("image/jpeg", 0.92);
}

// ---- what a file says ---------------------------------------------------------------------------------------
/** Bytes as Latin letters. */
const text = (bytes, from, to) => String.fromCharCode(...bytes.subarray(from, to));

/** A drawing (SVG) is opened only under its own name. */
const isDrawing = (bytes) => /^(?:\u00ef\u00bb\u00bf)?\s*(?:<\?xml[^>]*>|<!--[^]*?-->|<!DOCTYPE[^>]*>|\s)*<svg[\s>]/i.test(text(bytes, 0, 2048));

/**
 * A WebP whose orientation no decoder finds, beside that orientation: not every browser reads it there. Other files,
 * whose metadata browsers read, stay as they are.
 * @param {Uint8Array<ArrayBuffer>} bytes
 */
function upright(bytes) {
  if (text(bytes, 0, 4) !== "RIFF" || text(bytes, 8, 12) !== "WEBP") return { orientation: 1, data: bytes };
  const view = new DataView(bytes.buffer);
  for (let at = 12; at + 8 < bytes.length; ) {
    const length = view.getUint32(at + 4, true);
    if (text(bytes, at, at + 4) === "EXIF") {
      const data = bytes.slice();
      data.set([88, 88, 88, 88], at); // a part called XXXX, which decoders pass over
      return { orientation: orientationIn(view, at + 8), data };
    }
    at += 8 + length + (length % 2);
  }
  return { orientation: 1, data: bytes };
}

/** The orientation in EXIF that begins there, 1 where there is none to be read. */
function orientationIn(view, start) {
  try {
    const at = view.getUint32(start) === 0x45786966 ? start + 6 : start; // some write "Exif", as in a JPEG
    const little = view.getUint16(at) === 0x4949;
    const table = at + view.getUint32(at + 4, little);
    for (let i = 0; i < view.getUint16(table, little); i++) {
      const entry = table + 2 + 12 * i;
      if (view.getUint16(entry, little) !== 0x0112) continue;
      const found = view.getUint16(entry + 8, little);
      return found in TURNS ? found : 1;
    }
  } catch {
    // cut short, or no EXIF at all
  }
  return 1;
}
