// Points of a drawing in the plane of the score.
import * as kit from "gallery/widgets/_kit.js";
import { apart } from "gallery/widgets/_pad.js";

/** A heart to begin with, until somebody draws: points of a curve, evenly far apart. */
export function heart() {
  const points = [];
  for (let a = 0; a < 2 * Math.PI; a += 0.01) {
    const y = 13 * Math.cos(a) - 5 * Math.cos(2 * a) - 2 * Math.cos(3 * a) - Math.cos(4 * a);
    const at = [kit.round((16 * Math.sin(a) ** 3) / 7.5, 3), kit.round((y + 2.5) / 7.5, 3)];
    if (apart(points, at)) points.push(at);
  }
  return points;
}
