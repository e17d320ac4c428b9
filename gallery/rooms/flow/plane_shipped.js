// What of a flow of the plane can be set, and which settings are those of the flows that ship.

const OWN = { realnvp: ["12", "16"], nice: ["12", "32"], spline: ["4", "32"] }; // layers and width of what ships
const FOLDED = ["flow_depth", "flow_width", "flow_masks", "flow_bound", "flow_rate", "flow_points"];

/** See _lab_settings.js. */
export const SETTINGS = {
  words: "flow.plane", seed: "flow_seed", bare: ["flow_target", "flow_model"],
  worded: ["flow_target", "flow_model", "flow_masks", "flow_points"], folded: FOLDED,
  idle: ({ flow_model: model }) => (model === "matching" ? FOLDED : model === "spline" ? [] : ["flow_bound"]),
};

/** Layers and width of the model that ships; of flow matching, which has none, nothing. */
export const sizes = (model) => (OWN[model] ? { flow_depth: OWN[model][0], flow_width: OWN[model][1] } : {});

/** All settings of it. */
export const shipped = (model) => ({ ...sizes(model), flow_masks: "alternate", flow_points: "0", flow_bound: "4.5", flow_seed: 0 });

/** Whether what is set is what ships, whatever the seed; bounds are of splines alone. */
export function ships({ flow_model: model, ...knobs }) {
  if (!OWN[model]) return true;
  const minds = (name) => name !== "flow_seed" && (name !== "flow_bound" || model === "spline");
  return Object.entries(shipped(model)).every(([name, value]) => !minds(name) || knobs[name] === value);
}
