// What of a model's labels is asked for.

/**
 * Whether the knobs ask the model for something: only then does guidance mean anything.
 * @param {Record<string, any>} knobs
 */
export function asked(knobs) {
  const labels = { faces: [knobs.mood, knobs.who], fashion: [knobs.garment] }[knobs.model] ?? [];
  return labels.some((label) => label !== "any");
}
