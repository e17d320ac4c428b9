// One element is lit: the rest of the page is darker, until somebody touches the act.

const PLACES = { words: ".v-words-idea", formula: ".v-formula", tries: ".v-words-foot", stage: ".v-stage", outcome: ".v-outcome", film: ".v-filmrow" };
const AGAIN = 200; // ms between two looks where the element is
const ROOM = 8; // px around it

/** @type {HTMLElement | null} */
let light = null;
let timer = 0;

/** The element of a part of the act that is shown, once it is there. */
function find(part) {
  /** @type {HTMLElement[]} */
  const all = [...document.querySelectorAll(`.v-act:not([hidden]) ${PLACES[part]}`)].filter((node) => node instanceof HTMLElement);
  return all.find((node) => node.offsetParent && node.offsetHeight > 0);
}

/**
 * Lights a part of the act, "" none.
 * @param {string} part
 */
export function spot(part) {
  clearInterval(timer);
  light?.remove();
  light = null;
  if (!PLACES[part]) return;
  light = document.createElement("div");
  light.className = "v-spot";
  light.dataset.part = part;
  light.hidden = true;
  document.body.append(light);
  const place = () => {
    const box = find(part)?.getBoundingClientRect();
    light.hidden = !box;
    if (!box) return;
    const [left, top] = [Math.max(0, box.left - ROOM), Math.max(0, box.top - ROOM)];
    Object.assign(light.style, { left: `${left}px`, top: `${top}px`, width: `${box.right + ROOM - left}px`, height: `${Math.min(innerHeight, box.bottom + ROOM) - top}px` });
  };
  place();
  timer = window.setInterval(place, AGAIN);
}

const off = (event) => {
  if (light && event.target instanceof Element && event.target.closest(".v-room")) spot("");
};
document.addEventListener("pointerdown", off, true);
document.addEventListener("focusin", off);
document.addEventListener("keydown", (event) => event.key === "Escape" && spot(""));
