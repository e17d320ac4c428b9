// A phone follows the lecturer: it shows his state and each that comes after, until its owner goes on by himself; the
// lecturer may call everybody back.
import { names } from "gallery/shell/house.js";
import { on } from "gallery/shell/page.js";
import { getRoom, here, state, write as rewrite } from "gallery/shell/rooms.js";
import { go } from "gallery/shell/tabs.js";
import { sentence } from "gallery/shell/words.js";
import { el } from "gallery/widgets/_elements.js";

/** @typedef {{link: string, gathered: number}} Told link: a state's query, "" where nobody leads; gathered: how often everybody was called back */

const root = document.documentElement;
const code = new URLSearchParams(location.search).get("follow");
const SLOWEST = 5000; // ms between two tries

/** @type {Told | null} */
let told = null;
let free = false; // whether the owner goes on by himself
let lost = false;
let tries = 0;

// ---- the bar ----------------------------------------------------------------------------------------------
const said = el("p", { role: "status" });
const button = el("button", { type: "button", class: "v-edit-button v-edit-main", onclick: () => (free ? follow() : explore()) });
const bar = el("div", { class: "v-follow" }, said, button);

function write() {
  const led = Boolean(told?.link);
  root.classList.toggle("v-following", led && !free);
  said.textContent = sentence(`lecture.follow.${lost ? "lost" : !told ? "wait" : !led ? "over" : free ? "free" : "follow"}`);
  button.textContent = sentence(`lecture.follow.${free ? "back" : "explore"}`);
  button.hidden = !led;
}

// ---- following --------------------------------------------------------------------------------------------
/** The state that the lecturer's link has become here. */
let shown = "";
let touched = false;
let held = false; // a finger is on the screen
let applying = false;

function follow() {
  free = false;
  apply();
  write();
}

function explore() {
  free = true;
  write();
}

function apply() {
  const url = new URLSearchParams(told.link);
  if (!names.includes(url.get("room"))) return;
  touched = held;
  applying = true;
  if (url.get("room") === here.room) {
    getRoom(here.room).restore(url);
    rewrite(); // now and then: a phone's browser stops a page that rewrites its address with every move of a knob
  } else go(url);
  applying = false;
  shown = state();
}

/** @param {Told} next */
function hear(next) {
  const called = told !== null && next.gathered > told.gathered;
  const news = next.link !== told?.link;
  told = next;
  lost = false;
  tries = 0;
  if (called || !next.link) free = false;
  if (next.link && !free && (news || called)) apply();
  write();
}

/** Who turns a knob himself goes on by himself: what he sees is no longer what the lecturer shows. */
const touch = (event) => {
  if (!event.isTrusted || (event.target instanceof Node && bar.contains(event.target))) return;
  touched = true;
  held = event.type === "pointerdown" || (held && event.type === "keydown");
};
for (const type of ["pointerdown", "keydown"]) document.addEventListener(type, touch, true);
for (const type of ["pointerup", "pointercancel"]) document.addEventListener(type, () => { held = false; }, true);
on("state", () => {
  if (applying || free || !told?.link) return;
  if (!touched) shown = state();
  else if (state() !== shown) explore();
});

// ---- the stream -------------------------------------------------------------------------------------------
function listen() {
  const stream = new EventSource(`./f/${encodeURIComponent(code)}/events`);
  stream.onmessage = ({ data }) => hear(JSON.parse(data));
  stream.onerror = () => {
    lost = stream.readyState === EventSource.CONNECTING; // it tries again by itself
    if (!lost) {
      // The server is there and knows of nobody who leads: the lecturer's page will tell it, if it still leads.
      told = { link: "", gathered: told?.gathered ?? 0 };
      tries += 1;
      setTimeout(listen, Math.min(SLOWEST, 1000 * tries) * (0.75 + Math.random() / 2));
    }
    write();
  };
}

/** Follows the lecturer whom the address names. */
export function begin() {
  document.querySelector(".v-header .v-tabs").before(bar);
  root.classList.add("v-follows");
  write();
  listen();
}
on("lang", write);
