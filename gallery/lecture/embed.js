// One act in a slide: its state goes to the page that frames it and comes from there, and a clicker's keys go to the deck.
// Who may frame the gallery is the server's to say (--frame-from): whoever does is answered. docs/embedding.md tells how.
import { latest } from "gallery/shell/calls.js";
import { names } from "gallery/shell/house.js";
import { on } from "gallery/shell/page.js";
import { setWalker } from "gallery/shell/present.js";
import { state } from "gallery/shell/rooms.js";
import { go } from "gallery/shell/tabs.js";
import { tell } from "gallery/shell/words.js";

const EVERY = 100; // ms between two messages: a drag has more steps than a deck has use for
const LONGEST = 2000; // characters of a link
const here = new URL("./", document.baseURI);

const send = (message) => self !== parent && parent.postMessage(message, "*");

let told = "";
const tellState = latest(async () => {
  const link = `${here}?${state()}`;
  if (link === told) return;
  told = link;
  send({ type: "vernissage:state", link });
  await new Promise((done) => setTimeout(done, EVERY));
});

/**
 * The query of a link to this gallery, whole ("https://...?room=vae") or alone; null for anything else.
 * @param {any} link
 */
function asked(link) {
  if (typeof link !== "string" || link.length > LONGEST) return null;
  const alone = /^[\w-]+=/.test(link) ? `?${link}` : link;
  const url = URL.canParse(alone, here) ? new URL(alone, here) : null;
  return url && url.origin === here.origin && url.pathname === here.pathname ? url.searchParams : null;
}

/** Its knobs are checked as those of any link are; a room that is not here changes nothing. */
function show(link) {
  const url = asked(link);
  if (!url) return;
  if (names.includes(url.get("room"))) go(url);
  else tell("page.no_room", { given: (url.get("room") ?? "").slice(0, 40) });
}

addEventListener("message", ({ source, data }) => {
  if (source !== parent || self === parent || !["vernissage:show", "vernissage:ask"].includes(data?.type)) return;
  if (data.type === "vernissage:show") show(data.link);
  told = ""; // answered also where nothing has changed
  tellState();
});

/** reveal.js takes its own, as a text; other decks the other. The keys that follow are the deck's by themselves. */
setWalker((by) => {
  send(JSON.stringify({ method: by === 1 ? "next" : "prev" }));
  send({ type: "vernissage:key", key: by === 1 ? "PageDown" : "PageUp" });
  parent.focus();
});
on("state", tellState);
tellState();
