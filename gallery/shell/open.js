// A room's own scripts, styles and words: fetched when it is first opened, and not before.
import { answering } from "gallery/shell/alive.js";
import { house } from "gallery/shell/house.js";
import { learn, tell } from "gallery/shell/words.js";

/** @type {Map<string, Promise<void>>} */
const rooms = new Map();
/** @type {Map<string, Promise<any>>} */
const sheets = new Map();
/** How often a module did not come, whoever sent for it. @type {Map<string, number>} */
const failures = new Map();

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
  const parts = scripts.map(code);
  const all = () => Promise.allSettled([learn(words), ...styles.map(style), ...parts.map((each) => each())]);
  await brought(async () => {
    if ((await all()).some(({ status }) => status === "rejected")) throw new Error(`not all of ${name}`);
  }).catch(() => rooms.delete(name));
}

/**
 * Resolves to what `get` fetches: a server that is away is waited for. One that answers and does not give it is asked
 * twice; then a notice says so, and the promise is rejected.
 * @template Code
 * @param {() => Promise<Code>} get
 * @returns {Promise<Code>}
 */
export async function brought(get) {
  for (let failed = 0; ; ) {
    try {
      return await get();
    } catch {
      if (await answering()) failed += 1;
      if (failed < 2) continue;
      tell("page.no_widget", {}, "error");
      throw Object.assign(new Error("a part of the page did not come"), { key: "page.no_widget" });
    }
  }
}

/**
 * What sends for a module. Browsers remember one that did not come for as long as the page stands: after a failure it is
 * asked for by another address, which is the same to the server.
 * @param {string} name as in the import map
 * @returns {() => Promise<any>}
 */
export const code = (name) => () => {
  const failed = failures.get(name) ?? 0;
  return import(failed ? `${import.meta.resolve(name)}#${failed}` : name).catch((error) => {
    failures.set(name, failed + 1);
    throw error;
  });
};

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
