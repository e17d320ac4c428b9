// What a recorded run of the museum shows on the plane of the laboratory.
import { numbers } from "gallery/widgets/_ground.js";
import { places, play } from "gallery/widgets/_lab_recording.js";

/** See play. */
function moments({ count, cells, reach, ...runs }, kind, bench) {
  const run = runs[kind];
  const [points, verdicts] = [places(numbers(run.points, Int8Array), reach, bench), numbers(run.verdicts, Uint8Array)];
  return (i) => {
    const figure = (name) => run.figures[name][i];
    const measured = { auc: figure("auc"), log_loss: figure("log_loss"), near: figure("near"), w1: figure("w1"), modes: figure("modes"), of: 8 };
    const told = { pairs: figure("pairs"), loss_d: figure("loss_d"), loss_g: figure("loss_g"), norm: figure("norm"), measured };
    const seen = { points: points.slice(2 * i * count, 2 * (i + 1) * count), verdicts: verdicts.slice(i * cells ** 2, (i + 1) * cells ** 2) };
    return [told, { ...seen, cells, half: figure("half"), grid: new Int16Array(), arrows: new Int16Array(), along: 1, real: bench.about?.real }];
  };
}

/** Plays the piece that hangs on a bench. */
export const record = (bench, kind) => play(bench, kind, moments);
