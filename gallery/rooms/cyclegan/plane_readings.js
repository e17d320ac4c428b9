// The numbers of the plane: losses, what the cycle loses, how far points move, how near both clouds are matched.
import { written } from "gallery/shell/words.js";

export { Readings } from "gallery/widgets/_lab_readings.js";

const times = (x) => `× ${written(x, x < 10 ? 1 : 0)}`;
const far = (x) => Math.log10(Math.max(x, 1)) / 2; // 1 ... 100 times

/** See _lab_readings.js. */
export const ROWS = [
  { name: "loss_d", key: "cyclegan.plane.reading.loss_d", digits: 3, late: true },
  { name: "loss_g", key: "cyclegan.plane.reading.loss_g", digits: 3, late: true },
  { name: "cycle", key: "cyclegan.plane.reading.cycle", digits: 3, high: (x) => x / 1.5, goal: 0.1, hint: "cyclegan.plane.reading.cycle_hint" },
  { name: "noisy", key: "cyclegan.plane.reading.noisy", digits: 3, high: (x) => x / 1.5, hint: "cyclegan.plane.reading.noisy_hint" },
  { name: "moved", key: "cyclegan.plane.reading.moved", digits: 2, high: (x) => x / 4 },
  { name: "to_y", key: "cyclegan.plane.reading.to_y", says: times, high: far, goal: 2, hint: "cyclegan.plane.reading.w_hint" },
  { name: "to_x", key: "cyclegan.plane.reading.to_x", says: times, high: far, goal: 2, hint: "cyclegan.plane.reading.w_hint" },
];
