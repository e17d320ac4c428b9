// The point under the mouse: its way is asked for wherever it goes; arrow keys and a finger move it too.
import { call, latest } from "gallery/shell/calls.js";
import * as kit from "gallery/widgets/_kit.js";

const EARLIEST = 5; // ms between two moves that are heard
const MINE = "hover"; // who has set the point: what has just been shown is not asked for again
const REACH = 4; // how far out x may be: the knobs
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export class Hover {
  /** @param {any} bench */
  constructor(bench) {
    this.bench = bench;
    this.heard = 0;
    this.ask = latest((at, k, since) => this.fetch(at, k, since));
    const { canvas, room } = bench;
    const move = (event) => {
      if (event.timeStamp - this.heard < EARLIEST || !bench.about || bench.editing) return;
      this.heard = event.timeStamp;
      const { x, y } = kit.within(canvas, event);
      this.ask([(2 * x - 1) * bench.about.span, (1 - 2 * y) * bench.about.span], bench.k, event.timeStamp);
    };
    for (const kind of ["pointerrawupdate", "pointermove", "pointerdown"]) canvas.addEventListener(kind, move);
    canvas.addEventListener("keydown", (event) => this.key(event));
    room.on("knobs", ({ changed, origin }) => {
      if (origin === MINE || bench.bare || !(changed.has("flow_u") || changed.has("flow_v"))) return;
      this.ask([Number(room.knobs.flow_u), Number(room.knobs.flow_v)], 0);
    });
  }

  key(event) {
    const { bench } = this;
    const step = STEPS[event.key];
    if (!step || !bench.point || bench.editing || bench.drawn()) return;
    event.preventDefault();
    const by = event.shiftKey ? 0.3 : 0.05;
    const here = bench.point.path[bench.k];
    this.ask(here.map((v, i) => kit.clamp(v + by * step[i], -bench.about.span, bench.about.span)), bench.k);
  }

  async fetch(at, k, since) {
    const { bench } = this;
    const { token, asked } = bench;
    if (bench.bare) return;
    const point = await call(bench.server, "point", [token, { ...bench.room.knobs }, k, at.map((v) => kit.round(v, 4))]);
    if (token !== bench.token || asked !== bench.asked || !point.path) return;
    bench.meet(point);
    if (since !== undefined) performance.measure("plane.frame", { start: since, end: performance.now() });
    const [u, v] = point.path[0].map((x) => kit.clamp(x, -REACH, REACH));
    bench.room.set({ flow_u: u, flow_v: v }, MINE);
  }
}
