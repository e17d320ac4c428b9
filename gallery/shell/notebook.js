// A state taken home: its notebook, fetched and handed to the visitor.
import { notice } from "gallery/shell/page.js";
import { query } from "gallery/shell/rooms.js";
import { lang, tell } from "gallery/shell/words.js";

const NAME = /filename="([\w.-]+)"/;

/** The notebook of what is on the screen; where there is none, a sentence says why. */
export async function takeHome() {
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
