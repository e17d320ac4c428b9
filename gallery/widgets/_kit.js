// What the widgets share.
import { call, latest } from "gallery/shell/calls.js";
import { sentence, written } from "gallery/shell/words.js";
import { el } from "gallery/widgets/_elements.js";

export * from "gallery/widgets/_elements.js";

/** @typedef {import("gallery/shell/rooms.js").Room} Room */

const EARLIEST = 5; // ms between two early moves of a drag

// The last event of each kind, so that a widget which is mounted later still shows the present state.
const heard = new WeakMap();
/**
 * Says an event on the room, and remembers it for those who come later.
 * @param {Room} room
 * @param {string} event
 * @param {any} data
 */
export function emit(room, event, data) {
  if (!heard.has(room)) heard.set(room, new Map());
  heard.get(room).set(event, data);
  room.emit(event, data);
}

/**
 * What was said last.
 * @param {Room} room
 * @param {string} event
 */
export function last(room, event) {
  return heard.get(room)?.get(event);
}

/**
 * Hears an event of the room from now on, and at once what was said last.
 * @param {Room} room
 * @param {string} event
 * @param {(data: any) => void} callback
 */
export function listen(room, event, callback) {
  room.on(event, callback);
  const said = last(room, event);
  if (said !== undefined) callback(said);
}

/**
 * A number, a text or a words key with arguments, in the visitor's language.
 * @param {number | string | {key: string, args?: Record<string, any>, digits?: Record<string, number>} | null | undefined} value
 * @param {number} [digits]
 * @returns {string}
 */
export function say(value, digits) {
  if (value === undefined || value === null) return "";
  if (typeof value === "number") return written(value, digits ?? (Number.isInteger(value) ? 0 : 2));
  if (typeof value === "object") return sentence(value.key, spoken(value.args ?? {}, value.digits));
  return String(value);
}

/**
 * Values for a sentence. A bare number stays one, since `sentence` writes it and chooses its plural form.
 * @param {Record<string, any>} args
 * @param {Record<string, number>} [digits]
 */
export function spoken(args, digits = {}) {
  const one = (name, value) => (typeof value === "number" && digits[name] === undefined ? value : say(value, digits[name]));
  return Object.fromEntries(Object.entries(args).map(([name, value]) => [name, one(name, value)]));
}

/** Texts, numbers and words of an event's data: what a sentence can be filled with. */
export function plain(data) {
  const fits = (value) => typeof value === "number" || (typeof value === "string" && value.length < 200) || value?.key;
  return Object.fromEntries(Object.entries(data).filter(([, value]) => fits(value)));
}

/**
 * Text with **bold** parts, as nodes: nothing that arrives is ever read as HTML.
 * @param {string} text
 */
export function rich(text) {
  return text.split("**").map((part, i) => (i % 2 ? el("b", {}, part) : document.createTextNode(part)));
}

export const reduced = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
/** @type {(x: number, low: number, high: number) => number} */
export const clamp = (x, low, high) => Math.min(high, Math.max(low, x));
/**
 * Rounded without the noise of binary fractions: round(0.1 + 0.2, 2) = 0.3.
 * @type {(x: number, digits: number) => number}
 */
export const round = (x, digits) => Number(x.toFixed(digits));

/**
 * A loaded picture. `onload`, not `decode()`: decode waits for the next frame, drawing does not.
 * @param {string} url
 * @returns {Promise<HTMLImageElement>}
 */
export function load(url) {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = () => reject(new Error("the picture could not be read"));
    image.src = url;
  });
}

/**
 * Grey pixels as they are (base64), as a part of a sprite: drawn in this very turn.
 * @param {{grey: string, w: number, h: number}} picture
 * @returns {Sprite}
 */
export function pixels({ grey, w, h }) {
  const bytes = atob(grey);
  const data = new ImageData(w, h);
  for (let i = 0; i < bytes.length; i++) data.data.set([bytes.charCodeAt(i), bytes.charCodeAt(i), bytes.charCodeAt(i), 255], 4 * i);
  const source = el("canvas", { width: w, height: h });
  source.getContext("2d").putImageData(data, 0, 0);
  return { source, x: 0, y: 0, w, h };
}

/**
 * Hands a file to the visitor.
 * @param {string} href
 * @param {string} name
 */
export function save(href, name) {
  const link = el("a", { href, download: name });
  document.body.append(link);
  link.click();
  link.remove();
}

const NAMED = 3; // knobs in a file's name, at most

/**
 * What a file shows, so that one finds it again: vernissage-diffusion-race-seed7.mp4. Of the knobs the seed, and some
 * that are not as they were at the start.
 * @param {string} roomName
 * @param {Room} room
 * @param {string} extension
 * @param {string} [what] the film, or the act
 */
export function fileName(roomName, room, extension, what = room.knobs.act ?? "") {
  const shared = Object.entries(room.shared()).filter(([name, value]) => name !== "act" && value !== what);
  const moved = shared.filter(([name, value]) => name !== "seed" && value !== room.specs[name].default).slice(0, NAMED);
  const seed = shared.filter(([name]) => name === "seed");
  const parts = [...seed, ...moved].map(([name, value]) => `${name}${value}`);
  const name = ["vernissage", roomName, what, ...parts].filter(Boolean).join("-").replace(/[^\p{L}\p{N}._-]+/gu, "-");
  return `${name}.${extension}`;
}

/**
 * Drag with capture: start, move and end get the pointer event; the element keeps the touch. With `early`, moves
 * come as the hand makes them: a browser keeps pointermove back until its next frame, 8 ms on average.
 * @param {HTMLElement} node
 * @param {{start: (event: PointerEvent) => any, move: (event: PointerEvent) => void, end?: (event: PointerEvent) => void,
 *   early?: boolean}} hears start may refuse with false
 */
export function drag(node, { start, move, end, early }) {
  let held = null;
  let heard = 0;
  node.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || held !== null || start(event) === false) return;
    held = event.pointerId;
    node.setPointerCapture(held);
  });
  node.addEventListener("pointermove", (event) => {
    if (event.pointerId === held) move(event);
  });
  if (early) {
    node.addEventListener("pointerrawupdate", (raw) => {
      const event = /** @type {PointerEvent} */ (raw);
      // Some mice report 1,000 times a second; what is left out here comes with the frame.
      if (event.pointerId !== held || event.timeStamp - heard < EARLIEST) return;
      heard = event.timeStamp;
      move(event);
    });
  }
  const release = (event) => {
    if (event.pointerId !== held) return;
    held = null;
    end?.(event);
  };
  node.addEventListener("pointerup", release);
  node.addEventListener("pointercancel", release);
}

/**
 * Where the pointer is in the element, as fractions of its content box.
 * @param {Element} node
 * @param {MouseEvent} event
 */
export function within(node, event) {
  const box = node.getBoundingClientRect();
  return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
}

/** When the hand moved: the time of the input event that is being handled, if one is. */
export const handTime = () => (window.event?.isTrusted ? window.event.timeStamp : undefined);

/**
 * Questions to the server: one in flight, the latest wins. Emits `ID.ask`, then `ID.answer` with the answer,
 * `trip` (ms from asking to the answer) and `since` (when the hand moved), or `ID.failed`.
 */
export class Asker {
  /**
   * @param {Room} room
   * @param {Server} server
   * @param {string} fn
   * @param {string} id
   */
  constructor(room, server, fn, id) {
    this.room = room;
    this.id = id;
    this.asked = 0;
    this.answered = 0;
    this.ask = latest(async (args, since) => {
      const start = performance.now();
      this.asked += 1;
      emit(room, `${id}.ask`, {});
      try {
        const answer = await call(server, fn, args);
        this.answered += 1;
        const now = performance.now();
        emit(room, `${id}.answer`, { ...answer, asked: args[0], trip: now - start, since: since ?? start });
        return answer;
      } catch (error) {
        emit(room, `${id}.failed`, {});
        return null;
      }
    });
  }
}

/**
 * Calls `ask([knobs, fields of the event | null])` when one of the knobs changes or the event comes, and at once
 * unless the event is needed first. Only the named fields of the event travel to the server.
 * @param {Room} room
 * @param {{knobs: string[], event?: string, fields: string[], needs_event: boolean}} what
 * @param {(args: any[]) => any} ask
 */
export function follow(room, { knobs, event, fields, needs_event: needed }, ask) {
  let data = null;
  const go = () => (data || !needed) && ask([{ ...room.knobs }, data]);
  room.on("knobs", ({ changed }) => knobs.some((name) => changed.has(name)) && go());
  if (!event) return go();
  const said = last(room, event) !== undefined;
  listen(room, event, (heard) => {
    data = Object.fromEntries(fields.filter((name) => name in heard).map((name) => [name, heard[name]]));
    go();
  });
  if (!said) go();
}
