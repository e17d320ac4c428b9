// What stands on the wall for phones: the lecturer's calls to the server, a QR code, and a short address.
import { notice, tab } from "gallery/shell/page.js";
import { fill, sentence, tell } from "gallery/shell/words.js";
import { el, icon } from "gallery/widgets/_elements.js";

const LOOPBACK = /^(localhost|127\.|\[?::1)/;

/** So many random bytes, written in hexadecimal digits. */
export const random = (/** @type {number} */ bytes) => [...crypto.getRandomValues(new Uint8Array(bytes))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** The lecturer's key: known to this tab alone, and found again after a reload. */
function key() {
  const kept = tab.get("hall");
  if (kept) return kept;
  const made = random(24);
  tab.set("hall", made);
  return made;
}

/**
 * Tells the server what the lecturer does; null where it does not answer.
 * @param {"hall" | "lead"} part
 * @param {string} what
 * @param {Record<string, any>} [more]
 * @param {boolean} [quiet] whether a server that is away is no news
 * @returns {Promise<any>}
 */
export async function hall(part, what, more = {}, quiet = false) {
  try {
    const body = JSON.stringify({ key: key(), do: what, ...more });
    const answer = await (await fetch(`./gallery/${part}`, { method: "POST", headers: { "content-type": "application/json" }, body })).json();
    if (!answer.error) return answer;
    notice(answer.error, "error");
  } catch {
    if (!quiet) tell("page.failed", {}, "error");
  }
  return null;
}

/** A panel over the words of the act: how phones come in, how many have, and what comes next. */
export class Wall {
  /**
   * @param {{title: string, qr: string, close: string}} said words keys: what it is, what the code is, what its cross does
   * @param {() => void} onclose
   * @param {...HTMLElement} more what stands between the count and the ways on
   */
  constructor({ title, qr, close }, onclose, ...more) {
    this.qr = el("div", { class: "v-vote-qr", role: "img", "data-t-label": qr });
    this.address = el("p", { class: "v-vote-address" });
    this.hint = el("p", { class: "v-vote-hint" });
    this.count = el("p", { class: "v-vote-count", role: "status" });
    this.ways = el("div", { class: "v-vote-ways" });
    const cross = el("button", { type: "button", class: "v-asked-fold", "data-t-label": close, "data-t-title": close, onclick: onclose }, icon("clear"));
    this.node = el("section", { class: "v-vote", "data-t-label": title }, cross, this.qr, this.address, this.hint, this.count, ...more, this.ways);
    document.body.append(this.node);
    fill(this.node);
  }

  /**
   * Shows the way in; false where the server gives none.
   * @param {"hall" | "lead"} part
   * @param {"v" | "f"} path
   */
  async open(part, path) {
    const base = new URL("./", document.baseURI).href;
    const answer = await hall(part, "code", { base });
    if (!answer) return false;
    // Our own server's: a path of black squares.
    this.qr.innerHTML = answer.qr;
    this.address.replaceChildren(base.replace(/^https?:\/\//, ""), el("wbr", {}), `${path}/${answer.code}`);
    this.hint.textContent = LOOPBACK.test(location.hostname) ? sentence("lecture.vote.loopback") : "";
    return true;
  }
}

/**
 * One way on. main: the one that the key does, which stands beside it.
 * @param {string} label words key
 * @param {() => void} onclick
 * @param {string} [main]
 */
export const way = (label, onclick, main = "") => el("button", { type: "button", class: main ? "v-edit-button v-edit-main" : "v-edit-button", onclick },
  sentence(label), ...(main ? [" ", el("kbd", {}, main)] : []));
