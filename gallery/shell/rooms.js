// Rooms: their knobs are the single source of truth, and the address carries them.
import { OF_PAGE, embedded, house, names } from "gallery/shell/house.js";
import { emit } from "gallery/shell/page.js";
import { chosen, lang, tell } from "gallery/shell/words.js";

/** @typedef {{changed: Set<string>, origin: string}} Change What the event "knobs" carries. */

/** Who set knobs, where somebody minds; a widget that must know its own changes again gives its id instead. */
export const BY = Object.freeze({
  /** a segmented control */
  SEGMENT: "segment",
  /** a prompt of "Try", which says itself when to begin */
  TRY: "try",
  /** the die, which begins at once */
  DICE: "dice",
});

/** @type {Map<string, Room>} */
const rooms = new Map();
/** Where the visitor is. */
export const here = { room: "" };
const SETTLED = 250; // ms; browsers limit how often an address may be rewritten
const LONGEST = 1000; // ms; even while a film plays and the knobs never rest

const WHOLE = /^(0|-?[1-9]\d{0,5})$/;
const DECIMAL = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

/** Whether a text is rows of whole numbers like "1_-20.3_40", each within the bounds of its column. */
function coded(/** @type {any} */ { columns, max }, text) {
  const rows = text.split(".").map((row) => row.split("_"));
  const fits = (cell, [lo, hi]) => WHOLE.test(cell) && Number(cell) >= lo && Number(cell) <= hi;
  return rows.length <= max && rows.every((row) => row.length === columns.length && row.every((cell, i) => fits(cell, columns[i])));
}

/**
 * What a value becomes under a knob's declaration: {value, note}, value undefined where it makes no sense.
 * @param {KnobSpec} spec
 * @param {any} given
 * @returns {{value?: string | number, note?: "ignored" | "clamped"}}
 */
function check(spec, given) {
  if (spec.kind === "choice") {
    return spec.choices.includes(String(given)) ? { value: String(given) } : { note: "ignored" };
  }
  if (spec.kind === "code") return coded(spec, String(given)) ? { value: String(given) } : { note: "ignored" };
  const x = typeof given === "number" || DECIMAL.test(given) ? Number(given) : NaN;
  if (!Number.isFinite(x)) return { note: "ignored" };
  const inside = Math.min(spec.max, Math.max(spec.min, x));
  const value = Number(inside.toFixed(spec.kind === "int" ? 0 : spec.digits ?? 3)) + 0; // + 0: no minus zero
  return { value, note: inside === x ? undefined : "clamped" };
}

export class Room {
  /** @param {string} name */
  constructor(name) {
    this.name = name;
    /** @type {Record<string, any>} */
    this.knobs = {};
    /** @type {Record<string, KnobSpec>} */
    this.specs = {};
    /** @type {Record<string, string>} */
    this.marks = {};
    /** @type {Map<HTMLElement, {key: string, kept: boolean}>} */
    this.stays = new Map();
    /** @type {Map<string, ((data: any) => void)[]>} */
    this.listeners = new Map();
  }

  /**
   * Declares knobs; those that the address names take their values from it, checked.
   * @param {Record<string, KnobSpec>} specs
   */
  define(specs) {
    const url = asked(this.name);
    for (const [name, spec] of Object.entries(specs)) {
      this.specs[name] = spec;
      this.knobs[name] = spec.default;
      if (url.has(name)) this.take(name, url.get(name));
    }
  }

  /**
   * A knob as a link gives it; what does not fit is said in a notice.
   * @param {string} name
   * @param {string} given
   */
  take(name, given) {
    const { value, note } = check(this.specs[name], given);
    if (value !== undefined) this.knobs[name] = value;
    if (!note) return;
    const used = this.knobs[name];
    tell(`page.${note}`, { name, given: given.slice(0, 40), used });
  }

  /**
   * Sets knobs; emits "knobs" with what really changed, and rewrites the address: at once where "back" is to lead
   * here, else when the hand rests, since the browser would draw the page beside what is being computed.
   * @param {Record<string, any>} patch
   * @param {string} [origin] one of BY, or a widget's id
   */
  set(patch, origin = "") {
    const changed = new Set();
    for (const [name, given] of Object.entries(patch)) {
      if (!(name in this.specs)) continue;
      const { value } = check(this.specs[name], given);
      if (value === undefined || value === this.knobs[name]) continue;
      this.knobs[name] = value;
      changed.add(name);
    }
    if (!changed.size) return;
    this.emit("knobs", { changed, origin });
    if (here.room === this.name) write({ now: owed });
  }

  /**
   * Whether a knob of that act is among those that changed: other acts need not follow.
   * @param {Set<string>} changed
   * @param {string} act
   */
  minds(changed, act) {
    return [...changed].some((name) => this.specs[name].act === act);
  }

  /**
   * What is on the screen and does not travel in a link: a words key, said when one is copied; null takes it back.
   * @param {HTMLElement} node where it is seen
   * @param {string | null} key
   * @param {boolean} [kept] whether a reload finds it again, or says so itself; else that is said after one as well
   */
  stay(node, key, kept = false) {
    if (key) this.stays.set(node, { key, kept });
    else this.stays.delete(node);
  }

  /**
   * All knobs as an address says they are; those that it does not name return to their defaults, except in an
   * act that it does not show.
   * @param {URLSearchParams} url
   */
  restore(url) {
    const before = { ...this.knobs };
    const act = url.get("act") ?? this.specs.act?.default;
    for (const [name, spec] of Object.entries(this.specs)) {
      if (spec.act && spec.act !== act && !url.has(name)) continue;
      this.knobs[name] = spec.default;
      if (url.has(name)) this.take(name, url.get(name));
    }
    const changed = new Set(Object.keys(before).filter((name) => before[name] !== this.knobs[name]));
    if (changed.size) this.emit("knobs", { changed, origin: "" });
  }

  /**
   * What follows from the knobs and style sheets must know: it stands as data-is-NAME on the room, as each choice does.
   * @param {Record<string, string>} facts
   */
  mark(facts) {
    Object.assign(this.marks, facts);
    this.emit("marks", this.marks);
  }

  /**
   * @param {string} event
   * @param {(data: any) => void} callback
   */
  on(event, callback) {
    if (!this.listeners.has(event)) this.listeners.set(event, []);
    this.listeners.get(event).push(callback);
  }

  /**
   * @param {string} event
   * @param {any} data
   */
  emit(event, data) {
    for (const callback of this.listeners.get(event) ?? []) callback(data);
  }

  /** What stays here of all that is seen now. */
  staying() {
    return [...this.stays].filter(([node]) => node.offsetParent).map(([, what]) => what);
  }

  /** The knobs that a link carries now: those of the room, and those of the act that is shown. */
  shared() {
    const shown = ([, spec]) => !spec.act || spec.act === this.knobs.act;
    return Object.fromEntries(Object.entries(this.specs).filter(shown).map(([name]) => [name, this.knobs[name]]));
  }
}

/**
 * The room of that name, made when first asked for.
 * @param {string} name
 * @returns {Room}
 */
export function getRoom(name) {
  if (!rooms.has(name)) rooms.set(name, new Room(name));
  return rooms.get(name);
}

// ---- the address --------------------------------------------------------------------------------------
function asked(name) {
  const url = new URLSearchParams(location.search);
  return url.get("room") === name || (!url.has("room") && name === names[0])
    ? url : new URLSearchParams();
}

/** What is on the screen: the room and its knobs, as the query of a link. */
export function state() {
  const knobs = Object.entries(getRoom(here.room).shared()).map(([name, value]) => [name, String(value)]);
  return new URLSearchParams([["room", here.room], ...knobs]).toString();
}

/** The query that restores it here. What gradio or a Space put there ("__...") stays, and what the page minds. */
export function query() {
  const kept = [...new URLSearchParams(location.search)].filter(([name]) => name.startsWith("__") || OF_PAGE.includes(name));
  const spoken = chosen ? [["lang", lang]] : [];
  return new URLSearchParams([...new URLSearchParams(state()), ...spoken, ...kept]).toString();
}

let owed = false;

/**
 * What is done next can be undone by the browser's "back": the address of now is kept, and the next change of it is a
 * place of its own in the history. Another act is one, and so is what a prompt of "Try" leads to.
 */
export function milestone() {
  write({ now: true });
  owed = true;
}
addEventListener("popstate", () => { owed = false; });

function address(push) {
  const search = query();
  if (`?${search}` === location.search) return;
  const place = (push || owed) && !embedded; // "back" belongs to the deck
  owed = false;
  history[place ? "pushState" : "replaceState"](null, "", `?${search}${location.hash}`);
  // A Space shows the page in a frame: its own address follows when it is told.
  if (self !== top && !embedded) parent.postMessage({ queryString: search, hash: location.hash.slice(1) }, "*");
}
let timer = 0;
let waits = 0; // since when a change has not been written
export function write({ now = false, push = false } = {}) {
  emit("state");
  clearTimeout(timer);
  const time = performance.now();
  waits ||= time;
  const wait = now ? 0 : Math.max(0, Math.min(SETTLED, waits + LONGEST - time));
  const go = () => {
    waits = 0;
    address(push);
  };
  if (now) go();
  else timer = setTimeout(go, wait);
}

for (const { name, knobs } of house.rooms) getRoom(name).define(knobs);
