// A lesson that is given: which step, its bar in the header, its keys.
import { closest, tab } from "gallery/shell/page.js";
import { presents, setWalker, turn } from "gallery/shell/present.js";
import { go as show } from "gallery/shell/tabs.js";
import { fill } from "gallery/shell/words.js";
import { el, icon } from "gallery/widgets/_elements.js";
import { Asked } from "gallery/lecture/asked.js";
import { spot } from "gallery/lecture/spot.js";

/** @typedef {import("gallery/lecture/lesson.js").Lesson} Lesson */

const root = document.documentElement;
/** What is given, and at which step; since: when it began. @type {{lesson: Lesson | null, at: number, since: number, asked: Asked | null}} */
export const now = { lesson: null, at: 0, since: 0, asked: null };

/** @param {...string} names of what a reload is not to find again */
export const forget = (...names) => names.forEach((name) => tab.set(name, NONE));
const NONE = "";

/** @type {(() => void)[]} */
const watchers = [];
/**
 * Calls back when another step is shown.
 * @param {() => void} callback
 */
export const watch = (callback) => watchers.push(callback);
export const told = () => watchers.forEach((callback) => callback());

// ---- the bar --------------------------------------------------------------------------------------------
const button = (name, label, drawn) => el("button", { type: "button", class: "v-lesson-go", "data-lesson": name, "data-t-label": label, "data-t-title": label }, icon(drawn));
const place = el("span", { class: "v-lesson-at" });
const title = el("b", {});
const line = el("span", {});
const back = button("back", "lecture.back", "prev");
const next = button("next", "lecture.next", "next");
const bar = el("div", { class: "v-lesson", role: "group", "data-t-label": "lecture.lesson" }, back, place, next,
  el("p", { class: "v-lesson-said", role: "status" }, title, " ", line), button("leave", "lecture.leave", "clear"));
bar.addEventListener("click", (event) => {
  const { lesson } = closest(event, "[data-lesson]")?.dataset ?? {};
  if (lesson === "back") walk(-1);
  else if (lesson === "next") walk(1);
  else if (lesson === "leave") leave();
});

function write() {
  const { lesson, at } = now;
  const { title: named, text } = lesson.steps[at];
  place.textContent = `${at + 1}/${lesson.steps.length}`;
  title.textContent = named;
  line.textContent = text;
  back.disabled = at === 0;
  next.disabled = at === lesson.steps.length - 1;
}

// ---- steps ----------------------------------------------------------------------------------------------
/**
 * Gives a lesson from a step on. apply: whether the page goes to the step's state; after a reload it is there.
 * @param {Lesson} lesson
 * @param {number} [at]
 * @param {boolean} [apply]
 */
export function give(lesson, at = 0, apply = true) {
  if (!now.lesson) now.since = Number(tab.get("lesson.since")) || Date.now();
  tab.set("lesson.since", String(now.since));
  now.lesson = lesson;
  root.classList.add("v-in-lesson");
  if (!bar.isConnected) document.querySelector(".v-header .v-tabs").before(bar);
  fill(bar);
  setWalker(walk);
  go(Math.min(at, lesson.steps.length - 1), apply);
}

/** The page as it is without a lesson. */
export function leave() {
  Object.assign(now, { lesson: null, at: 0, since: 0 });
  root.classList.remove("v-in-lesson");
  forget("lesson", "lesson.at", "lesson.key", "lesson.since");
  bar.remove();
  setWalker(null);
  ask(null);
  spot("");
  const kept = new URLSearchParams(location.search);
  kept.delete("lesson");
  history.replaceState(null, "", `?${kept}`);
  told();
}

/** @param {import("gallery/lecture/lesson.js").Question | null} question */
function ask(question) {
  now.asked?.close();
  now.asked = question && new Asked(question);
}

/**
 * To the next step or back.
 * @param {1 | -1} by
 */
export function walk(by) {
  const to = now.at + by;
  if (now.lesson?.steps[to]) go(to);
}

/**
 * @param {number} at
 * @param {boolean} [apply]
 */
export function go(at, apply = true) {
  const step = now.lesson.steps[at];
  now.at = at;
  tab.set("lesson.at", String(at));
  write();
  if (apply) open(step.state);
  if (presents()) turn(!step.spot || ["words", "formula", "tries"].includes(step.spot));
  spot(step.spot);
  ask(step.question);
  told();
}

/**
 * Shows a state of the page, as its link says it.
 * @param {string} state
 */
export const open = (state) => show(new URLSearchParams(state));

/** Arrows walk where nothing has the focus that uses them. */
document.addEventListener("keydown", (event) => {
  const by = /** @type {1 | -1 | undefined} */ ({ ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, PageDown: 1, PageUp: -1 }[event.key]);
  const { activeElement: focused } = document;
  if (!now.lesson || !by || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  if (document.querySelector("dialog[open]") || !(focused === null || focused === document.body || bar.contains(focused))) return;
  event.preventDefault();
  walk(by);
});
