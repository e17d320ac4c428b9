// The theorem: f between its two densities, and an interval whose area stays the same on both sides.
import { call, latest } from "gallery/shell/calls.js";
import { on } from "gallery/shell/page.js";
import { getRoom } from "gallery/shell/rooms.js";
import { Ground, numbers } from "gallery/widgets/_ground.js";
import * as kit from "gallery/widgets/_kit.js";

export default class Line {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   * @param {Server} server
   */
  constructor(element, props, server) {
    this.root = kit.rootOf(element);
    this.props = props;
    this.room = getRoom(props.room);
    this.canvas = kit.el("canvas", { class: "v-flow-canvas", role: "img", "data-t-label": "flow.line.alt" });
    this.root.replaceChildren(kit.el("div", { class: "v-paper" }, this.canvas));
    this.ground = new Ground(this.canvas, ["paper", "ink", "soft", "accent", "data", "line"]);
    this.ask = latest(async (since) => this.take(await call(server, "look", [{ ...this.room.knobs }]), since));
    kit.follow(this.room, { knobs: ["form", "a", "b", "at"], fields: [], needs_event: false }, () => this.ask(kit.handTime()));
    on("theme", () => { this.ground.dye(); this.draw(); });
    new ResizeObserver(() => this.draw()).observe(this.canvas);
  }

  take(answer, since) {
    this.seen = { ...answer, z: numbers(answer.z, Float32Array), p: numbers(answer.p, Float32Array) };
    this.draw();
    kit.count(this.root, "frames");
    if (since !== undefined) performance.measure("plane.frame", { start: since, end: performance.now() });
    kit.emit(this.room, "line.seen", answer);
  }

  draw() {
    const { ground, seen, props } = this;
    if (!seen || !ground.fit()) return;
    const { context, side } = ground;
    context.clearRect(0, 0, side, side);
    context.strokeStyle = ground.css("ink");
    context.lineWidth = 2 * ground.scale;
    context.beginPath();
    seen.z.forEach((z, i) => context.lineTo((i / (seen.z.length - 1)) * side, (0.5 - z / (2 * props.top)) * side));
    context.stroke();
    context.strokeStyle = ground.css("accent");
    context.beginPath();
    seen.p.forEach((p, i) => context.lineTo((i / (seen.p.length - 1)) * side, (1 - p / 2) * side));
    context.stroke();
  }
}
