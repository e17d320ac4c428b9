// Questions to the server: its answers, its errors as sentences, and one question at a time.
import { notice } from "gallery/shell/page.js";
import { sentence } from "gallery/shell/words.js";

/**
 * What the last answer said about itself: milliseconds and device, for the weights' card.
 * @type {{ms?: number, device?: string}}
 */
export const last = {};

/**
 * Asks a server function. Resolves to its answer; an {error} becomes a notice and a rejection whose `key`
 * and `args` name the sentence. The server gone looks the same, with the key "page.server_gone".
 * @param {Server} server
 * @param {string} fn
 * @param {any[]} [args]
 * @returns {Promise<any>}
 */
export async function call(server, fn, args = []) {
  let answer;
  try {
    answer = await server[fn](args);
  } catch {
    answer = undefined;
  }
  // gradio answers a failed request with nothing at all.
  const error = answer === undefined || answer === null ? { key: "page.server_gone" } : answer.error;
  if (error) {
    const text = sentence(error.key, error.args);
    notice(text, "error");
    throw Object.assign(new Error(text), error);
  }
  if (answer.ms !== undefined) Object.assign(last, { ms: answer.ms, device: answer.device ?? last.device });
  return answer;
}

/**
 * One request in flight, the latest value wins: what comes in between is dropped.
 * @template {any[]} Args
 * @param {(...args: Args) => Promise<any>} fn
 * @returns {(...args: Args) => Promise<void>}
 */
export function latest(fn) {
  let busy = false;
  /** @type {Args | null} */
  let next = null;
  return async function ask(...args) {
    if (busy) {
      next = args;
      return;
    }
    busy = true;
    try {
      for (next = args; next; ) {
        const now = next;
        next = null;
        await fn(...now).catch((error) => {
          if (!error.key) console.error(error); // what has a key has been said in a notice
        });
      }
    } finally {
      busy = false;
    }
  };
}
