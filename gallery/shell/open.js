// A room's own scripts, styles and words: fetched when it is first opened, and not before.
import { answering } from "gallery/shell/alive.js";
import { house } from "gallery/shell/house.js";
import { learn, tell } from "gallery/shell/words.js";

/** @type {Map<string, Promise<void>>} */
const rooms = new Map();
/** @type {Map<string, Promise<any>>} */
const sheets = new Map();

/**
 * Resolves when all that the room needs has come, however long the server is away; what it does not give is said in a
 * notice, and sent for again when the room is opened the next time.
 * @param {string} name
 * @returns {Promise<void>}
 */
export function opened(name) {
  if (!rooms.has(name)) rooms.set(name, come(name));
  return rooms.get(name);
}

async function come(name) {
  const { scripts, styles, words } = house.rooms.find((each) => each.name === name);
  for (let failed = 0; failed < 2; ) {
    const all = await Promise.allSettled([learn(words), ...styles.map(style), ...scripts.map((each) => import(each))]);
    if (all.every(({ status }) => status === "fulfilled")) return;
    if (await answering()) failed += 1;
  }
  rooms.delete(name);
  tell("page.no_widget", {}, "error");
}

/**
 * Resolves when a style sheet holds.
 * @param {string} url
 */
export function style(url) {
  if (!sheets.has(url)) {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: url });
    const coming = new Promise((resolve, reject) => {
      link.onload = resolve;
      link.onerror = () => {
        link.remove();
        sheets.delete(url);
        reject(new Error(`no ${url}`));
      };
    });
    sheets.set(url, coming);
    document.head.append(link);
  }
  return sheets.get(url);
}
