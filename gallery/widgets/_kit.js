// What the widgets share.
import { call, latest } from "gallery/shell/calls.js";
import { sentence, written } from "gallery/shell/words.js";

const SVG = {
  play: '<path d="M5 3.2v9.6L13 8z" fill="currentColor" stroke="none"/>',
  pause: '<path d="M5.2 3.5v9M10.8 3.5v9" stroke-width="2.6"/>',
  prev: '<path d="M10 3 5 8l5 5"/>',
  next: '<path d="m6 3 5 5-5 5"/>',
  loop: '<path d="M12.8 6.2A5 5 0 1 0 13 8.8M13 3v3.4H9.6"/>',
  bounce: '<path d="M2.5 8h11M5 5 2.5 8 5 11M11 5l2.5 3L11 11"/>',
  once: '<path d="M2.5 8h8.5M8 5l3 3-3 3M13.5 4v8"/>',
  save: '<path d="M8 2.5v7.2M4.8 7 8 10.2 11.2 7M3 13.2h10"/>',
  pen: '<path d="m3 13 .8-3.2 7-7 2.4 2.4-7 7z"/>',
  eraser: '<path d="M6.2 13h7M3 9.8 9 3.8l3.6 3.6-5.6 5.6H5.4z"/>',
  clear: '<path d="M4 4l8 8M12 4l-8 8"/>',
  camera: '<path d="M2 5h3l1.2-1.8h3.6L11 5h3v8H2z"/><circle cx="8" cy="8.8" r="2.3"/>',
  upload: '<path d="M8 10.5V3M4.8 6 8 2.8 11.2 6M3 13.2h10"/>',
  crop: '<path d="M4.5 1.8v9.7h9.7M1.8 4.5h9.7v9.7"/>',
  reset: '<path d="M3.2 6.2A5 5 0 1 1 3 8.8M3 3v3.4h3.4"/>',
};

const EARLIEST = 5; // ms between two early moves of a drag

/** An element: el("button", {class: "v-button", onclick: fn, "data-t": "key"}, ...children). */
export function el(tag, attrs = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attrs)) {
    if (value === undefined || value === null) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name in node && typeof value !== "string") node[name] = value;
    else if (value !== false) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== undefined && child !== null));
  return node;
}

export function icon(name) {
  const box = el("span", { class: "v-icon", "aria-hidden": "true" });
  box.innerHTML = `<svg viewBox="0 0 16 16" width="16" height="16">${SVG[name]}</svg>`;
  return box;
}

/** A button with an icon; its name is a words key, shown as a tooltip and read aloud. */
export function iconButton(name, key, onclick, attrs = {}) {
  return el("button", {
    type: "button", class: "v-icon-button", "data-t-label": key, "data-t-title": key, onclick, ...attrs,
  }, icon(name));
}

// The last event of each kind, so that a widget which is mounted later still shows the present state.
const heard = new WeakMap();
export function emit(room, event, data) {
  if (!heard.has(room)) heard.set(room, new Map());
  heard.get(room).set(event, data);
  room.emit(event, data);
}
export function last(room, event) {
  return heard.get(room)?.get(event);
}
/** Hears an event of the room from now on, and at once what was said last. */
export function listen(room, event, callback) {
  room.on(event, callback);
  const said = last(room, event);
  if (said !== undefined) callback(said);
}

/** A number, a text or a words key with arguments, in the visitor's language. */
export function say(value, digits) {
  if (value === undefined || value === null) return "";
  if (typeof value === "number") return written(value, digits ?? (Number.isInteger(value) ? 0 : 2));
  if (typeof value === "object") return sentence(value.key, spoken(value.args ?? {}, value.digits));
  return String(value);
}
/** Values for a sentence. A bare number stays one, since `t` writes it and chooses its plural form. */
export function spoken(args, digits = {}) {
  const one = (name, value) => (typeof value === "number" && digits[name] === undefined ? value : say(value, digits[name]));
  return Object.fromEntries(Object.entries(args).map(([name, value]) => [name, one(name, value)]));
}

/** Texts, numbers and words of an event's data: what a sentence can be filled with. */
export function plain(data) {
  const fits = (value) => typeof value === "number" || (typeof value === "string" && value.length < 200) || value?.key;
  return Object.fromEntries(Object.entries(data).filter(([, value]) => fits(value)));
}

/** Text with **bold** parts, as nodes: nothing that arrives is ever read as HTML. */
export function rich(text) {
  return text.split("**").map((part, i) => (i % 2 ? el("b", {}, part) : document.createTextNode(part)));
}

export const reduced = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
export const clamp = (x, low, high) => Math.min(high, Math.max(low, x));
/** Rounded without the noise of binary fractions: round(0.1 + 0.2, 2) = 0.3. */
export const round = (x, digits) => Number(x.toFixed(digits));

/** A loaded picture. `onload`, not `decode()`: decode waits for the next frame, drawing does not. */
export function load(url) {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = () => reject(new Error("the picture could not be read"));
    image.src = url;
  });
}

/** Grey pixels as they are, {grey: base64, w, h}, as a part of a sprite {source, x, y, w, h}: drawn in this very turn. */
export function pixels({ grey, w, h }) {
  const bytes = atob(grey);
  const data = new ImageData(w, h);
  for (let i = 0; i < bytes.length; i++) data.data.set([bytes.charCodeAt(i), bytes.charCodeAt(i), bytes.charCodeAt(i), 255], 4 * i);
  const source = el("canvas", { width: w, height: h });
  source.getContext("2d").putImageData(data, 0, 0);
  return { source, x: 0, y: 0, w, h };
}

export function save(href, name) {
  const link = el("a", { href, download: name });
  document.body.append(link);
  link.click();
  link.remove();
}

/** The knobs that a link would carry, in a file name: vae_u=0.62_v=-0.31. */
export function fileName(roomName, room, extension) {
  const parts = Object.entries(room.shared()).map(([name, value]) => `${name}=${value}`);
  return [roomName, ...parts].join("_").replace(/[^\p{L}\p{N}._=-]+/gu, "-").slice(0, 120) + `.${extension}`;
}

/**
 * Drag with capture: start, move and end get the pointer event; the element keeps the touch. With `early`, moves
 * come as the hand makes them: a browser keeps pointermove back until its next frame, 8 ms on average.
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
  if (early) node.addEventListener("pointerrawupdate", (event) => {
    // Some mice report 1,000 times a second; what is left out here comes with the frame.
    if (event.pointerId !== held || event.timeStamp - heard < EARLIEST) return;
    heard = event.timeStamp;
    move(event);
  });
  const release = (event) => {
    if (event.pointerId !== held) return;
    held = null;
    end?.(event);
  };
  node.addEventListener("pointerup", release);
  node.addEventListener("pointercancel", release);
}

/** Where the pointer is in the element, as fractions of its content box. */
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
        emit(room, `${id}.answer`, { ...answer, trip: now - start, since: since ?? start });
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
