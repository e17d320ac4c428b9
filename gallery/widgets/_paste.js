// A picture in the clipboard is meant for one photo on the screen: the one in use, the last used, or the first.

/** @typedef {{root: HTMLElement, open: (file: File) => void}} Taker */

/** @type {Taker[]} */
const everywhere = [];
/** @type {Taker | null} */
let used = null; // the one that a hand was at last

function aim() {
  const seen = everywhere.filter(({ root }) => root.offsetParent);
  const first = (a, b) => (a.root.compareDocumentPosition(b.root) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1);
  return seen.find(({ root }) => root.contains(document.activeElement)) ?? seen.find((each) => each === used) ?? seen.sort(first)[0];
}

document.addEventListener("paste", (event) => {
  const item = [...(event.clipboardData?.items ?? [])].find(({ type }) => type.startsWith("image/"));
  const taker = item && aim();
  if (!taker) return;
  event.preventDefault();
  taker.open(item.getAsFile());
});

/**
 * Lets a photo be pasted into.
 * @param {Taker} taker
 */
export function takesPaste(taker) {
  everywhere.push(taker);
  for (const event of ["pointerdown", "focusin", "drop"]) taker.root.addEventListener(event, () => { used = taker; });
}
