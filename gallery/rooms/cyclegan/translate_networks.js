// The menu of networks, where somebody has converted some: ours, and theirs by the titles of their cards.
import * as kit from "gallery/widgets/_kit.js";

/**
 * @param {import("gallery/shell/rooms.js").Room} room
 * @param {[string, string][]} networks
 */
export function menu(room, networks) {
  const options = networks.map(([name, title]) => kit.el("option", { value: name }, title));
  const chosen = kit.el("select", { "data-t-label": "cyclegan.translate.network", onchange: () => room.set({ network: chosen.value }) },
    kit.el("option", { value: "fast", "data-t": "cyclegan.translate.fast" }), ...options);
  const show = () => { chosen.value = String(room.knobs.network); };
  room.on("knobs", show);
  show();
  return kit.el("label", { class: "v-cyclegan-network" }, kit.el("span", { "data-t": "cyclegan.translate.network" }), chosen);
}
