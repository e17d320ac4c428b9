// The way into the lecture: its scripts, styles and words come when a lesson, its editor, a vote or phones are wanted.
import { embedded, house } from "gallery/shell/house.js";
import { style } from "gallery/shell/open.js";
import { tab } from "gallery/shell/page.js";
import { learn, tell } from "gallery/shell/words.js";

/** @typedef {typeof import("gallery/lecture/lecture.js")} Hall */

/** Keys, by place, and what of the lecture they call. */
export const KEYS = { KeyL: "editor", KeyS: "speaker", KeyV: "vote", KeyT: "lead" };

/** @type {Promise<Hall> | null} */
let coming = null;

async function bring() {
  const { styles } = house.asides.lecture;
  const [hall] = await Promise.all([import("gallery/lecture/lecture.js"), learn(house.later.lecture), ...styles.map(style)]);
  return hall;
}

/**
 * Does something with the lecture as soon as it has come; where it cannot be had a notice says so.
 * @param {(hall: Hall) => any} use
 */
export async function lecture(use) {
  coming ??= bring();
  /** @type {Hall} */
  let hall;
  try {
    hall = await coming;
  } catch {
    coming = null;
    return tell("page.no_widget", {}, "error");
  }
  use(hall);
}

/** Goes on with what the address names, or what was going on before a reload; an act in a slide meets its deck. */
export function startHall() {
  if (embedded) return void import("gallery/lecture/embed.js").catch(() => tell("page.no_widget", {}, "error"));
  const query = new URLSearchParams(location.search);
  if (query.has("lesson") || location.hash.startsWith("#lesson=") || tab.get("lesson")) lecture((hall) => hall.begin());
  if (query.has("follow")) lecture((hall) => hall.follow());
  else if (tab.get("lead")) lecture((hall) => hall.lead(true));
}
