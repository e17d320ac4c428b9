// The editor: states in a row, what is said and asked at each; handed on as a link, or as a file where that is too long.
import { house } from "gallery/shell/house.js";
import { dialog } from "gallery/shell/dialog.js";
import { notice, tab } from "gallery/shell/page.js";
import { getRoom, here } from "gallery/shell/rooms.js";
import { lang, sentence, tell } from "gallery/shell/words.js";
import { el } from "gallery/widgets/_elements.js";
import { lead, perform, start } from "gallery/lecture/lecture.js";
import { SHORT, SPOTS, lean, pack, read, sane } from "gallery/lecture/lesson.js";
import { LETTERS } from "gallery/lecture/asked.js";
import { now, open } from "gallery/lecture/walk.js";

/** @typedef {import("gallery/lecture/lesson.js").Step} Step */

/** What is being built; a reload finds it again. */
let draft = read(tab.get("lesson.draft") ?? "") ?? { title: "", steps: [] };
let at = Math.max(0, draft.steps.length - 1);
/** @type {HTMLElement} */
let body;

const say = (key) => sentence(`lecture.${key}`);
const keep = () => tab.set("lesson.draft", lean(draft));
const press = (key, onclick, attrs = {}) => el("button", { type: "button", class: "v-edit-button", onclick, ...attrs }, say(key));

/** Opens the editor over the page, with the lesson that is given, where one is. */
export function edit() {
  if (now.lesson && !draft.steps.length) {
    draft = structuredClone(now.lesson);
    at = now.at;
  }
  body = dialog("lecture.editor", "");
  body.classList.add("v-edit");
  write();
}

const close = () => body.closest("dialog").close();

function write() {
  body.replaceChildren(ready(), el("div", { class: "v-edit-columns" }, list(), fields()), hand());
}

/** The lessons that ship, to begin at once. */
function ready() {
  const names = Object.keys(house.asides.lecture.lessons);
  const begin = async (name) => {
    close();
    await start(name);
  };
  return el("p", { class: "v-edit-ready" }, `${say("ready")} `, ...names.map((name) =>
    el("button", { type: "button", class: "v-edit-button", "data-start": name, onclick: () => begin(name) }, house.asides.lecture.titles[name][lang])), press("lead.begin", () => { close(); lead(); }));
}

function list() {
  const rows = draft.steps.map((step, i) => el("li", {}, el("button", {
    type: "button", class: "v-edit-step", "aria-current": i === at ? "step" : null, onclick: () => { at = i; write(); },
  }, el("span", {}, `${i + 1}`), step.title || new URLSearchParams(step.state).get("room"))));
  return el("div", { class: "v-edit-list" }, el("ol", {}, ...rows), el("div", { class: "v-edit-row" }, press("add", add)),
    draft.steps.length ? el("div", { class: "v-edit-row" }, press("up", () => move(-1), { disabled: at === 0 }), press("down", () => move(1), { disabled: at === draft.steps.length - 1 }), press("remove", remove)) : null);
}

/** The state that the page shows, as short as a link can say it: what is as at the start is left out. */
function shown() {
  const room = getRoom(here.room);
  const moved = Object.entries(room.shared()).filter(([name, value]) => name === "act" || String(value) !== String(room.specs[name].default));
  return new URLSearchParams([["room", here.room], ...moved.map(([name, value]) => [name, String(value)])]).toString();
}

/** The state that the page shows now, behind the step that is chosen. */
function add() {
  const { steps } = draft;
  const step = sane({ steps: [{ state: shown() }] }).steps[0];
  at = Math.min(at + 1, steps.length);
  steps.splice(at, 0, step);
  keep();
  write();
  body.querySelector("input")?.focus();
}

function move(by) {
  const { steps } = draft;
  [steps[at], steps[at + by]] = [steps[at + by], steps[at]];
  at += by;
  keep();
  write();
}

function remove() {
  draft.steps.splice(at, 1);
  at = Math.max(0, Math.min(at, draft.steps.length - 1));
  keep();
  write();
}

// ---- a step's fields ------------------------------------------------------------------------------------
function field(key, value, set, { tag = /** @type {"input" | "textarea"} */ ("input"), limit = 120 } = {}) {
  const input = el(tag, { class: "v-edit-input", maxlength: String(limit), rows: tag === "textarea" ? "3" : null });
  input.value = value;
  input.addEventListener("input", () => {
    set(input.value);
    keep();
  });
  return el("label", { class: "v-edit-field" }, el("span", {}, say(key)), input);
}

function fields() {
  const step = draft.steps[at];
  if (!step) return el("p", { class: "v-edit-hint" }, say("empty"));
  const spots = el("select", { class: "v-edit-input", onchange: (event) => { step.spot = event.target.value; keep(); } },
    el("option", { value: "" }, say("spot.none")), ...SPOTS.map((name) => el("option", { value: name }, say(`spot.${name}`))));
  spots.value = step.spot;
  const state = el("p", { class: "v-edit-row" }, press("update", () => { step.state = shown(); keep(); notice(say("updated")); }), press("look", () => { close(); open(step.state); }));
  return el("div", { class: "v-edit-fields" },
    field("title", step.title, (value) => { step.title = value; }),
    field("text", step.text, (value) => { step.text = value; }, { limit: 300 }),
    field("notes", step.notes, (value) => { step.notes = value; }, { tag: "textarea", limit: 4000 }),
    el("label", { class: "v-edit-field" }, el("span", {}, say("spotlight")), spots), state, asking(step));
}

/** @param {Step} step */
function asking(step) {
  const asked = step.question ?? { ask: "", answers: [], right: -1, why: "", veil: "" };
  const set = (change) => {
    Object.assign(asked, change);
    // What is not yet a question is kept here as it is typed, and left out of what is handed on.
    step.question = asked.ask || asked.answers.some(Boolean) ? asked : null;
  };
  const answers = LETTERS.map((letter, i) => {
    const right = el("input", { type: "radio", name: "v-edit-right", "aria-label": `${say("right")} ${letter}`, onchange: () => { set({ right: i }); keep(); } });
    right.checked = asked.right === i;
    const text = el("input", { class: "v-edit-input", maxlength: "160", "aria-label": `${say("answer")} ${letter}` });
    text.value = asked.answers[i] ?? "";
    text.addEventListener("input", () => {
      const all = LETTERS.map((_, k) => (k === i ? text.value : asked.answers[k] ?? ""));
      set({ answers: all });
      keep();
    });
    return el("div", { class: "v-edit-answer" }, right, el("kbd", {}, letter), text);
  });
  return el("fieldset", { class: "v-edit-question" }, el("legend", {}, say("question")),
    field("ask", asked.ask, (ask) => set({ ask }), { limit: 300 }), ...answers, field("why", asked.why, (why) => set({ why }), { limit: 600 }));
}

// ---- handed on ------------------------------------------------------------------------------------------
function hand() {
  const file = el("input", { type: "file", accept: ".json,application/json", hidden: true, onchange: load });
  const none = { disabled: !draft.steps.length };
  return el("div", { class: "v-edit-row v-edit-hand" },
    press("give", () => { const lesson = sane(draft); close(); perform(lesson, Math.min(at, lesson.steps.length - 1)); }, { ...none, class: "v-edit-button v-edit-main" }),
    press("copy", copy, none), press("save", save, none), press("load", () => file.click()), file);
}

async function copy() {
  const url = `${new URL("./", document.baseURI)}#lesson=${await pack(sane(draft))}`;
  if (url.length > SHORT) return tell("lecture.long", { n: url.length }, "error");
  try {
    await navigator.clipboard.writeText(url);
    notice(say("copied"));
  } catch {
    prompt(say("copy"), url); // plain http from another machine has no clipboard API
  }
}

function save() {
  const href = URL.createObjectURL(new Blob([lean(sane(draft))], { type: "application/json" }));
  el("a", { href, download: "vernissage-lesson.json" }).click();
  URL.revokeObjectURL(href);
}

async function load(event) {
  const [file] = event.target.files;
  const lesson = file && file.size < 1e6 ? read(await file.text()) : null;
  if (!lesson) return tell("lecture.no_lesson", {}, "error");
  draft = lesson;
  at = 0;
  keep();
  write();
}
