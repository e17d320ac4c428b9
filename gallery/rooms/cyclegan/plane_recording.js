// What a recorded run of the museum shows on both squares of the plane.
import { numbers } from "gallery/widgets/_ground.js";
import { places, play } from "gallery/widgets/_lab_recording.js";

const SEEN = ["made_y", "again_x", "made_x", "again_y"];
const MEASURED = ["cycle", "closed", "noisy", "moved", "to_y", "to_x"];
const TOLD = ["pairs", "loss_d", "loss_g", "lost"];

/** See play. */
function moments({ count, reach, ...runs }, kind, bench) {
  const run = runs[kind];
  const [clouds, all] = [run.clouds, run.places].map((text) => places(numbers(text, Int8Array), reach, bench));
  const part = (of, i) => of.slice(2 * i * count, 2 * (i + 1) * count);
  const [x, y] = [part(clouds, 0), part(clouds, 1)];
  return (i) => {
    const figures = (names) => Object.fromEntries(names.map((name) => [name, run.figures[name][i]]));
    const seen = Object.fromEntries(SEEN.map((name, k) => [name, part(all, SEEN.length * i + k)]));
    return [{ ...figures(TOLD), measured: figures(MEASURED) }, { x, y, ...seen }];
  };
}

/** Plays the piece that hangs on a bench. */
export const record = (bench, kind) => play(bench, kind, moments);
