// What starts, stops and steps a training.
import * as kit from "gallery/widgets/_kit.js";

export class Transport {
  /**
   * @param {{toggle: () => void, again: () => void, step: (kind: string) => void, crawl: () => void}} does
   * @param {Record<string, string>} steps the single ones that have a button, each with its words key
   */
  constructor({ toggle, again, step, crawl }, steps) {
    const button = (key, press, cls = "") => kit.el("button", { type: "button", class: `v-button ${cls}`, "data-t": key, onclick: press });
    this.play = button("widgets.training.play", toggle, "v-lab-play");
    this.slow = button("widgets.training.slow", crawl, "v-lab-slow");
    this.node = kit.el("div", { class: "v-lab-transport" }, this.play,
      kit.iconButton("reset", "widgets.training.again", again, { "data-do": "again" }),
      ...Object.entries(steps).map(([kind, key]) => button(key, () => step(kind))), this.slow);
  }

  /** kind: what is under way, "run", "slow", or "" for nothing. */
  write(kind) {
    this.play.setAttribute("data-t", kind === "run" ? "widgets.training.pause" : "widgets.training.play");
    this.play.classList.toggle("v-lab-ready", kind !== "run");
    this.slow.setAttribute("aria-pressed", String(kind === "slow"));
  }
}
