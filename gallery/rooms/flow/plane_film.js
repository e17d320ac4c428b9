// The layers of a flow along the bottom: the density after each, in the order in which the points go.
import { FlowView } from "gallery/rooms/flow/plane_view.js";
import { sentence, written } from "gallery/shell/words.js";
import * as kit from "gallery/widgets/_kit.js";

const THUMB = 128; // px of a side of a frame

/** What the plane after k layers is called. */
function named({ about, room }, k) {
  const n = about.kept.length;
  if (k === 0) return { key: "flow.plane.at_x" };
  if (k === n) return { key: "flow.plane.at_z" };
  if (room.knobs.flow_model === "matching") return { key: "flow.plane.at_time", args: { t: written(1 - k / n, 2) } };
  return { key: "flow.plane.at_layer", args: { k, n } };
}

/** What is shown now, in words: which layer, what it keeps, how far it stretches. */
export function told(bench) {
  const { about, k, seen } = bench;
  const at = kit.say(named(bench, k));
  const keep = { 0: "flow.plane.keeps1", 1: "flow.plane.keeps2", [-1]: "flow.plane.keeps0" }[about.kept[k - 1]];
  const matching = bench.room.knobs.flow_model === "matching";
  const words = k ? sentence(matching ? "flow.plane.keepsnone" : keep, { at: k === about.kept.length ? kit.say({ key: "flow.plane.at_layer", args: { k, n: k } }) : at }) : at;
  const stretched = bench.room.knobs.flow_ground === "stretch" && seen?.stretch.length;
  const more = stretched ? sentence(k ? "flow.plane.stretch" : "flow.plane.stretch_all", { most: written(seen.most, 2) }) : "";
  return [words, ...(more ? [kit.el("br"), more] : [])];
}

/** @param {any} bench whose layers are all there */
export function film(bench) {
  const n = bench.about.kept.length;
  const order = [...Array(n + 1).keys()];
  if (bench.room.knobs.flow_way === "back") order.reverse();
  const still = (k, side) => {
    const view = new FlowView(kit.el("canvas", { width: side, height: side }), side);
    view.draw(bench.layers.get(k), side > THUMB ? bench.shown : { net: bench.shown.net }, bench.room.knobs.flow_way === "back");
    return view.canvas;
  };
  const source = kit.el("canvas", { width: (n + 1) * THUMB, height: THUMB });
  const context = source.getContext("2d");
  order.forEach((k, i) => context.drawImage(still(k, THUMB), i * THUMB, 0));
  const captions = order.map((k) => named(bench, k));
  kit.emit(bench.room, "film", { id: "layers", source, n: n + 1, w: THUMB, h: THUMB, columns: n + 1, captions, values: order, draw: (i, side) => still(order[i], side) });
  kit.count(bench.root, "films");
}
