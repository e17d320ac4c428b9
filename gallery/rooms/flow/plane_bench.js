// The bench of the plane: a flow that ships, or one that is trained on the server while somebody looks on.
import { film, told } from "gallery/rooms/flow/plane_film.js";
import { Hover } from "gallery/rooms/flow/plane_hover.js";
import { Own } from "gallery/rooms/flow/plane_own.js";
import { SETTINGS, shipped, ships, sizes } from "gallery/rooms/flow/plane_shipped.js";
import { FlowView, layerOf, shadesOf } from "gallery/rooms/flow/plane_view.js";
import { Way } from "gallery/rooms/flow/plane_way.js";
import { call } from "gallery/shell/calls.js";
import { on } from "gallery/shell/page.js";
import { numbers } from "gallery/widgets/_ground.js";
import * as kit from "gallery/widgets/_kit.js";
import { Training } from "gallery/widgets/_lab_bench.js";
import { Settings } from "gallery/widgets/_lab_settings.js";

const REST = 200; // ms without a newer state, until all of its layers are asked for

export default class Bench extends Training {
  menus() {
    this.show = { data: true };
    this.layers = new Map();
    this.asked = 0;
    this.view = new FlowView(this.canvas);
    return (this.settings = new Settings(this.room, SETTINGS).node);
  }

  paper() {
    const over = kit.el("canvas", { class: "v-flow-ways", "aria-hidden": "true" });
    this.way = new Way(over);
    this.chip = kit.el("div", { class: "v-flow-chip" });
    this.goBack = kit.el("button", { type: "button", class: "v-button v-flow-back", "data-t": "flow.plane.back", onclick: () => this.leave() });
    const board = kit.el("div", { class: "v-flow-board" }, this.canvas, over, this.chip, this.goBack);
    this.own = new Own(this, board, over);
    return [board];
  }

  build() {
    super.build();
    this.transport.slow.remove();
    this.transport.node.querySelector("[data-t='widgets.training.step']").replaceWith(kit.iconButton("next", "widgets.training.step", () => this.step("both"), { "data-do": "step" }));
    this.settings.append(this.transport.node);
    this.hover = new Hover(this);
  }

  connect() {
    super.connect();
    on("theme", () => { this.way.dye(); this.draw(); this.film(); });
    on("lang", () => this.tell());
  }

  drawn() { return this.own.kind === "drawn"; }
  blank() { return "flow.plane.draw"; }

  dress() {
    const label = this.drawn() ? "flow.plane.pad" : "flow.plane.alt";
    Object.entries({ role: "application", "data-t-label": label, tabindex: "0" }).forEach(([name, value]) => this.canvas.setAttribute(name, value));
    this.clear.hidden = !this.drawn();
  }

  /** Whether the plane shows a target of the visitor's own, and not what a flow makes of it. */
  get editing() {
    return Boolean(this.own.kind) && (!this.token || (!this.told?.pairs && !this.k));
  }

  /** Whether what is set is what ships. */
  ships() {
    return !this.own.kind && ships(/** @type {any} */ (this.room.knobs));
  }

  hang() {
    if (this.piece !== "none") this.fetchPiece();
    else if (this.ships()) this.finish();
    else if (this.room.knobs.flow_model === "matching") this.meets(new Set());
    else this.anew(false);
  }

  /** From a run, or a piece of the museum, to what ships; from a flow of one's own target back to that. */
  leave() {
    if (this.own.kind) return this.anew(false);
    if (this.piece === "none") return this.finish();
    this.room.set({ ...shipped(this.room.knobs.flow_model), flow_piece: "none" });
  }

  /** Flow matching is not trained here: it does not meet a target of one's own, the newer of the two stays. */
  meets(changed) {
    if (changed.has("flow_model")) this.room.set({ flow_target: "moons" });
    else this.room.set({ flow_model: "realnvp" });
    if (this.token || !this.drawn()) this.say("flow.plane.elsewhere");
  }

  /** Another model has sizes of its own. */
  turned(changed) {
    const { flow_model: model } = this.room.knobs;
    if (changed.has("flow_piece") && this.piece !== "none") return this.fetchPiece();
    if (this.own.kind && model === "matching") return this.meets(changed);
    if (changed.has("flow_model") && !changed.has("flow_depth") && !this.setting) {
      this.setting = true;
      this.room.set(sizes(model));
      this.setting = false;
    }
    if (changed.has("flow_target")) this.dress();
    if (changed.has("flow_mixture") && this.own.kind === "mixture") this.own.moved();
    if (["flow_layer", "flow_way", "flow_ground", "flow_net"].some((name) => changed.has(name))) this.turnTo();
    if (changed.has("flow_way") || changed.has("flow_net")) this.film();
    if (this.setting || ![...this.props.fresh, "flow_piece"].some((name) => changed.has(name))) return;
    const runs = this.pull.running && this.kind === "run";
    const left = changed.has("flow_piece");
    if (model === "matching" || (this.ships() && (left || (!runs && !changed.has("flow_seed") && !changed.has("flow_rate"))))) this.finish();
    else this.anew(runs && !left);
  }

  // ---- what ships ---------------------------------------------------------------------------------------
  async finish() {
    this.pull.stop();
    Object.assign(this, { token: null, told: null, finished: true });
    this.say("");
    const ticket = ++this.asked;
    this.own.place();
    this.canvas.classList.add("v-waiting");
    const answer = await call(this.server, "look", [{ ...this.room.knobs }]).catch(() => null);
    if (ticket !== this.asked) return;
    this.canvas.classList.remove("v-waiting");
    if (!answer) return;
    kit.emit(this.room, "lab.run", { fresh: true });
    this.span = answer.span;
    this.open(answer);
    kit.emit(this.room, "lab.seen", { pairs: 0, steps_d: 0, measured: answer.measured, params: answer.params, finished: true });
    this.room.stay(this.root, null);
    this.show1(answer);
    this.write();
    kit.count(this.root, "frames");
    this.rest();
  }

  // ---- a run ----------------------------------------------------------------------------------------------
  anew(playing, until) {
    this.asked += 1;
    this.finished = false;
    this.canvas.classList.remove("v-waiting");
    this.resting1 = (this.resting1 ?? 0) + 1;
    clearTimeout(this.soon);
    if (this.own.kind) this.own.show();
    super.anew(playing, until);
  }

  toggle() {
    if (this.room.knobs.flow_model === "matching") return this.say("flow.plane.elsewhere");
    if (this.finished) return this.anew(true);
    super.toggle();
  }

  async step(kind) {
    if (this.room.knobs.flow_model === "matching") return this.say("flow.plane.elsewhere");
    if (this.finished) return this.anew(false);
    return super.step(kind);
  }

  /** What is shown at rest has all of its layers. */
  take(answer) {
    super.take(answer);
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.rest(), REST);
  }

  open({ kept, truth, along, params, point, real }) {
    this.about = { kept, along, real: numbers(real, Int16Array), params, span: this.span, truth: shadesOf(truth), marks: new Map() };
    kit.emit(this.room, "layers.seen", this.about);
    if (point) this.meet(point);
  }

  decode(answer) {
    this.layers.clear();
    this.meet(answer.point);
    return { ...this.keep(answer), told: { steps_d: 0, params: this.about?.params } };
  }

  write() {
    super.write();
    const { kind } = this.own;
    this.goBack.hidden = kind ? this.editing : this.piece === "none" && (this.finished || !this.ships());
    this.goBack.setAttribute("data-t", kind ? "flow.plane.edit" : "flow.plane.back");
    this.own.place();
  }

  get shown() {
    const { flow_ground: ground, flow_net: net } = this.room.knobs;
    return { ...this.show, stretch: ground === "stretch", net: net === "on" };
  }

  /** Whether there is no flow: the target is one's own, and being changed. */
  get bare() {
    return Boolean(this.own.kind) && !this.token;
  }

  sketched(what, draws = true) {
    if (what !== "pen") this.forget();
    super.sketched(what, draws);
  }

  /** Before anything is drawn nothing is told of it. */
  empty() {
    super.empty();
    kit.emit(this.room, "lab.run", { stale: true });
  }

  /** What was learned of another target is no longer told. */
  forget() {
    this.asked += 1;
    this.resting1 = (this.resting1 ?? 0) + 1;
    this.layers.clear();
    this.seen = this.told = null;
    kit.emit(this.room, "lab.run", { stale: true });
  }

  // ---- layers ---------------------------------------------------------------------------------------------
  get k() {
    return Math.min(Number(this.room.knobs.flow_layer), this.about?.kept.length ?? 0);
  }

  keep(answer) {
    /** @type {any} */
    const layer = { ...layerOf(answer), along: this.about?.along };
    this.layers.set(layer.k, layer);
    if (this.about) kit.emit(this.room, "layers.clouds", { real: this.about.real, made: layer.made });
    return layer;
  }

  show1(answer) {
    this.layers.clear();
    this.seen = this.keep(answer);
    this.draw();
  }

  /** Another layer: one that is there, or it is asked for. */
  turnTo() {
    if (!this.about) return;
    const layer = this.layers.get(this.k);
    if (layer) this.seen = layer;
    this.write();
    this.draw();
    if (this.pull.running || this.bare) return;
    if (!layer || (this.room.knobs.flow_ground === "stretch" && !layer.stretch.length)) this.fetch(this.k);
  }

  async fetch(k) {
    const { asked, token, told } = this;
    if (this.bare) return false;
    const answer = await call(this.server, "layer", [token, { ...this.room.knobs }, k]);
    if (asked !== this.asked || token !== this.token || told !== this.told || answer.k === undefined) return false;
    const layer = this.keep(answer);
    if (k === this.k) {
      this.seen = layer;
      this.draw();
    }
    return true;
  }

  /** All layers, one after the other; then the film of them. */
  async rest() {
    const ticket = (this.resting1 = (this.resting1 ?? 0) + 1);
    for (let k = 0; k <= this.about.kept.length; k++) {
      if (ticket !== this.resting1 || this.pull.running || !this.root.offsetParent) return;
      if (!this.layers.get(k)?.stretch.length && !(await this.fetch(k).catch(() => false))) return;
    }
    if (ticket === this.resting1) this.film();
  }

  /** The densities along the bottom. */
  film() {
    if (this.about && this.layers.size > this.about.kept.length) film(this);
  }

  // ---- a point --------------------------------------------------------------------------------------------
  meet(point) {
    this.point = point;
    this.drawWay(); // before any node is written: a text on a canvas asks for the page's style
    kit.emit(this.room, "layers.point", { ...point, k: this.k });
  }

  drawWay() {
    const { about } = this;
    if (!about || this.editing) return;
    const keep = this.k ? about.kept[this.k - 1] : -1;
    this.way.draw(this.point, this.k, about.span, keep);
  }

  paint() {
    if (this.editing) return this.own.paint();
    this.view.draw(this.seen, this.shown, this.room.knobs.flow_way === "back");
    this.drawWay();
    this.tell();
  }

  /** What is shown, in the corner of the plane. */
  tell() {
    if (this.editing) this.own.tell();
    else if (this.about) this.chip.replaceChildren(...told(this));
  }
}
