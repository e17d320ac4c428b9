// The stage of matching: asks for a matched flow, draws it at the t of the knob, and gives the film its frames.
import { MatchView } from "gallery/rooms/flow/matching_view.js";
import { shadesOf } from "gallery/rooms/flow/plane_view.js";
import { call, latest } from "gallery/shell/calls.js";
import { on } from "gallery/shell/page.js";
import { sentence, written } from "gallery/shell/words.js";
import { numbers } from "gallery/widgets/_ground.js";
import * as kit from "gallery/widgets/_kit.js";

const THUMB = 72; // px of a side of a frame of the film
const STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 };

/** The numbers of an answer, read. */
function read(answer) {
  const each = (texts) => Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, numbers(text, Int16Array)]));
  const [noise, paired] = [answer.noise, answer.paired].map((text) => numbers(text, Int16Array));
  return {
    ...answer, noise, paired, field: numbers(answer.field, Int8Array), ways: each(answer.ways), beside: each(answer.beside),
    truth: shadesOf(answer.truth), kept: new Map(), small: new Map(),
  };
}

export default class Stage {
  /**
   * @param {HTMLElement} root
   * @param {Server} server
   * @param {import("gallery/shell/rooms.js").Room} room
   */
  constructor(root, server, room) {
    this.root = root;
    this.server = server;
    this.room = room;
    this.seen = null;
    this.build();
    this.ask = latest(() => this.fetch());
    this.connect();
    this.dress();
    this.ask();
  }

  build() {
    this.canvas = kit.el("canvas", { class: "v-match-canvas" });
    this.chip = kit.el("div", { class: "v-flow-chip" });
    this.root.replaceChildren(kit.el("div", { class: "v-paper" }, kit.el("div", { class: "v-flow-board" }, this.canvas, this.chip)));
    this.view = new MatchView(this.canvas);
    new ResizeObserver(() => this.draw()).observe(this.canvas);
  }

  connect() {
    const { room, canvas } = this;
    room.on("knobs", ({ changed }) => this.turned(changed));
    room.on("show", () => this.draw());
    on("theme", () => {
      this.view.dye();
      this.draw();
      this.film();
    });
    on("lang", () => this.draw());
    canvas.addEventListener("click", (event) => this.choose(kit.within(canvas, event)));
    canvas.addEventListener("keydown", (event) => this.key(event));
  }

  get pointed() {
    return this.room.knobs.match_show === "point";
  }

  /** Only where a point is chosen the square is to be touched. */
  dress() {
    const { canvas, pointed } = this;
    canvas.setAttribute("role", pointed ? "application" : "img");
    canvas.setAttribute("data-t-label", pointed ? "flow.matching.pad" : "flow.matching.alt");
    if (pointed) canvas.tabIndex = 0;
    else canvas.removeAttribute("tabindex");
  }

  turned(changed) {
    const has = (...names) => names.some((name) => changed.has(name));
    if (has("match_show")) this.dress();
    if (has("match_on", "match_pairs")) this.ask();
    else if (has("match_steps", "match_show", "match_point")) this.film();
    if (has("match_steps", "match_show", "match_t", "match_point")) this.draw();
  }

  async fetch() {
    const { match_on: target, match_pairs: pairing } = this.room.knobs;
    this.canvas.classList.add("v-waiting");
    try {
      const answer = await call(this.server, "look", [{ ...this.room.knobs }]);
      this.seen = { ...read(answer), target, pairing };
    } finally {
      this.canvas.classList.remove("v-waiting");
    }
    kit.emit(this.room, "match.seen", this.seen);
    this.draw();
    this.film();
    kit.count(this.root, "frames");
  }

  // ---- one point of the data ----------------------------------------------------------------------------
  choose({ x, y }) {
    if (!this.pointed || !this.seen) return;
    const { paired } = this.seen;
    const at = [(x - 0.5) * 32767, (0.5 - y) * 32767];
    const far = Array.from({ length: paired.length / 2 }, (_, k) => Math.hypot(paired[2 * k] - at[0], paired[2 * k + 1] - at[1]));
    this.room.set({ match_point: far.indexOf(Math.min(...far)) });
  }

  key(event) {
    const by = STEPS[event.key];
    if (!by || !this.pointed || !this.seen) return;
    event.preventDefault();
    const { count } = this.seen;
    this.room.set({ match_point: (Number(this.room.knobs.match_point) + by + count) % count });
  }

  // ---- what is drawn ------------------------------------------------------------------------------------
  draw() {
    if (!this.seen || !this.root.offsetParent) return;
    this.paint(this.view, Number(this.room.knobs.match_t), this.seen.kept);
    this.tell();
  }

  /** The square at t, on any view. */
  paint(view, t, kept) {
    const { field, cells, ways, count, truth, moments, noise, paired, pairing } = this.seen;
    const { match_show: show, match_steps: steps, match_point: k } = this.room.knobs;
    if (!view.ground(truth, kept)) return;
    const small = view.side <= THUMB;
    if (show === "pairs") return view.pairs(noise, paired, t, small);
    if (!small) view.arrows(field, cells, Math.round(t * moments));
    if (show === "point") return view.fan({ noise, paired, k: Number(k), at: t, all: pairing === "independent" });
    if (!small) view.ways(ways[steps], count, t);
    view.particles(ways[steps], count, t, small ? 4 : 2.1);
  }

  /** What is shown, in the corner of the square. */
  tell() {
    const { match_show: show, match_steps: steps, match_t: t } = this.room.knobs;
    const shown = show === "point" && this.seen.pairing !== "independent" ? "own" : show;
    this.chip.textContent = sentence(`flow.matching.told.${shown}`, { t: written(t, 2), n: Number(steps) });
  }

  film() {
    if (!this.seen) return;
    const n = this.seen.moments + 1;
    const source = kit.el("canvas", { width: n * THUMB, height: THUMB });
    const context = source.getContext("2d");
    const view = new MatchView(kit.el("canvas", { width: THUMB, height: THUMB }), THUMB);
    const values = Array.from({ length: n }, (_, i) => i / (n - 1));
    values.forEach((t, i) => {
      this.paint(view, t, this.seen.small);
      context.drawImage(view.canvas, i * THUMB, 0);
    });
    const captions = values.map((t) => ({ key: "flow.matching.t", args: { t: written(t, 2) } }));
    kit.emit(this.room, "film", { id: "match", source, n, w: THUMB, h: THUMB, columns: n, captions, values, draw: (i, side) => this.still(values[i], side) });
  }

  still(t, side) {
    const view = new MatchView(kit.el("canvas", { width: side, height: side }), side);
    this.paint(view, t, new Map());
    return view.canvas;
  }
}
