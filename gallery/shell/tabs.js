// Choosing a room: our tabs in one row, the rooms that do not fit behind "more", gradio's hidden tabs, the address.
import { names } from "gallery/shell/house.js";
import { opened } from "gallery/shell/open.js";
import { closest, on } from "gallery/shell/page.js";
import { getRoom, here, write } from "gallery/shell/rooms.js";
import { ready, sentence, tell } from "gallery/shell/words.js";

const root = document.documentElement;
const bar = document.querySelector(".v-tabs");
/** @type {HTMLElement[]} */
const tabs = Array.from(bar.querySelectorAll("[data-room-tab]"));
for (const tab of tabs.splice(0)) {
  if (names.includes(tab.dataset.roomTab)) tab.querySelector(".v-tab-n").textContent = String(tabs.push(tab));
  else tab.remove();
}
/** @type {HTMLDetailsElement} */
const more = document.querySelector(".v-more");
const list = more.querySelector(".v-more-list");

/**
 * Opens a room: our tab, the address, and gradio's tab as soon as the room's own files have come.
 * @param {string} name
 * @param {{push?: boolean, focus?: boolean}} [how] push: a place of its own in the browser's history
 */
export async function show(name, { push = true, focus = false } = {}) {
  here.room = name;
  root.dataset.room = name; // for style sheets
  for (const tab of tabs) {
    const selected = tab.dataset.roomTab === name;
    tab.setAttribute("aria-selected", String(selected));
    tab.tabIndex = selected ? 0 : -1;
  }
  layOut();
  if (focus) tabs[names.indexOf(name)].focus();
  ready.then(title);
  preselect(name);
  write({ now: true, push });
  await opened(name);
  if (here.room !== name) return; // the visitor has gone on
  root.classList.remove("v-opening");
  open(name);
}

/** Before gradio has mounted its tabs, its configuration is told which one. */
function preselect(name) {
  const set = window.gradio_config?.components?.find((each) => each.props?.elem_id === "v-rooms");
  if (set) set.props.selected = name;
}

/** gradio's own tab must follow, now or when it has been mounted. */
function open(name) {
  const own = document.getElementById(`room-${name}-button`);
  if (!own) return waitForTabs();
  if (own.getAttribute("aria-selected") !== "true") own.click();
  getRoom(name).emit("show", {});
}

let waiting = false;
function waitForTabs() {
  if (waiting) return;
  waiting = true;
  on("nodes", () => {
    if (!waiting || !document.getElementById(`room-${here.room}-button`)) return;
    waiting = false;
    open(here.room);
  });
}

function title() {
  document.title = `${sentence(`${here.room}.name`)} · ${sentence("page.brand")}`;
}

/** The room that a link's query names, the first where it names none that is here. */
function named(url) {
  const given = url.get("room");
  const known = given !== null && names.includes(given);
  if (given !== null && !known) tell("page.no_room", { given: given.slice(0, 40) });
  return known ? given : names[0];
}

/**
 * Shows a state of the page, as the query of its link says it.
 * @param {URLSearchParams} url
 */
export function go(url) {
  const name = named(url);
  // The knobs first: showing a room writes them into the address.
  getRoom(name).restore(url);
  show(name, { push: false });
}

// ---- one row --------------------------------------------------------------------------------------------
/** As many tabs as fit, the open room's always among them; the others go into the list behind "more". */
function layOut() {
  for (const tab of tabs) tab.hidden = false;
  more.hidden = false;
  const gap = parseFloat(getComputedStyle(bar).columnGap) || 0;
  const wide = (node) => node.getBoundingClientRect().width + gap;
  const all = bar.getBoundingClientRect().width + gap;
  const sum = tabs.reduce((total, tab) => total + wide(tab), 0);
  more.hidden = sum <= all + 0.5;
  const chosen = tabs.find((tab) => tab.dataset.roomTab === here.room);
  let left = all - (more.hidden ? 0 : wide(more)) - (chosen && !more.hidden ? wide(chosen) : 0);
  let full = false;
  const outside = tabs.filter((tab) => {
    if (more.hidden || tab === chosen) return false;
    left -= wide(tab);
    full ||= left < 0;
    return full;
  });
  for (const tab of outside) tab.hidden = true;
  list.replaceChildren(...outside.map(entry));
  if (more.hidden) more.open = false;
}

/** A room in the list behind "more". */
function entry(tab) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "v-more-room";
  button.dataset.roomGo = tab.dataset.roomTab;
  button.append(...[...tab.childNodes].map((node) => node.cloneNode(true)));
  return button;
}

/** Opens the list of the rooms that do not fit; nothing where all do. */
export function showMore() {
  if (more.hidden) return;
  more.open = true;
  list.querySelector("button").focus();
}

function leaveMore({ focus = false } = {}) {
  more.open = false;
  if (focus) more.querySelector("summary").focus();
}

/** Arrow keys, Home and End in a row or a list of buttons: the one to go to. */
function target(all, from, event) {
  const back = event.key === "ArrowLeft" || event.key === "ArrowUp";
  const forth = event.key === "ArrowRight" || event.key === "ArrowDown";
  const to = { Home: 0, End: all.length - 1 }[event.key] ?? (back ? from - 1 : forth ? from + 1 : undefined);
  return to === undefined || from < 0 ? undefined : all[(to + all.length) % all.length];
}

function keyInBar(event) {
  if (closest(event, ".v-more")) return keyInMore(event);
  if (event.key === "ArrowUp" || event.key === "ArrowDown") return;
  const to = target(tabs, tabs.indexOf(closest(event, "[data-room-tab]")), event);
  if (!to) return;
  event.preventDefault();
  show(to.dataset.roomTab, { focus: true });
}

function keyInMore(event) {
  const all = [...list.children];
  if (event.key === "Escape" && more.open) leaveMore({ focus: true });
  else if (event.key === "ArrowDown" && !closest(event, ".v-more-list")) showMore();
  else {
    const to = target(all, all.indexOf(closest(event, "[data-room-go]")), event);
    if (!to) return;
    to.focus();
  }
  event.preventDefault();
  event.stopPropagation();
}

/** Brings the tabs to life, and opens the room that the address names. */
export function startTabs() {
  bar.addEventListener("click", (event) => {
    const { roomTab, roomGo } = closest(event, "[data-room-tab], [data-room-go]")?.dataset ?? {};
    if (!roomTab && !roomGo) return;
    leaveMore();
    show(roomTab ?? roomGo, { focus: Boolean(roomGo) });
  });
  bar.addEventListener("keydown", keyInBar);
  document.addEventListener("pointerdown", (event) => closest(event, ".v-more") || leaveMore());
  more.addEventListener("focusout", ({ relatedTarget: to }) => to instanceof Node && !more.contains(to) && leaveMore());
  addEventListener("popstate", () => go(new URLSearchParams(location.search)));
  on("lang", () => {
    title();
    layOut();
  });
  new ResizeObserver(layOut).observe(bar);
  document.fonts.ready.then(layOut);
  root.classList.add("v-opening"); // gradio may mount the first room before its styles and words have come
  show(named(new URLSearchParams(location.search)), { push: false });
}
