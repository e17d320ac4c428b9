// The theorem: f between its two densities, points that fall through it, and an interval with the same area on both axes.
import { call, latest } from "gallery/shell/calls.js";
import { on } from "gallery/shell/page.js";
import { getRoom } from "gallery/shell/rooms.js";
import { Dots } from "gallery/rooms/flow/line_dots.js";
import { Handles } from "gallery/rooms/flow/line_handles.js";
import { LineView } from "gallery/rooms/flow/line_view.js";
import { numbers } from "gallery/widgets/_ground.js";
import * as kit from "gallery/widgets/_kit.js";

const ARRAYS = ["z", "p", "dots_z", "dots_x"];

export default class Line {
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
    this.seen = this.fit = this.pad = null;
    this.build();
    this.ask = latest((since) => this.look(since));
    this.connect();
    this.turned();
  }

  build() {
    this.canvas = kit.el("canvas", { class: "v-flow-canvas", role: "img", "data-t-label": "flow.line.alt" });
    const over = kit.el("canvas", { class: "v-flow-over", "aria-hidden": "true" });
    this.word = kit.el("div", { class: "v-flow-word", role: "status", "data-t": "flow.line.flat", hidden: true });
    this.board = kit.el("div", { class: "v-flow-board" }, over, this.canvas, this.word);
    this.again = kit.iconButton("play", "flow.line.fall", () => this.dots.fall());
    this.again.classList.add("v-flow-fall");
    this.root.replaceChildren(kit.el("div", { class: "v-paper" }, this.board, this.again));
    this.view = new LineView(this.canvas, this.props);
    this.dots = new Dots(over, this.view);
    this.handles = new Handles(this.board, this.room, this.props, this.view);
    kit.drag(this.canvas, { start: (event) => this.press(event), move: (event) => this.press(event), early: true });
  }

  connect() {
    const { room } = this;
    room.on("knobs", ({ changed }) => room.minds(changed, "line") && this.turned());
    room.on("show", () => this.show());
    room.on("line.fall", () => this.dots.fall());
    kit.listen(room, "line.fit", (fit) => this.take_fit(fit));
    on("theme", () => { this.view.dye(); this.draw(); });
    on("lang", () => this.draw());
    new ResizeObserver(() => this.draw()).observe(this.canvas);
    document.fonts.ready.then(() => this.draw());
  }

  get fitting() {
    return this.room.knobs.form === "fit";
  }

  /** A line without a slope has no inverse: nothing is asked of it. */
  get flat() {
    return this.room.knobs.form === "affine" && this.room.knobs.a === 0;
  }

  turned() {
    this.word.hidden = !this.flat;
    this.handles.place();
    if (this.fitting) this.draw();
    else if (this.flat) this.shown();
    else this.ask(kit.handTime());
    if (this.fitting && !this.pad) this.open_pad();
    this.pad?.dress();
  }

  /** The points are drawn with what only few visitors need. */
  async open_pad() {
    this.pad = { dress: () => {}, points: null, pen: null };
    const { Spray } = await import("gallery/rooms/flow/line_pad.js");
    this.pad = new Spray(this);
    this.pad.dress();
  }

  async look(since) {
    if (this.fitting || this.flat) return;
    const answer = await call(this.server, "look", [{ ...this.room.knobs }]);
    if (this.fitting || this.flat) return;
    this.seen = { ...answer, ...this.decoded(answer), at: this.room.knobs.at };
    this.shown(since);
    kit.emit(this.room, "line.seen", answer);
  }

  decoded(answer) {
    return Object.fromEntries(ARRAYS.map((name) => [name, numbers(answer[name], Float32Array)]));
  }

  shown(since) {
    const first = !this.root.dataset.frames;
    this.draw();
    kit.count(this.root, "frames");
    if (since !== undefined) performance.measure("plane.frame", { start: since, end: performance.now() });
    if (first) this.show();
  }

  /** The points fall when the act is first seen. */
  show() {
    this.draw();
    if (this.fallen || !this.canvas.offsetParent || !this.dots.z) return;
    this.fallen = true;
    this.dots.fall();
  }

  take_fit(fit) {
    this.fit = fit && { ...fit, ...(fit.z ? this.decoded(fit) : {}) };
    if (this.fitting) this.shown();
  }

  draw() {
    const { room, props } = this;
    const at = this.fitting || this.flat ? null : room.knobs.at;
    const seen = this.flat ? null : this.fitting ? (this.fit?.z ? this.fit : null) : this.seen;
    const fit = this.fitting ? { x: this.pad?.points ?? this.fit?.x ?? [], kernel: this.fit?.kernel } : null;
    this.view.draw({ seen, level: this.flat ? room.knobs.b : null, at, wide: props.wide, fit, pen: this.pad?.pen ?? null });
    this.dots.take(seen?.dots_z ?? null, seen?.dots_x ?? null);
    this.canvas.classList.toggle("v-flow-sample", this.fitting);
  }

  /** The interval comes to the hand, wherever the band of p_x is touched. */
  press(event) {
    const place = kit.within(this.canvas, event);
    if (this.fitting || this.flat || (event.type === "pointerdown" && !this.view.below(place))) return false;
    this.handles.move(this.view.back(place).x);
    return true;
  }
}
