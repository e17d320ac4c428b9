// What the shell calls of the lecture, once it has come: a lesson begins, its editor, the speaker's window, a vote.
import { house } from "gallery/shell/house.js";
import { on, tab } from "gallery/shell/page.js";
import { lang, tell } from "gallery/shell/words.js";
import { lean, read, sane, unpack } from "gallery/lecture/lesson.js";
import { forget, give, leave, now } from "gallery/lecture/walk.js";

/** @typedef {import("gallery/lecture/lesson.js").Lesson} Lesson */

const shipped = house.asides.lecture.lessons;
/** The name of the shipped lesson that is given, "" for another. */
let given = "";
const FILE = "file";

/**
 * A lesson that ships, in the visitor's language; null where it cannot be had.
 * @param {string} name
 * @returns {Promise<Lesson | null>}
 */
async function fetched(name) {
  try {
    return sane(await (await fetch(shipped[name][lang])).json());
  } catch {
    return null;
  }
}

/** The lesson that the address names, or that was open before a reload: the lesson, and what tells it from others. */
async function asked() {
  const name = new URLSearchParams(location.search).get("lesson");
  if (name !== null) return { key: name, lesson: name in shipped ? await fetched(name) : null };
  const packed = location.hash.match(/^#lesson=([\w-]+)/)?.[1];
  if (packed) return { key: packed, lesson: await unpack(packed) };
  return { key: FILE, lesson: read(tab.get("lesson") ?? "") };
}

/** Whether the address that this page was opened by names a state of its own: a reload's does. */
function placed() {
  const [opened] = performance.getEntriesByType("navigation");
  return new URL(opened?.name ?? location.href).searchParams.has("room");
}

/** Begins the lesson that the address names, or goes on with it where it was. */
export async function begin() {
  const { key, lesson } = await asked();
  if (!lesson) return tell("lecture.no_lesson", {}, "error");
  const again = tab.get("lesson.key") === key;
  if (!again) forget("lesson.since");
  tab.set("lesson.key", key);
  given = key in shipped ? key : "";
  give(lesson, again ? Number(tab.get("lesson.at")) : 0, !(again && placed()));
  if (tab.get("speaker")) speaker();
}

/**
 * Gives a lesson that ships, by its name.
 * @param {string} name
 */
export async function start(name) {
  leave();
  const url = new URLSearchParams(location.search);
  url.set("lesson", String(name));
  history.replaceState(null, "", `?${url}`);
  await begin();
}

/**
 * Gives a lesson that was built here or came from a file; a reload finds it again.
 * @param {Lesson} lesson
 * @param {number} [at]
 */
export function perform(lesson, at = 0) {
  leave();
  given = "";
  tab.set("lesson", lean(lesson));
  tab.set("lesson.key", FILE);
  give(lesson, at);
}

on("lang", async () => {
  const lesson = given && now.lesson ? await fetched(given) : null;
  if (lesson) give(lesson, now.at, false);
});

/** Opens the editor, where lessons are also chosen. */
export async function editor() {
  (await import("gallery/lecture/editor.js")).edit();
}

/** Opens the speaker's window. */
export async function speaker() {
  (await import("gallery/lecture/speaker.js")).open();
}

/** The next act of a vote on the question that is shown. */
export async function vote() {
  (await leading)?.fold();
  (await import("gallery/lecture/vote.js")).press();
}

/** @type {Promise<typeof import("gallery/lecture/lead.js")> | null} */
let leading = null;

/** Phones follow this page; again: the way in for them, and away with it. again: after a reload. */
export async function lead(again = false) {
  leading ??= import("gallery/lecture/lead.js");
  const { press, resume } = await leading;
  (again ? resume : press)();
}

/** This page follows another, as its address says. */
export async function follow() {
  (await import("gallery/lecture/follow.js")).begin();
}
