// The header's tools: language, theme, link, presenter mode; and the page's keys.
import { dialog } from "gallery/shell/dialog.js";
import { KEYS, lecture, startHall } from "gallery/shell/hall.js";
import { embedded, house, names } from "gallery/shell/house.js";
import { closest, notice, on, setTheme, tab, theme } from "gallery/shell/page.js";
import { blank, fullScreen, present, presents, startPresenter, step, turn } from "gallery/shell/present.js";
import { getRoom, here, query, write } from "gallery/shell/rooms.js";
import { show, showMore, startTabs } from "gallery/shell/tabs.js";
import { lang, learn, sentence, setLang, tell } from "gallery/shell/words.js";

const header = document.querySelector(".v-header");
/** @returns {HTMLElement} */
const button = (action) => header.querySelector(`[data-do="${action}"]`);

// ---- tools --------------------------------------------------------------------------------------------
/** The address to hand on, which follows nobody. Inside a Space, the Space's own page, with the same query. */
function link() {
  const space = location.hostname.endsWith(".hf.space") && document.referrer.match(/huggingface\.co\/spaces\/[\w.-]+\/[\w.-]+/);
  const url = new URL(space ? `https://${space[0]}?${query()}` : location.href);
  url.searchParams.delete("follow");
  return url.href;
}

async function copyLink() {
  write({ now: true });
  let done = false;
  try {
    await navigator.clipboard.writeText(link());
    done = true;
  } catch {
    done = copyOldWay(link()); // plain http from another machine has no clipboard API
  }
  notice(sentence(done ? "page.copied" : "page.not_copied"), done ? "info" : "error");
  for (const { key } of getRoom(here.room).staying()) notice(sentence(key));
}

/** After a reload: what was on the screen before it and is not there any more. */
function tellLost() {
  const [how] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  const lost = JSON.parse(tab.get("lost") || "[]");
  if (how?.type === "reload") for (const key of lost) tell(key, {});
  addEventListener("pagehide", () => {
    const keys = getRoom(here.room).staying().filter(({ kept }) => !kept).map(({ key }) => key);
    tab.set("lost", JSON.stringify(keys));
  });
}

function copyOldWay(text) {
  const area = document.createElement("textarea");
  const focused = document.activeElement;
  area.value = text;
  area.className = "v-unseen";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return done;
}

/** @type {("system" | "light" | "dark")[]} */
const THEMES = ["system", "light", "dark"];
const ICONS = {
  system: '<circle cx="8" cy="8" r="5.2"/><path d="M8 2.8a5.2 5.2 0 0 1 0 10.4z" fill="currentColor"/>',
  light: '<circle cx="8" cy="8" r="2.8"/><path d="M8 1.5v1.8M8 12.7v1.8M1.5 8h1.8M12.7 8h1.8M3.4 3.4l1.3 1.3M11.3 11.3l1.3 1.3M12.6 3.4l-1.3 1.3M4.7 11.3l-1.3 1.3"/>',
  dark: '<path d="M12.9 9.6A5.4 5.4 0 0 1 6.4 3.1a5.4 5.4 0 1 0 6.5 6.5z"/>',
};
function showTheme() {
  const mode = theme();
  button("theme").innerHTML = `<svg viewBox="0 0 16 16" aria-hidden="true">${ICONS[mode]}</svg>`;
  button("theme").dataset.tLabel = button("theme").dataset.tTitle = `page.theme.${mode}`;
}

const actions = {
  lang: async () => {
    await setLang(lang === "ru" ? "en" : "ru");
    write({ now: true });
  },
  theme: () => setTheme(THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length]),
  link: copyLink,
  present: () => present(!presents()),
  lesson: () => lecture((hall) => hall.editor()),
};

// ---- keys ---------------------------------------------------------------------------------------------
const HELP = [["1 … 9", "rooms"], ["0", "more"], ["[ ]", "acts"], ["P", "present"], ["F", "full"], ["B .", "blank"], ["PageUp, PageDown", "clicker"], ["W", "turn"], ["L", "lesson"], ["S", "speaker"], ["V", "vote"], ["T", "lead"], ["Esc", "leave"], ["← → ↑ ↓", "arrows"], ["Tab", "tab"], ["?", "help"]];
async function help() {
  try {
    await learn(house.later.keys);
  } catch {
    return tell("page.no_widget", {}, "error");
  }
  if (document.querySelector("dialog[open]")) return; // the key was pressed twice
  const rows = HELP.map(([key, word]) => `<tr><th><kbd>${key}</kbd></th><td data-t="page.keys.${word}"></td></tr>`);
  dialog("page.keys.title", `<table class="v-keys">${rows.join("")}</table>`);
}

function typing(event) {
  const to = event.target;
  return to.isContentEditable || /^(TEXTAREA|SELECT)$/.test(to.tagName)
    || (to.tagName === "INPUT" && !/^(range|checkbox|radio|button|file)$/.test(to.type));
}
function keys(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || typing(event)) return;
  if (document.querySelector("dialog[open]") || (embedded && event.code !== "KeyW")) return;
  // By place and not by letter: on a Russian keyboard the same key types another letter.
  if (event.code === "KeyP" && !event.shiftKey) actions.present();
  else if (KEYS[event.code] && !event.shiftKey) lecture((hall) => hall[KEYS[event.code]]());
  else if (event.code === "KeyF" && !event.shiftKey) fullScreen();
  else if ((event.code === "KeyB" && !event.shiftKey) || event.key === ".") blank();
  else if (event.code === "KeyW" && !event.shiftKey && presents()) turn();
  else if (event.code === "BracketLeft" || event.code === "BracketRight") step(event.code === "BracketRight" ? 1 : -1);
  else if (event.key === "Escape") present(false);
  else if (event.key === "?" || (event.code === "Slash" && event.shiftKey)) help();
  else if (event.code === "Digit0" && !event.shiftKey) showMore();
  else if (/^Digit[1-9]$/.test(event.code) && !event.shiftKey && names[event.code.at(-1) - 1]) {
    show(names[event.code.at(-1) - 1]);
  } else return;
  event.preventDefault();
}

/** Brings the header to life, and opens the room that the address names. */
export function startHeader() {
  header.addEventListener("click", (event) => {
    const tool = closest(event, "[data-do]");
    if (tool) actions[tool.dataset.do]();
  });
  document.addEventListener("keydown", keys);
  startPresenter();
  on("theme", showTheme);
  showTheme();
  startTabs();
  startHall();
  tellLost();
}
