// A room's own scripts, styles and words: fetched when it is first opened, and not before.
import { house } from "gallery/shell/house.js";
import { learn, tell } from "gallery/shell/words.js";

/** @type {Map<string, Promise<void>>} */
const rooms = new Map();
/** @type {Map<string, Promise<any>>} */
const sheets = new Map();

/**
 * Resolves when all that the room needs has come; what cannot be had is said in a notice, and sent for again when the
 * room is opened the next time.
 * @param {string} name
 * @returns {Promise<void>}
 */
export function opened(name) {
  if (!rooms.has(name)) {
    const { scripts, styles, words } = house.rooms.find((each) => each.name === name);
    const coming = [learn(words), ...styles.map(style), ...scripts.map((each) => import(each))];
    rooms.set(name, Promise.allSettled(coming).then((all) => {
      if (all.every(({ status }) => status === "fulfilled")) return;
      rooms.delete(name);
      tell("page.no_widget", {}, "error");
    }));
  }
  return rooms.get(name);
}

/**
 * Resolves when a style sheet holds.
 * @param {string} url
 */
function style(url) {
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
