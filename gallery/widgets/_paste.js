// A picture in the clipboard is meant for one photo on the screen: the one in use, the last used, or the first.

/** @typedef {{root: HTMLElement, open: (file: File) => void}} Pastable */

/** @type {Pastable[]} */
const everywhere = [];
/** @type {Pastable | null} */
let used = null; // the one that a hand was at last

function aim() {
  const seen = everywhere.filter(({ root }) => root.offsetParent);
  const first = (a, b) => (a.root.compareDocumentPosition(b.root) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1);
  return seen.find(({ root }) => root.contains(document.activeElement)) ?? seen.find((each) => each === used) ?? seen.sort(first)[0];
}

/**
 * From now on a picture that is pasted may be opened here.
 * @param {Pastable} photo
 */
export function pastable(photo) {
  everywhere.push(photo);
  for (const event of ["pointerdown", "focusin", "drop"]) photo.root.addEventListener(event, () => { used = photo; });
}

document.addEventListener("paste", (event) => {
  const item = [...(event.clipboardData?.items ?? [])].find(({ type }) => type.startsWith("image/"));
  const photo = item && aim();
  if (!photo) return;
  event.preventDefault();
  photo.open(item.getAsFile());
});
