// The numbers of the laboratory: losses, the gradient that reaches G, the lecture's own measures.
import { percent, sentence } from "gallery/shell/words.js";

export { Readings } from "gallery/widgets/_lab_readings.js";

const log = (x) => (Math.log10(Math.max(x, 1e-4)) + 4) / 6; // 0.0001 ... 100

/** See _lab_readings.js. */
export const ROWS = [
  { name: "loss_d", key: "gan.laboratory.reading.loss_d", digits: 3, late: true },
  { name: "loss_g", key: "gan.laboratory.reading.loss_g", digits: 3, late: true },
  { name: "norm", key: "gan.laboratory.reading.norm", digits: 4, high: log, late: true },
  { name: "auc", key: "gan.laboratory.reading.auc", digits: 3, high: (x) => (x - 0.4) / 0.6, goal: 0.5, hint: "gan.laboratory.reading.auc_hint" },
  { name: "log_loss", key: "gan.laboratory.reading.log_loss", digits: 3, high: (x) => x / 0.8, goal: Math.LN2, hint: "gan.laboratory.reading.auc_hint" },
  { name: "modes", key: "gan.laboratory.reading.modes", high: (x, { of }) => x / (of || 1), says: (n, { of }) => sentence("gan.laboratory.reading.of", { n, of }) },
  { name: "near", key: "gan.laboratory.reading.near", high: (x) => x, says: (x) => percent(x, 0) },
  { name: "w1", key: "gan.laboratory.reading.w1", digits: 3, high: (x) => x / 2, hint: "gan.laboratory.reading.w1_hint" },
];
