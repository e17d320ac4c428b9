// The speaker's window: notes, what comes next, the clock. It is drawn from here, so that it needs no server.
import { on, tab } from "gallery/shell/page.js";
import { blank } from "gallery/shell/present.js";
import { sentence, tell } from "gallery/shell/words.js";
import { el } from "gallery/widgets/_elements.js";
import { forget, now, walk, watch } from "gallery/lecture/walk.js";

const NAME = "vernissage-speaker";
const STEPS = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 };

/** @type {Window | null} */
let other = null;
/** @type {Record<string, HTMLElement>} */
const parts = {};
/** What the vote says in this window. @type {() => (Node | string)[]} */
let voted = () => [];

/** Opens the window, or brings it to the front. */
export function open() {
  other = window.open("", NAME, "popup,width=980,height=640");
  if (!other) return tell("lecture.no_window", {}, "error");
  tab.set("speaker", String(true));
  draw();
  other.focus();
}

/**
 * The vote has something to say here, and nowhere else.
 * @param {() => (Node | string)[]} say
 */
export function sayVotes(say) {
  voted = say;
  write();
}

function draw() {
  const { document: page } = other;
  const sheets = [...document.querySelectorAll('link[rel="stylesheet"]')].map((link) => el("link", { rel: "stylesheet", href: /** @type {HTMLLinkElement} */ (link).href }));
  page.head.replaceChildren(el("meta", { charset: "utf-8" }), ...sheets);
  page.title = sentence("lecture.speaker");
  const block = (name, label) => {
    parts[name] = el("div", { class: `v-speaker-${name}` });
    return el("section", {}, el("h2", {}, sentence(label)), parts[name]);
  };
  const go = (by, label) => el("button", { type: "button", class: "v-button", onclick: () => walk(by) }, sentence(label));
  const clock = el("section", { class: "v-speaker-clock" }, (parts.since = el("b", {})), (parts.time = el("span", {})));
  const said = el("main", { class: "v-speaker-said" }, (parts.at = el("p", { class: "v-speaker-at" })), (parts.title = el("h1", {})), (parts.text = el("p", { class: "v-speaker-text" })), block("notes", "lecture.notes"));
  const side = el("aside", { class: "v-speaker-side" }, clock, block("next", "lecture.coming"), block("votes", "lecture.votes"), el("div", { class: "v-speaker-go" }, go(-1, "lecture.back"), go(1, "lecture.next")));
  page.documentElement.lang = document.documentElement.lang;
  page.documentElement.className = document.documentElement.classList.contains("dark") ? "dark" : "";
  page.body.className = "v-speaker";
  page.body.replaceChildren(said, side);
  other.onkeydown = keys;
  other.onpagehide = () => forget("speaker");
  write();
}

/** @param {KeyboardEvent} event */
function keys(event) {
  const by = /** @type {1 | -1 | undefined} */ (STEPS[event.key]);
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (by && !(event.key === " " && event.target instanceof Element && event.target.closest("button"))) walk(by);
  else if (event.code === "KeyB" || event.key === ".") darken();
  else if (event.code === "KeyV" || event.code === "KeyT") document.dispatchEvent(new KeyboardEvent("keydown", { code: event.code, key: event.key, bubbles: true }));
  else return;
  event.preventDefault();
}

function darken() {
  const dark = /** @type {HTMLDialogElement | null} */ (document.querySelector("dialog.v-blank"));
  if (dark) dark.close();
  else blank();
}

const two = (n) => String(n).padStart(2, "0");
function tick() {
  if (!other || other.closed) return;
  const seconds = now.since ? Math.floor((Date.now() - now.since) / 1000) : 0;
  const time = new Date();
  parts.since.textContent = `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
  parts.time.textContent = `${two(time.getHours())}:${two(time.getMinutes())}`;
}
setInterval(tick, 1000);

function write() {
  if (!other || other.closed) return;
  const step = now.lesson?.steps[now.at];
  const next = now.lesson?.steps[now.at + 1];
  parts.at.textContent = now.lesson ? `${now.lesson.title} · ${now.at + 1}/${now.lesson.steps.length}` : sentence("lecture.none");
  parts.title.textContent = step?.title ?? "";
  parts.text.textContent = step?.text ?? "";
  parts.notes.textContent = step?.notes ?? "";
  parts.next.replaceChildren(next ? el("b", {}, next.title) : now.lesson ? sentence("lecture.last") : "", el("p", {}, next?.text ?? ""));
  parts.votes.replaceChildren(...voted());
  tick();
}

watch(write);
on("lang", () => other && !other.closed && draw());
on("theme", () => other && !other.closed && draw());
// After a reload this page finds its window by the name; when the page goes for good, it stays until it is closed.
