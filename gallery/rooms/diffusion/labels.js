// What of a model's labels is asked for.
/** @typedef {import("gallery/shell/rooms.js").Room} Room */

/**
 * Whether the knobs ask the model for something: only then does guidance mean anything.
 * @param {Record<string, any>} knobs
 */
export function asked(knobs) {
  const labels = { faces: [knobs.mood, knobs.who], fashion: [knobs.garment] }[knobs.model] ?? [];
  return labels.some((label) => label !== "any");
}

/**
 * What a visitor has to know before he presses: a model of the Hub has to be downloaded first. Nothing of ours lacks.
 * @param {Room} room
 * @param {string[]} ours
 * @returns {string | undefined}
 */
export const lacking = (room, ours) => (ours.includes(room.knobs.model) || room.marks.pulled === "yes" ? undefined : "weights.bigger.first");
