// Presenter mode: larger type; where that leaves no room for both, the words of an act or what comes out of it; and a
// clicker's keys, which go from act to act.
import { closest, emit, tab } from "gallery/shell/page.js";
import { BY, getRoom, here } from "gallery/shell/rooms.js";
import { embedded, names } from "gallery/shell/house.js";
import { show } from "gallery/shell/tabs.js";

const root = document.documentElement;
export const presents = () => root.classList.contains("v-present");
/** Whether the words of the act stand where its numbers and controls would. */
export const tells = () => presents() && root.classList.contains("v-told");

/** @param {boolean} on */
export function present(on) {
  root.classList.toggle("v-present", on);
  document.querySelector('[data-do="present"]').setAttribute("aria-pressed", String(on));
  turn(on);
  tab.set("present", on ? "yes" : "");
  emit("present", on);
}

/**
 * Turns to the words of the act, or to its numbers and controls.
 * @param {boolean} words
 */
export function turn(words = !root.classList.contains("v-told")) {
  root.classList.toggle("v-told", words);
  for (const button of document.querySelectorAll("[data-turn]")) button.setAttribute("aria-pressed", String(words));
}

/** The whole screen for the page, or back to its window; nothing where a browser has no full screen for pages. */
export function fullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else root.requestFullscreen?.().catch(() => {}); // a frame may forbid it
}

const LIGHT = new Set(["Escape", "PageUp", "PageDown", ".", " ", "Enter"]);

/** A black page, so that the hall looks at the lecturer. The same key, a click or the clicker brings the page back. */
export function blank() {
  const box = document.createElement("dialog");
  box.className = "v-blank";
  box.dataset.tLabel = "page.blank";
  box.addEventListener("keydown", (event) => {
    if (event.code !== "KeyB" && !LIGHT.has(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    box.close();
  });
  box.addEventListener("click", () => box.close());
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
}

/**
 * To the next act or back; after the last act of a room comes the first of the next room. An act begins with its words.
 * @param {1 | -1} by
 */
export function step(by) {
  const room = getRoom(here.room);
  const act = acts(room)[acts(room).indexOf(room.knobs.act) + by];
  const name = names[names.indexOf(here.room) + by];
  if (act !== undefined) room.set({ act }, BY.SEGMENT);
  else if (name !== undefined) {
    const next = getRoom(name);
    next.set({ act: acts(next).at(by === 1 ? 0 : -1) });
    show(name);
  } else return;
  if (presents()) turn(true);
}

/** @param {import("gallery/shell/rooms.js").Room} room */
const acts = (room) => room.specs.act?.choices ?? [];

/** @type {((by: 1 | -1) => void) | null} */
let walker = null;
/**
 * A lesson takes the clicker's steps in the place of the acts; null gives them back.
 * @param {((by: 1 | -1) => void) | null} next
 */
export function setWalker(next) {
  walker = next;
}

/** What a clicker sends belongs to the lecture, whatever has the focus. */
function clicker(event) {
  const by = { PageDown: 1, PageUp: -1 }[event.key];
  if (!by || !(presents() || walker) || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  event.stopPropagation();
  (walker ?? step)(by);
}

/** As before a reload; hears the clicker and the hand. */
export function startPresenter() {
  if (tab.get("present") && !embedded) present(true); // a reload in the midst of a lecture
  document.addEventListener("keydown", clicker, true);
  document.addEventListener("click", (event) => {
    if (closest(event, "[data-turn]")) turn();
    else if (closest(event, ".v-try")) turn(false); // who tries it wants to see it
  });
}
