// A recorded run of the museum, played on the plane of the laboratory: nothing is trained.
import { call } from "gallery/shell/calls.js";
import { numbers } from "gallery/widgets/_ground.js";
import * as kit from "gallery/widgets/_kit.js";

const EACH = 140; // ms a frame
const PLACE = 32767; // the laboratory's places: this is twice the half side

/** @type {Map<string, any>} */
const reels = new Map();

export class Recording {
  /** show(told, seen): a frame, its figures as the server tells them and what is drawn; ended(): after the last. */
  constructor(server, span, { show, ended }) {
    this.server = server;
    this.span = span;
    this.show = show;
    this.ended = ended;
    this.playing = false;
  }

  async play(piece, kind) {
    this.playing = true;
    const reel = reels.get(piece) ?? (await call(this.server, "recorded", [piece]));
    reels.set(piece, reel);
    const { frames, count, cells, reach, [kind]: run } = reel;
    const [points, verdicts] = [numbers(run.points, Int8Array), numbers(run.verdicts, Uint8Array)];
    const unit = ((reach / 127) * PLACE) / (2 * this.span);
    for (let i = kit.reduced() ? frames - 1 : 0; i < frames && this.playing; i++) {
      const figure = (name) => run.figures[name][i];
      const places = Int16Array.from(points.subarray(2 * i * count, 2 * (i + 1) * count), (x) => kit.clamp(x * unit, -PLACE, PLACE));
      const measured = { auc: figure("auc"), log_loss: figure("log_loss"), near: figure("near"), w1: figure("w1"), modes: figure("modes"), of: 8 };
      const told = { pairs: figure("pairs"), steps_d: 0, recorded: true, loss_d: figure("loss_d"), loss_g: figure("loss_g"), norm: figure("norm"), measured, verdict: i === frames - 1 ? kind : "" };
      this.show(told, { points: places, verdicts: verdicts.slice(i * cells ** 2, (i + 1) * cells ** 2), cells, half: figure("half"), grid: new Int16Array(), arrows: new Int16Array(), along: 1 });
      await new Promise((done) => setTimeout(done, EACH));
    }
    if (this.playing) this.ended();
    this.playing = false;
  }

  stop() {
    this.playing = false;
  }
}
