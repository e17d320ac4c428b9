// Words: every sentence by its key, in the visitor's language. The shell's come with the page, a room's with the room.
import { answering } from "gallery/shell/alive.js";
import { house } from "gallery/shell/house.js";
import { emit, notice, store } from "gallery/shell/page.js";

/** @typedef {Record<string, any>} Values What fills a sentence; numbers are written as the reader writes them. */

const root = document.documentElement;
const LANGUAGES = Object.keys(house.words);
const known = (name) => (LANGUAGES.includes(name) ? name : null);

/** The language of the moment. */
export let lang = window.vernissage.lang;
/** Only a language that somebody chose belongs into a link; otherwise each reader gets his own. */
export let chosen = known(new URLSearchParams(location.search).get("lang")) !== null;

// ---- fetching -------------------------------------------------------------------------------------------
/** @type {Record<string, Record<string, string>>} language -> key -> sentence, as far as they have come */
const sentences = Object.fromEntries(LANGUAGES.map((name) => [name, {}]));
/** @type {Map<string, Promise<void>>} */
const coming = new Map();
const parts = [house.words]; // of the page that are open: language -> address
let missing = 1; // parts that are still on their way: until then a key may be unknown

/** Takes the words behind an address into a language, once; rejects where they cannot be had. */
function take(url, name, answer) {
  if (!coming.has(url)) {
    const taken = (async () => Object.assign(sentences[name], await (await (answer ?? fetch(url))).json()))();
    coming.set(url, taken);
    taken.catch(() => coming.delete(url));
  }
  return coming.get(url);
}

/** Resolves when the shell's own words are there. */
export const ready = take(house.words[lang], lang, window.vernissage.words).then(() => {
  missing -= 1;
  speak();
});

/** A part of the page speaks too: its words in the language of the moment, and from now on in every other. */
export async function learn(urls) {
  if (!parts.includes(urls)) parts.push(urls);
  missing += 1;
  try {
    // A visitor may change the language while they are on their way.
    for (let now = null; now !== lang; ) {
      now = lang;
      await Promise.all([ready, take(urls[now], now)]);
    }
  } finally {
    missing -= 1;
  }
  fill(document.body);
}

/** Another language, for all parts of the page that are open; the old one stays until the words can be had. */
export async function setLang(next) {
  if (!known(next)) return;
  try {
    for (let count = 0; count !== parts.length; ) {
      count = parts.length;
      await Promise.all(parts.map((urls) => take(urls[next], next)));
    }
  } catch {
    return (await answering()) ? tell("page.failed", {}, "error") : setLang(next);
  }
  lang = next;
  chosen = true;
  store.set("lang", next);
  speak();
}

function speak() {
  root.lang = lang;
  fill(document.body);
  emit("lang", lang);
}

// ---- sentences ------------------------------------------------------------------------------------------
const rules = Object.fromEntries(LANGUAGES.map((code) => [code, new Intl.PluralRules(code)]));
const FORM = { one: 0, few: 1, many: 2, other: 1 };

/**
 * The form that goes with n: of three in Russian, of two in English.
 * @param {number} n
 * @param {string[]} forms
 */
export function plural(n, forms) {
  return forms[Math.min(FORM[rules[lang].select(Number(n))] ?? 0, forms.length - 1)];
}

/**
 * The sentence of a key in the visitor's language; numbers among the values are written his way.
 * @param {string} key
 * @param {Values} [values]
 * @returns {string}
 */
export function sentence(key, values = {}) {
  const found = sentences[lang][key];
  if (found === undefined) {
    console.error(`no words for ${key}`);
    return key;
  }
  return found.replace(/\{(\w+)(?::([^{}]*))?\}/g, (_, name, forms) => {
    const value = values[name] ?? "";
    if (forms !== undefined) return plural(value, forms.split("|"));
    return typeof value === "number" ? written(value) : String(value);
  });
}

const formats = new Map();

/**
 * 0,62 or 0.62, with a true minus sign; without digits, at most two decimals.
 * @param {number} x
 * @param {number} [digits]
 * @returns {string}
 */
export function written(x, digits) {
  const name = `${lang} ${digits}`;
  if (!formats.has(name)) {
    /** @type {Intl.NumberFormatOptions} */
    const options = { minimumFractionDigits: digits ?? 0, maximumFractionDigits: digits ?? 2, signDisplay: "negative" };
    formats.set(name, new Intl.NumberFormat(lang === "ru" ? "ru-RU" : "en-US", /** @type {any} */ ({ ...options, useGrouping: "min2" })));
  }
  return formats.get(name).format(x).replace("-", "\u2212");
}

/**
 * A share in [0, 1] as a percentage: "62 %" in Russian, "62%" in English.
 * @param {number} x
 * @param {number} digits
 */
export const percent = (x, digits) => `${written(100 * x, digits)}${lang === "ru" ? "\u00a0" : ""}%`;

/**
 * A notice by its key, as soon as there are words.
 * @param {string} key
 * @param {Values} [values]
 * @param {"info" | "error"} [kind]
 */
export function tell(key, values = {}, kind = "info") {
  ready.then(() => notice(sentence(key, values), kind));
}

// ---- elements that speak --------------------------------------------------------------------------------
/** @type {Record<string, (node: any, text: string) => void>} */
const FILL = {
  "data-t": (node, text) => { if (node.textContent !== text) node.textContent = text; },
  "data-t-title": (node, text) => { node.title = text; },
  "data-t-label": (node, text) => node.setAttribute("aria-label", text),
  "data-t-alt": (node, text) => { node.alt = text; },
  "data-t-placeholder": (node, text) => { node.placeholder = text; },
};
const ANY = Object.keys(FILL).map((name) => `[${name}]`).join();

function fillOne(node) {
  const values = node.dataset.tArgs ? JSON.parse(node.dataset.tArgs) : {};
  for (const [name, put] of Object.entries(FILL)) {
    const key = node.getAttribute(name);
    // What a part of the page says that is still on its way is filled in when it comes.
    if (key && (!missing || key in sentences[lang])) put(node, sentence(key, values));
  }
}

/**
 * Fills in the words of an element and of everything below it.
 * @param {Element} element
 */
export function fill(element) {
  if (element.matches(ANY)) fillOne(element);
  for (const node of element.querySelectorAll(ANY)) fillOne(node);
}

/** Elements that come into the page speak as well, and gradio does not change the page's language. */
export function keepSpeaking() {
  const attributeFilter = [...Object.keys(FILL), "data-t-args"];
  new MutationObserver((records) => {
    for (const record of records) {
      if (record.type === "attributes") fillOne(record.target);
      for (const node of record.addedNodes) {
        if (!(node instanceof Element)) continue;
        fill(node);
        emit("nodes", node);
      }
    }
  }).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter });
  new MutationObserver(() => {
    if (root.lang !== lang) root.lang = lang;
  }).observe(root, { attributes: true, attributeFilter: ["lang"] });
}
