// A room's own scripts, styles and words: fetched when it is first opened, and not before.
import { house } from "gallery/shell/house.js";
import { learn, tell } from "gallery/shell/words.js";

/** @type {Map<string, Promise<void>>} */
const rooms = new Map();

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

/** @param {string} url */
function style(url) {
  if (document.querySelector(`link[href="${url}"]`)) return null;
  const link = document.createElement("link");
  Object.assign(link, { rel: "stylesheet", href: url });
  return new Promise((resolve, reject) => {
    link.onload = resolve;
    link.onerror = () => {
      link.remove();
      reject(new Error(`no ${url}`));
    };
    document.head.append(link);
  });
}
