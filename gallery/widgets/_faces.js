// Which photos of a room show a real face: what is made of those is marked where it is saved (_mark.js).

/** @typedef {import("gallery/shell/rooms.js").Room} Room */
/** @typedef {"own" | "portrait" | ""} Face a visitor's; the one sample that is a photograph of somebody; neither */

/** @type {WeakMap<Room, Map<HTMLElement, {face: Face, act: string | undefined}>>} */
const told = new WeakMap();

/**
 * @param {Room} room
 * @param {HTMLElement} node the photo's
 * @param {Face} face
 * @param {string | undefined} act in which it is
 */
export function tellFace(room, node, face, act) {
  if (!told.has(room)) told.set(room, new Map());
  told.get(room).set(node, { face, act });
}

/**
 * Whether what the shown act makes is made of a real face. A portrait counts where it is on the screen: it may be the
 * first choice of a photo that nobody has asked for.
 * @param {Room} room
 */
export function real(room) {
  const here = [...(told.get(room) ?? [])].filter(([, { act }]) => !act || act === room.knobs.act);
  return here.some(([node, { face }]) => face === "own" || (face === "portrait" && node.offsetParent));
}
