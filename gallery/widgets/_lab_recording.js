// A recorded run of a museum, played on its bench: nothing is trained.
import { call } from "gallery/shell/calls.js";
import * as kit from "gallery/widgets/_kit.js";

const EACH = 140; // ms a frame
const PLACE = 32767; // places of a bench: this is twice the half side

/** What was recorded of each piece of a server. @type {WeakMap<Server, Map<string, any>>} */
const kept = new WeakMap();

/** Places of a recording, 127ths of `reach`, as those of its bench. */
export function places(small, reach, { span = 3.2 }) {
  const unit = ((reach / 127) * PLACE) / (2 * span);
  return Int16Array.from(small, (x) => kit.clamp(x * unit, -PLACE, PLACE));
}

class Recording {
  constructor(frames, moment, { show, ended }) {
    this.frames = frames;
    this.moment = moment;
    this.show = show;
    this.ended = ended;
    this.playing = true;
  }

  async play() {
    for (let i = kit.reduced() ? this.frames - 1 : 0; i < this.frames && this.playing; i++) {
      this.show(i, this.moment(i));
      await new Promise((done) => setTimeout(done, EACH));
    }
    if (this.playing) this.ended();
    this.playing = false;
  }

  stop() {
    this.playing = false;
  }
}

/** The recorded runs of a piece, asked once. */
async function reelOf(server, piece) {
  if (!kept.has(server)) kept.set(server, new Map());
  const reels = kept.get(server);
  const reel = reels.get(piece) ?? (await call(server, "recorded", [piece]));
  reels.set(piece, reel);
  return reel;
}

/**
 * Plays a recorded run on a bench in place of a training.
 * moments(reel, kind, bench): a function of a frame's number: [what the server would tell of it, what is drawn].
 * @param {import("gallery/widgets/_lab_bench.js").Training} bench
 * @param {string} kind "failed" or "mended"
 * @param {(reel: any, kind: string, bench: any) => (i: number) => any[]} moments
 */
export async function play(bench, kind, moments) {
  bench.halt();
  bench.reel?.stop();
  bench.told = null;
  kit.emit(bench.room, "lab.run", { fresh: true });
  const { frames, ...reel } = await reelOf(bench.server, bench.piece);
  bench.reel = new Recording(frames, moments(reel, kind, bench), {
    show: (i, [told, seen]) => {
      bench.seen = seen;
      kit.emit(bench.room, "lab.seen", { steps_d: 0, recorded: true, verdict: i === frames - 1 ? kind : "", ...told });
      bench.draw();
    },
    ended: () => kit.count(bench.root, "recorded"),
  });
  await bench.reel.play();
}
