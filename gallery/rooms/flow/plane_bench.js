// The bench of the plane: a flow that ships, or one that is trained on the server while somebody looks on.
import { Hover } from "gallery/rooms/flow/plane_hover.js";
import { FlowView, layerOf, shadesOf } from "gallery/rooms/flow/plane_view.js";
import { Way } from "gallery/rooms/flow/plane_way.js";
import { call } from "gallery/shell/calls.js";
import { on } from "gallery/shell/page.js";
import { sentence, written } from "gallery/shell/words.js";
import { numbers } from "gallery/widgets/_ground.js";
import * as kit from "gallery/widgets/_kit.js";
import { Training } from "gallery/widgets/_lab_bench.js";
import { Settings } from "gallery/widgets/_lab_settings.js";

const THUMB = 128; // px of a side of a frame of the film
const OWN = { realnvp: ["12", "16"], nice: ["12", "32"], spline: ["4", "32"] }; // layers and width of what ships
const SETTINGS = {
  words: "flow.plane", seed: "flow_seed", bare: ["flow_target", "flow_model"],
  worded: ["flow_target", "flow_model", "flow_masks", "flow_points"],
  folded: ["flow_depth", "flow_width", "flow_masks", "flow_rate", "flow_points"],
  idle: ({ flow_model: model }) => (model === "matching" ? ["flow_depth", "flow_width", "flow_masks", "flow_rate", "flow_points"] : []),
};

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
    this.goBack = kit.el("button", { type: "button", class: "v-button v-flow-back", "data-t": "flow.plane.back", onclick: () => this.finish() });
    return [kit.el("div", { class: "v-flow-board" }, this.canvas, over, this.chip, this.goBack)];
  }

  build() {
    super.build();
    this.transport.slow.remove();
    this.settings.append(this.transport.node);
    this.hover = new Hover(this);
  }

  connect() {
    super.connect();
    on("theme", () => { this.way.dye(); this.draw(); this.film(); });
    on("lang", () => this.tell());
  }

  dress() {
    Object.entries({ role: "application", "data-t-label": "flow.plane.alt", tabindex: "0" }).forEach(([name, value]) => this.canvas.setAttribute(name, value));
    this.clear.hidden = true;
  }

  /** Whether what is set is what ships. */
  ships() {
    const { flow_model: model, flow_depth: depth, flow_width: width, flow_masks: masks, flow_points: points } = this.room.knobs;
    const own = OWN[model];
    return !own || (depth === own[0] && width === own[1] && masks === "alternate" && points === "0");
  }

  hang() {
    if (this.ships()) this.finish();
    else this.anew(false);
  }

  /** Another model has sizes of its own. */
  turned(changed) {
    const { flow_model: model } = this.room.knobs;
    if (changed.has("flow_model") && !changed.has("flow_depth") && OWN[model]) {
      this.setting = true;
      this.room.set({ flow_depth: OWN[model][0], flow_width: OWN[model][1] });
      this.setting = false;
    }
    if (["flow_layer", "flow_way", "flow_ground", "flow_net"].some((name) => changed.has(name))) this.turnTo();
    if (changed.has("flow_way") || changed.has("flow_net")) this.film();
    if (this.setting || !this.props.fresh.some((name) => changed.has(name))) return;
    const runs = this.pull.running && this.kind === "run";
    if (model === "matching" || (this.ships() && !runs && !changed.has("flow_seed") && !changed.has("flow_rate"))) this.finish();
    else this.anew(runs);
  }

  // ---- what ships ---------------------------------------------------------------------------------------
  async finish() {
    this.pull.stop();
    Object.assign(this, { token: null, told: null, finished: true });
    this.say("");
    const ticket = ++this.asked;
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
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.rest(), 400);
    return super.step(kind);
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

  ended(how) {
    super.ended(how);
    if (this.token) this.rest();
  }

  write() {
    super.write();
    this.goBack.hidden = this.finished || !this.ships();
  }

  get shown() {
    const { flow_ground: ground, flow_net: net } = this.room.knobs;
    return { ...this.show, stretch: ground === "stretch", net: net === "on" };
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
    this.draw();
    if (this.pull.running) return;
    if (!layer || (this.room.knobs.flow_ground === "stretch" && !layer.stretch.length)) this.fetch(this.k);
  }

  async fetch(k) {
    const { asked, token, told } = this;
    const answer = await call(this.server, "layer", [token, { ...this.room.knobs }, k]);
    if (asked !== this.asked || token !== this.token || told !== this.told) return false;
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

  /** The densities along the bottom, in the order in which the points go. */
  film() {
    const n = this.about?.kept.length ?? 0;
    if (!n || this.layers.size <= n) return;
    const order = [...Array(n + 1).keys()];
    if (this.room.knobs.flow_way === "back") order.reverse();
    const source = kit.el("canvas", { width: (n + 1) * THUMB, height: THUMB });
    const context = source.getContext("2d");
    order.forEach((k, i) => context.drawImage(this.still(k, THUMB), i * THUMB, 0));
    const captions = order.map((k) => this.named(k));
    kit.emit(this.room, "film", { id: "layers", source, n: n + 1, w: THUMB, h: THUMB, columns: n + 1, captions, values: order, draw: (i, side) => this.still(order[i], side) });
    kit.count(this.root, "films");
  }

  still(k, side) {
    const view = new FlowView(kit.el("canvas", { width: side, height: side }), side);
    view.draw(this.layers.get(k), side > THUMB ? this.shown : { net: this.shown.net }, this.room.knobs.flow_way === "back");
    return view.canvas;
  }

  named(k) {
    const n = this.about.kept.length;
    if (k === 0) return { key: "flow.plane.at_x" };
    if (k === n) return { key: "flow.plane.at_z" };
    if (this.room.knobs.flow_model === "matching") return { key: "flow.plane.at_time", args: { t: written(1 - k / n, 2) } };
    return { key: "flow.plane.at_layer", args: { k, n } };
  }

  // ---- a point --------------------------------------------------------------------------------------------
  meet(point) {
    this.point = point;
    kit.emit(this.room, "layers.point", { ...point, k: this.k });
    this.drawWay();
  }

  drawWay() {
    const { about } = this;
    if (!about) return;
    const keep = this.k ? about.kept[this.k - 1] : -1;
    this.way.draw(this.point, this.k, about.span, keep);
  }

  paint() {
    this.view.draw(this.seen, this.shown, this.room.knobs.flow_way === "back");
    this.drawWay();
    this.tell();
  }

  /** What is shown, in the corner of the plane. */
  tell() {
    const { about, k, seen } = this;
    if (!about) return;
    const at = kit.say(this.named(k));
    const keep = { 0: "flow.plane.keeps1", 1: "flow.plane.keeps2", [-1]: "flow.plane.keeps0" }[about.kept[k - 1]];
    const matching = this.room.knobs.flow_model === "matching";
    const words = k ? sentence(matching ? "flow.plane.keepsnone" : keep, { at: k === about.kept.length ? kit.say({ key: "flow.plane.at_layer", args: { k, n: k } }) : at }) : at;
    const stretched = this.room.knobs.flow_ground === "stretch" && seen?.stretch.length;
    const more = stretched ? sentence(k ? "flow.plane.stretch" : "flow.plane.stretch_all", { most: written(seen.most, 2) }) : "";
    this.chip.replaceChildren(words, ...(more ? [kit.el("br"), more] : []));
  }
}
