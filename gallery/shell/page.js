// The page as a whole: what happens on it, what the visitor chose, its theme, and notices.

const root = document.documentElement;
const listeners = new Map();

/**
 * Calls back on "lang", "theme", "present", "state" (another one may be shown) and "nodes" (that came into the page).
 * @param {"lang" | "theme" | "present" | "state" | "nodes"} event
 * @param {(data?: any) => void} callback
 */
export function on(event, callback) {
  if (!listeners.has(event)) listeners.set(event, []);
  listeners.get(event).push(callback);
}

/**
 * @param {"lang" | "theme" | "present" | "state" | "nodes"} event
 * @param {any} [data]
 */
export function emit(event, data) {
  for (const callback of listeners.get(event) ?? []) callback(data);
}

/**
 * The element that an event came from, or the nearest around it that fits.
 * @param {Event} event
 * @param {string} selector
 * @returns {HTMLElement | null}
 */
export function closest(event, selector) {
  return event.target instanceof Element ? event.target.closest(selector) : null;
}

/**
 * A browser may forbid storage (private windows, third-party frames): then what is kept lasts for the page.
 * @param {() => Storage} storage
 */
function kept(storage) {
  const memory = new Map();
  return {
    /** @param {string} name */
    get(name) {
      try { return storage().getItem(`vernissage.${name}`); } catch { return memory.get(name) ?? null; }
    },
    /**
     * @param {string} name
     * @param {string} value
     */
    set(name, value) {
      try { storage().setItem(`vernissage.${name}`, value); } catch { memory.set(name, value); }
    },
  };
}
/** What the visitor chose, for every page that he opens. */
export const store = kept(() => localStorage);
/** What a reload of this page finds again, and no other page. */
export const tab = kept(() => sessionStorage);

// ---- theme ----------------------------------------------------------------------------------------------
const system = matchMedia("(prefers-color-scheme: dark)");
/** A slide's theme is the deck's to choose. */
const slides = root.classList.contains("v-embed") ? new URLSearchParams(location.search).get("theme") : null;
export const theme = () => slides || (store.get("theme") ?? "system");
const dark = () => theme() === "dark" || (theme() === "system" && system.matches);

/** @param {"system" | "light" | "dark"} next */
export function setTheme(next) {
  store.set("theme", next);
  paint();
}

function paint() {
  for (const node of [root, document.body]) {
    if (node.classList.contains("dark") !== dark()) node.classList.toggle("dark", dark());
  }
  emit("theme", dark() ? "dark" : "light");
}

/** gradio sets .dark from the system when it mounts; the visitor's choice goes before that. */
export function keepTheme() {
  system.addEventListener("change", paint);
  new MutationObserver(() => {
    if (document.body.classList.contains("dark") !== dark()) paint();
  }).observe(document.body, { attributes: true, attributeFilter: ["class"] });
  paint();
}

// ---- notices --------------------------------------------------------------------------------------------
/** @type {{text: string, kind: string}[]} */
const queue = [];
/** What stays until it is taken back. */
let standing = "";
let timer = 0;

/**
 * One quiet sentence at the foot of the page; sentences that come together are shown one under another.
 * @param {string} text
 * @param {"info" | "error"} [kind]
 */
export function notice(text, kind = "info") {
  if (text === standing || queue.some((line) => line.text === text)) return;
  queue.push({ text, kind });
  show();
  clearTimeout(timer);
  timer = window.setTimeout(() => {
    queue.length = 0;
    show();
  }, 3000 + 45 * queue.slice(-5).reduce((sum, line) => sum + line.text.length, 0));
}

/**
 * A sentence that stays as long as it is true; an empty one takes it back.
 * @param {string} text
 */
export function stand(text) {
  standing = text;
  show();
}

function show() {
  const box = /** @type {HTMLElement} */ (document.querySelector(".v-notice"));
  const lines = [...queue.slice(-5), ...(standing ? [{ text: standing, kind: "error" }] : [])];
  box.replaceChildren(...lines.map(({ text, kind }) => {
    const p = document.createElement("p");
    p.className = `v-notice-${kind}`;
    p.textContent = text;
    return p;
  }));
  // Shown anew each time, so that it also stands before a dialog that has been opened since.
  box.hidePopover?.();
  if (lines.length) box.showPopover?.();
}
