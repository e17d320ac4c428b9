// Whether the server answers. Who asked in vain waits here until it does again; the page says so as long as it does not.
import { house } from "gallery/shell/house.js";
import { notice, stand } from "gallery/shell/page.js";
import { ready, sentence } from "gallery/shell/words.js";

const EVERY = 1000; // ms between two looks, more or less: a hall of pages does not look at once
const PATIENCE = 4000; // ms that a look may take

/** How often the server was lost: what it kept for this page before is gone. */
export let losses = 0;
/** @type {Promise<boolean> | null} */
let coming = null;

/**
 * Resolves when the server answers: to true where it did so at once, to false where it had to be waited for.
 * @returns {Promise<boolean>}
 */
export function answering() {
  coming ??= wait().finally(() => { coming = null; });
  return coming;
}

async function wait() {
  if (await there()) return true;
  losses += 1;
  await ready;
  stand(sentence("page.server_gone"));
  do await new Promise((done) => setTimeout(done, EVERY * (0.75 + Math.random() / 2)));
  while (!(await there()));
  if (!(await unchanged())) {
    stand(sentence("page.renewed"));
    return new Promise(() => {}); // nothing that this page asks would be understood
  }
  stand("");
  notice(sentence("page.server_back"));
  return false;
}

/** A proxy answers for a server that is away with 502 to 504. */
async function there() {
  const [any] = Object.values(house.words);
  try {
    const { status } = await fetch(any, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    return status < 500;
  } catch {
    return false;
  }
}

/** Whether the server that came back serves the page that is open here. */
async function unchanged() {
  try {
    const page = await (await fetch("./", { cache: "no-store" })).text();
    return page.includes(document.getElementById("v-house").textContent);
  } catch {
    return true; // lost again: the next look will tell
  }
}
