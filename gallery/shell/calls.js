// Questions to the server: its answers, its errors as sentences, and one question at a time.
import { answering } from "gallery/shell/alive.js";
import { notice } from "gallery/shell/page.js";
import { sentence } from "gallery/shell/words.js";

/**
 * What the last answer said about itself: milliseconds and device, for the weights' card.
 * @type {{ms?: number, device?: string}}
 */
export const last = {};

/**
 * Asks a server function. Resolves to its answer; an {error} becomes a notice and a rejection whose `key`
 * and `args` name the sentence. A server that is away is waited for, and asked again when it is back.
 * @param {Server} server
 * @param {string} fn
 * @param {any[]} [args]
 * @param {(error: {key: string}) => boolean} [mended] whether the caller helps himself: then there is no notice
 * @returns {Promise<any>}
 */
export async function call(server, fn, args = [], mended = () => false) {
  const answer = await answered(server, fn, args);
  const { error } = answer;
  if (error) {
    const text = sentence(error.key, error.args);
    if (!mended(error)) notice(text, "error");
    throw Object.assign(new Error(text), error);
  }
  if (answer.ms !== undefined) Object.assign(last, { ms: answer.ms, device: answer.device ?? last.device });
  return answer;
}

/** gradio answers a failed request with nothing at all; one that fails twice at a server that answers has failed. */
async function answered(server, fn, args) {
  for (let failed = 0; failed < 2; ) {
    const answer = await Promise.resolve(server[fn](args)).catch(() => null);
    if (answer !== undefined && answer !== null) return answer;
    if (await answering()) failed += 1;
  }
  return { error: { key: "page.failed" } };
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
