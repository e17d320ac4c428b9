// A state taken home: its notebook, fetched and handed to the visitor.
import { notice } from "gallery/shell/page.js";
import { query } from "gallery/shell/rooms.js";
import { lang, sentence, tell } from "gallery/shell/words.js";

const NAME = /filename="([\w.-]+)"/;

/**
 * Fills a place with the button that takes the state home, and with what its notebook holds.
 * @param {HTMLElement} place
 */
export function offer(place) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "v-button", onclick: takeHome });
  button.append(sentence("card.notebook"));
  place.classList.add("v-widget"); // its buttons look as those of widgets
  place.replaceChildren(button, "\u2002", sentence("card.notebook_holds"));
}

/** The notebook of what is on the screen; where there is none, a sentence says why. */
async function takeHome() {
  const asked = new URLSearchParams(query());
  asked.set("lang", lang);
  const answer = await fetch(`./gallery/notebook/state.ipynb?${asked}`).catch(() => null);
  if (!answer) return tell("page.server_gone", {}, "error");
  if (!answer.ok) return tell("page.failed", {}, "error");
  const named = NAME.exec(answer.headers.get("content-disposition") ?? "");
  if (!named) return notice((await answer.json()).error, "error");
  const href = URL.createObjectURL(await answer.blob());
  const link = Object.assign(document.createElement("a"), { href, download: named[1] });
  link.click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000); // ms; some browsers read it after the click
}
