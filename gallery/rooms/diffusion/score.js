// The stage of the score: asks for fields and paths, gives the film its frames, and is the pad for a drawing.
import { ScoreView } from "gallery/rooms/diffusion/score_view.js";
import { call, latest } from "gallery/shell/calls.js";
import { notice, on } from "gallery/shell/page.js";
import { getRoom } from "gallery/shell/rooms.js";
import { sentence, written } from "gallery/shell/words.js";
import { numbers, painted } from "gallery/widgets/_ground.js";
import * as kit from "gallery/widgets/_kit.js";

/** A signal-to-noise ratio; without noise there is no number for it. */
const ratio = (snr) => (snr === null ? "∞" : written(snr, snr < 1 ? 3 : 1));
const REST = 250; // ms; a drawing is computed when the hand rests

const TOLD = {
  reverse: "diffusion.score.both.reverse", forward: "diffusion.score.both.forward",
  sde: "diffusion.score.one.sde", ode: "diffusion.score.one.ode",
};

export default class Stage {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   * @param {Server} server
   */
  constructor(element, props, server) {
    this.root = kit.rootOf(element);
    this.props = props;
    this.server = server;
    this.room = getRoom(props.room);
    this.field = this.paths = this.learned = null;
    this.fresh = false;
    this.pad = this.coming = null;
    this.act = document.getElementById(`act-${props.room}-score`);
    this.build();
    this.askField = latest(() => this.fetchField());
    this.askPaths = latest(() => this.fetchPaths());
    this.connect();
    this.dress();
    if (this.act.offsetParent) this.begin();
  }

  build() {
    this.canvas = kit.el("canvas", { class: "v-score-canvas v-dims", "data-t-label": "diffusion.score.alt", role: "img" });
    this.root.replaceChildren(kit.el("div", { class: "v-paper" }, this.canvas));
    this.view = new ScoreView(this.canvas);
    new ResizeObserver(() => this.draw()).observe(this.canvas);
  }

  connect() {
    const { room } = this;
    room.on("knobs", (change) => this.heard(change));
    room.on("show", () => this.act.offsetParent && this.begin());
    room.on("score.clear", () => this.pad?.clear());
    room.on("score.draw", () => this.canvas.focus());
    room.on("score.dice", () => room.set({ seed: Math.floor(Math.random() * (this.props.last_seed + 1)) }));
    kit.listen(room, "score.learned", (learned) => {
      this.learned = learned;
      this.draw();
    });
    on("theme", () => this.redye());
  }

  /** What one draws with comes when the act is opened. */
  async hang() {
    const [{ Pad }, { heart }] = await Promise.all([import("gallery/widgets/_pad.js"), import("gallery/rooms/diffusion/score_points.js")]);
    const { reach, most } = this.props;
    this.pad = new Pad(this.canvas, {
      reach, most, points: heart(), active: () => this.drawn(), span: () => this.field?.span ?? 3.2, told: (what) => this.sketched(what),
    });
  }

  /** Nothing is computed for an act that nobody has opened. */
  async begin() {
    if (this.begun && !this.stale) return this.draw();
    if (this.begun) return this.catchUp();
    await (this.coming ??= this.hang());
    if (this.begun) return;
    this.begun = true;
    // A link does not carry a drawing.
    if (this.drawn()) notice(sentence("diffusion.score.stays"));
    this.askField();
    this.askPaths();
  }

  drawn() {
    return this.room.knobs.density === "drawn";
  }

  heard({ changed }) {
    const has = (...names) => names.some((name) => changed.has(name));
    if (has("density")) this.tellStays();
    if (has("density")) this.dress();
    if (!this.begun) return;
    if (!this.act.offsetParent) {
      this.stale ||= has("density", "way", "seed");
      this.other ||= has("density");
      return;
    }
    if (has("density")) this.renew();
    else if (has("way", "seed")) this.askPaths();
    if (has("way")) this.film();
    if (has("time", "paths", "field", "density")) this.draw();
  }

  /** The knobs have moved while another act was shown. */
  catchUp() {
    const { other } = this;
    this.stale = this.other = false;
    if (other) this.renew();
    else this.askPaths();
  }

  /** Another density: what belonged to the old one stays, dimmed, until the new one has come. */
  renew() {
    kit.emit(this.room, "score.another", {});
    this.fresh = this.drawn() && !this.pad.given;
    this.askField();
    this.askPaths();
  }

  dress() {
    const { density } = this.room.knobs;
    this.canvas.setAttribute("role", density === "drawn" ? "application" : "img");
    this.canvas.setAttribute("data-t-label", density === "drawn" ? "diffusion.score.pad" : "diffusion.score.alt");
    if (density === "drawn") this.canvas.tabIndex = 0;
    else this.canvas.removeAttribute("tabindex");
  }

  /** The knobs, and the points where they were drawn: what every question brings along. */
  question() {
    kit.emit(this.room, "score.drawing", { points: this.pad.points });
    return [{ ...this.room.knobs }, this.drawn() ? this.pad.points : null];
  }

  async fetchField() {
    this.canvas.classList.add("v-waiting");
    try {
      const answer = await call(this.server, "field", this.question());
      const image = await kit.load(answer.density);
      this.field = { ...answer, grey: this.grey(image), arrows: numbers(answer.arrows, Int8Array) };
      this.fresh = false;
      kit.emit(this.room, "score.field", this.field);
      this.redye();
    } finally {
      this.canvas.classList.remove("v-waiting");
    }
  }

  /** The strip's grey values; they get their colours here, so that both themes are served by one picture. */
  grey(image) {
    const canvas = kit.el("canvas", { width: image.width, height: image.height });
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(image, 0, 0);
    return context.getImageData(0, 0, image.width, image.height).data.filter((_, i) => i % 4 === 0);
  }

  async fetchPaths() {
    const answer = await call(this.server, "paths", this.question());
      this.paths = { ...answer, sde: numbers(answer.sde, Int16Array), ode: numbers(answer.ode, Int16Array) };
    kit.count(this.root, "paths");
    this.draw();
  }

  redye() {
    this.view.dye();
    if (!this.field) return;
    const { grey, side, times } = this.field;
    this.field.strip = painted(grey, side * times.length, side, this.view.table);
    this.film();
    this.draw();
  }

  /** p_t along the bottom, in the order in which time runs. */
  film() {
    if (!this.field) return;
    const { strip, side, times } = this.field;
    const n = times.length;
    const source = kit.el("canvas", { width: n * side, height: side });
    const context = source.getContext("2d");
    const order = this.room.knobs.way === "reverse" ? [...times.keys()].reverse() : [...times.keys()];
    order.forEach((from, to) => context.drawImage(strip, from * side, 0, side, side, to * side, 0, side, side));
    const values = order.map((i) => times[i]);
    const captions = values.map((t) => ({ key: "diffusion.score.t", args: { t } }));
    kit.emit(this.room, "film", { id: "score", source, n, w: side, h: side, columns: n, captions, values, draw: (k, side) => this.still(order[k], side) });
  }

  /** Frame i with its arrows and particles, for a film that is saved. */
  still(i, side) {
    const view = new ScoreView(kit.el("canvas", { width: side, height: side }), side);
    view.draw({ field: this.field, i, fields: this.fields(i), clouds: this.clouds(this.field.times[i]), points: null, pen: null });
    return view.canvas;
  }

  /** The frame of the knob `time`. */
  index() {
    const { times } = this.field;
    return kit.clamp(Math.round((this.room.knobs.time / times.at(-1)) * (times.length - 1)), 0, times.length - 1);
  }

  draw() {
    const { field, room } = this;
    if (!this.root.offsetParent) return;
    const i = field ? this.index() : 0;
    const { pad } = this;
    this.view.draw({
      field: this.fresh ? null : field, i,
      fields: field && !this.fresh ? this.fields(i) : [],
      clouds: field && !this.fresh ? this.clouds(field.times[i]) : [],
      points: this.fresh ? pad.dots : null,
      pen: pad?.pen && pad.share(pad.pen),
    });
    if (!field) return;
    const { way, paths } = room.knobs;
    kit.emit(room, "score.seen", {
      i, moment: { key: "diffusion.score.moment", args: { t: field.times[i], count: this.paths?.count ?? 0, snr: ratio(field.snr[i]) } },
      kinds: { key: TOLD[paths === "both" ? way : paths] },
    });
  }

  /** The exact arrows, and over them those that were learned. */
  fields(i) {
    const { field, learned } = this;
    const per = 2 * field.cells ** 2;
    const shown = this.room.knobs.field === "learned" && learned;
    const exact = { arrows: field.arrows, from: i * per, cells: field.cells, color: "ink", alpha: shown ? 0.28 : 0.6 };
    if (!shown) return [exact];
    return [exact, { arrows: learned.arrows, from: learned.live ? 0 : i * per, cells: field.cells, color: "accent", alpha: 0.85 }];
  }

  /** The particles that the knobs ask for, at t. */
  clouds(t) {
    const { way, paths: kinds, field } = this.room.knobs;
    const follows = field === "learned" && this.learned?.paths?.times[0] === (way === "reverse" ? 1000 : 0);
    const paths = follows ? this.learned.paths : this.paths;
    const k = paths ? paths.times.indexOf(t) : -1;
    if (k < 0 || paths.times[0] !== (way === "reverse" ? this.field.times.at(-1) : this.field.times[0])) return [];
    const cloud = (kind, color) => ({ xy: paths[kind], count: paths.count, k, color });
    const all = { ode: cloud("ode", "ink"), sde: cloud("sde", way === "reverse" ? "accent" : "data") };
    return kinds === "both" ? [all.ode, all.sde] : [all[kinds]];
  }

  // ---- a drawing of one's own -------------------------------------------------------------------------
  sketched(what) {
    if (what !== "pen") this.fresh = true;
    if (what === "clear") clearTimeout(this.resting);
    if (what === "clear" && !this.drawn()) this.room.set({ density: "drawn" });
    this.draw();
    if (what === "put") this.soon();
  }

  /** A drawing by hand does not travel in a link; the heart that we give does. */
  tellStays() {
    this.room.stay(this.root, this.drawn() && this.pad?.given === false ? "widgets.sketch.stays" : null, true);
  }

  soon() {
    this.tellStays();
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.pad.points.length && this.renew(), REST);
  }
}
