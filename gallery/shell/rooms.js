// Rooms: their knobs are the single source of truth, and the address carries them.
"use strict";
(() => {
  const rooms = new Map();
  const here = { room: null };
  const SETTLED = 250; // ms; browsers limit how often an address may be rewritten
  const LONGEST = 1000; // ms; even while a film plays and the knobs never rest

  const DECIMAL = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

  /** What a value becomes under a knob's declaration: {value, note}, value undefined where it makes no sense. */
  function check(spec, given) {
    if (spec.kind === "choice") {
      return spec.choices.includes(String(given)) ? { value: String(given) } : { note: "ignored" };
    }
    const x = typeof given === "number" || DECIMAL.test(given) ? Number(given) : NaN;
    if (!Number.isFinite(x)) return { note: "ignored" };
    const inside = Math.min(spec.max, Math.max(spec.min, x));
    const value = Number(inside.toFixed(spec.kind === "int" ? 0 : spec.digits ?? 3)) + 0; // + 0: no minus zero
    return { value, note: inside === x ? undefined : "clamped" };
  }

  class Room {
    constructor(name) {
      this.name = name;
      this.knobs = {};
      this.specs = {};
      this.listeners = new Map();
    }

    /** Declares knobs; those that the address names take their values from it, checked. */
    define(specs) {
      const url = asked(this.name);
      for (const [name, spec] of Object.entries(specs)) {
        this.specs[name] = spec;
        this.knobs[name] = spec.default;
        if (url.has(name)) this.take(name, url.get(name));
      }
      this.emit("knobs", { changed: new Set(Object.keys(specs)), origin: "define" });
    }

    /** A knob as a link gives it; what does not fit is said in a notice. */
    take(name, given) {
      const { value, note } = check(this.specs[name], given);
      if (value !== undefined) this.knobs[name] = value;
      if (!note) return;
      const used = this.knobs[name];
      vernissage.notice(vernissage.t(`page.${note}`, { name, given: given.slice(0, 40), used }));
    }

    /** Sets knobs; emits "knobs" with what really changed, and rewrites the address. */
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
      // Another act is a place of its own in the browser's history.
      const moved = changed.has("act") && origin === "segment";
      if (here.room === this.name) write({ now: moved, push: moved });
    }

    /**
     * All knobs as an address says they are; those that it does not name return to their defaults, except in an
     * act that it does not show.
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
      if (changed.size) this.emit("knobs", { changed, origin: "link" });
    }

    on(event, callback) {
      if (!this.listeners.has(event)) this.listeners.set(event, []);
      this.listeners.get(event).push(callback);
    }
    emit(event, data) {
      for (const callback of this.listeners.get(event) ?? []) callback(data);
    }

    /** The knobs that a link carries now: those of the room, and those of the act that is shown. */
    shared() {
      const shown = ([, spec]) => !spec.act || spec.act === this.knobs.act;
      return Object.fromEntries(Object.entries(this.specs).filter(shown).map(([name]) => [name, this.knobs[name]]));
    }
  }

  /** The room of that name, made when first asked for. */
  function room(name) {
    if (!rooms.has(name)) rooms.set(name, new Room(name));
    return rooms.get(name);
  }

  // ---- the address --------------------------------------------------------------------------------------
  function asked(name) {
    const url = new URLSearchParams(location.search);
    return url.get("room") === name || (!url.has("room") && name === vernissage.house.rooms[0].name)
      ? url : new URLSearchParams();
  }

  /** The query that restores what is on the screen. What gradio or a Space put there ("__...") stays. */
  function query() {
    const kept = [...new URLSearchParams(location.search)].filter(([name]) => name.startsWith("__"));
    const knobs = Object.entries(room(here.room).shared()).map(([name, value]) => [name, String(value)]);
    const lang = vernissage.langChosen ? [["lang", vernissage.lang]] : [];
    return new URLSearchParams([["room", here.room], ...knobs, ...lang, ...kept]).toString();
  }

  function address(push) {
    const search = query();
    if (`?${search}` === location.search) return;
    history[push ? "pushState" : "replaceState"](null, "", `?${search}${location.hash}`);
    // A Space shows the page in a frame: its own address follows when it is told.
    if (self !== top) parent.postMessage({ queryString: search, hash: location.hash.slice(1) }, "*");
  }
  let timer = 0;
  let waits = 0; // since when a change has not been written
  function write({ now = false, push = false } = {}) {
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

  Object.assign(vernissage, { room, rooms, here, write, query });
  for (const { name, knobs } of vernissage.house.rooms) room(name).define(knobs);
})();
