// A mixture as a knob carries it: rows of whole numbers, x, y, two deviations (hundredths), angle (degrees), weight.

const LEAST = 0.02; // of a share
const WHOLE = 900; // what the weights sum up to once a share has been dragged: each stays within its bounds

/** @param {string} code @returns {number[][]} */
export const parts = (code) => String(code).split(".").map((row) => row.split("_").map(Number));

/** @param {number[][]} rows */
export const text = (rows) => rows.map((row) => row.join("_")).join(".");

/** The angle of the first axis, 0 ... 179 degrees, where the end of the first (axis 0) or the second is at (dx, dy). */
export function turned(dx, dy, axis) {
  const angle = Math.round((Math.atan2(dy, dx) * 180) / Math.PI) - 90 * axis;
  return ((angle % 180) + 180) % 180;
}

/** The rows with the border between the parts i - 1 and i at `at`, 0 ... 1; all other shares stay. */
export function shared(rows, i, at) {
  const total = rows.reduce((sum, row) => sum + row[5], 0);
  const shares = rows.map((row) => row[5] / total);
  const before = shares.slice(0, i - 1).reduce((sum, x) => sum + x, 0);
  const both = shares[i - 1] + shares[i];
  const first = Math.min(Math.max(at - before, LEAST), Math.max(LEAST, both - LEAST));
  [shares[i - 1], shares[i]] = [first, Math.max(LEAST, both - first)];
  return rows.map((row, k) => [...row.slice(0, 5), Math.max(1, Math.round(WHOLE * shares[k]))]);
}

/** One part more, where the others leave most room, with an equal share. */
export function joined(rows) {
  const spots = [-180, -60, 60, 180].flatMap((x) => [-180, -60, 60, 180].map((y) => [x, y]));
  /** @param {number[]} spot */
  const room = ([x, y]) => Math.min(...rows.map((row) => Math.hypot(row[0] - x, row[1] - y)));
  const [x, y] = spots.reduce((best, spot) => (room(spot) > room(best) ? spot : best));
  const mean = Math.round(rows.reduce((sum, row) => sum + row[5], 0) / rows.length);
  return [...rows, [x, y, 35, 35, 0, mean]];
}
