// What the server says of the house, as it stands in the page's head: its rooms, their knobs, scripts, styles and words;
// and what the address says of the whole page: rooms that alone are there, and controls that are not.

/** @type {House} */
export const house = window.vernissage.house;

/** What of the address belongs to the page and not to a room: it stays there. */
export const OF_PAGE = ["only", "hide", "lesson", "embed", "theme", "follow"];

const asked = new URLSearchParams(location.search);
/** With `?embed=1` one act stands in somebody's slide: no header, and no keys but the act's own. */
export const embedded = asked.get("embed") === "1";
const listed = (name) => (asked.get(name) ?? "").split(",").filter((each) => /^[a-z][a-z0-9_-]*$/.test(each));

/** The rooms that are there, in the order of the house: with `?only=vae,gan` those alone, if there are any of them. */
const every = house.rooms.map(({ name }) => name);
const only = every.filter((name) => listed("only").includes(name));
export const names = only.length ? only : every;

/** With `?hide=beta,film` the controls of these knobs and these parts of acts are not there. */
const PARTS = { words: ".v-words-idea", formula: ".v-formula", tries: ".v-tries", how: ".v-how-line", outcome: ".v-outcome", film: ".v-filmrow" };
const hidden = listed("hide").map((name) => PARTS[name] ?? `[data-knob="${name}"]`);
if (hidden.length) {
  const style = document.createElement("style");
  style.textContent = `.v-room.v-room.v-room :is(${hidden.join()}) { display: none !important; }`;
  document.head.append(style);
}
