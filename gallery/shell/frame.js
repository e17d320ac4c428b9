// The frame of a room: its acts, and the controls bound to its knobs.
import { closest, on } from "gallery/shell/page.js";
import { BY, getRoom, milestone } from "gallery/shell/rooms.js";

/** @typedef {import("gallery/shell/rooms.js").Room} Room */

const SEEN = 240; // px of a stage that are enough to see what happens

const roomOf = (node) => getRoom(node.closest(".v-room").id.replace(/^room-/, ""));

// ---- what is shown follows the knobs ------------------------------------------------------------------
/** What is bound to the knobs of a room, by its element: looked for when something comes in, not at each move. */
const bound = new WeakMap();

function bind(holder) {
  const all = (what) => [...holder.querySelectorAll(what)];
  const tries = all("[data-set]").map((node) => ({ node, wanted: Object.entries(JSON.parse(node.dataset.set)) }));
  bound.set(holder, { acts: all(".v-act"), segments: all(".v-seg[data-knob]"), tries });
}

function showActs({ acts }, room) {
  if (!("act" in room.knobs)) return;
  for (const act of acts) {
    act.hidden = act.id !== `act-${room.name}-${room.knobs.act}`;
  }
}

function showSegments({ segments }, room) {
  for (const group of segments) {
    const buttons = [...group.querySelectorAll("[data-value]")];
    const now = String(room.knobs[group.dataset.knob]);
    for (const each of buttons) {
      const checked = each.dataset.value === now;
      each.setAttribute("aria-checked", String(checked));
      each.tabIndex = checked ? 0 : -1;
    }
  }
}

function showTries({ tries }, room) {
  for (const { node, wanted } of tries) {
    const pressed = wanted.length > 0 && wanted.every(([name, value]) => String(room.knobs[name]) === String(value));
    node.setAttribute("aria-pressed", String(pressed));
  }
}

/** Style sheets see each choice, and what was marked, as data-is-NAME on the room. */
function showMarks(holder, room) {
  const choices = Object.keys(room.specs).filter((name) => room.specs[name].kind === "choice");
  const all = { ...room.marks, ...Object.fromEntries(choices.map((name) => [name, room.knobs[name]])) };
  for (const [name, value] of Object.entries(all)) {
    if (holder.getAttribute(`data-is-${name}`) !== value) holder.setAttribute(`data-is-${name}`, value);
  }
}

/**
 * @param {HTMLElement} holder
 * @param {Room} room
 */
function refresh(holder, room) {
  showMarks(holder, room);
  for (const show of [showActs, showSegments, showTries]) show(bound.get(holder), room);
}

/** Connects a room's element, once. */
function hang(holder) {
  const room = roomOf(holder);
  holder.dataset.hung = "yes";
  room.on("marks", () => showMarks(holder, room));
  room.on("knobs", ({ changed }) => {
    refresh(holder, room);
    if (changed.has("act")) room.emit("show", { act: room.knobs.act });
  });
  return room;
}

on("nodes", (node) => {
  const holders = new Set([node.closest(".v-room"), ...node.querySelectorAll(".v-room")]);
  const binds = ".v-act, .v-seg[data-knob], [data-set]";
  for (const holder of holders) {
    if (!holder || !(node.matches(binds) || node.querySelector(binds))) continue;
    bind(holder);
    refresh(holder, holder.dataset.hung ? roomOf(holder) : hang(holder));
  }
});

/** Where the page is long, whoever tries something is led to where it happens. */
function lead(holder) {
  /** @type {HTMLElement} */
  const stage = [...holder.querySelectorAll(".v-stage")].find((each) => each.offsetParent);
  const { top, bottom } = stage.getBoundingClientRect();
  if (top >= 0 && Math.min(bottom, top + SEEN) <= innerHeight) return;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  stage.scrollIntoView({ block: "start", behavior: still ? "auto" : "smooth" });
}

// ---- what the hand does -------------------------------------------------------------------------------
document.addEventListener("click", (event) => {
  const segment = closest(event, ".v-seg [data-value]");
  const prompt = closest(event, "[data-set]");
  if (prompt || segment?.parentElement.dataset.knob === "act") milestone();
  if (segment) roomOf(segment).set({ [segment.parentElement.dataset.knob]: segment.dataset.value }, BY.SEGMENT);
  if (prompt) {
    const room = roomOf(prompt);
    room.set(JSON.parse(prompt.dataset.set), BY.TRY);
    if (prompt.dataset.emit) room.emit(prompt.dataset.emit, {});
    if (prompt.classList.contains("v-try")) lead(prompt.closest(".v-room"));
  }
});
document.addEventListener("keydown", (event) => {
  const segment = closest(event, ".v-seg [data-value]");
  if (!segment) return;
  /** @type {HTMLElement[]} */
  const all = Array.from(segment.parentElement.querySelectorAll("[data-value]"));
  const at = all.indexOf(segment);
  const to = {
    ArrowLeft: at - 1, ArrowUp: at - 1, ArrowRight: at + 1, ArrowDown: at + 1, Home: 0, End: all.length - 1,
  }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  const next = all[(to + all.length) % all.length];
  next.click();
  // The switch of acts stands in each act: the focus goes to the one that is shown now.
  const { knob } = segment.parentElement.dataset;
  /** @type {NodeListOf<HTMLElement>} */
  const twins = segment.closest(".v-room").querySelectorAll(`.v-seg[data-knob="${knob}"] [aria-checked=true]`);
  [...twins].find((each) => each.offsetParent)?.focus();
});
