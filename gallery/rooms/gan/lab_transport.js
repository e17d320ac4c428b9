// What starts, stops and steps a training in the laboratory.
import * as kit from "gallery/widgets/_kit.js";

export class Transport {
  /** @param {{toggle: () => void, again: () => void, step: (kind: string) => void, crawl: () => void}} does */
  constructor({ toggle, again, step, crawl }) {
    const button = (key, press, cls = "") => kit.el("button", { type: "button", class: `v-button ${cls}`, "data-t": key, onclick: press });
    this.play = button("gan.laboratory.play", toggle, "v-lab-play");
    this.slow = button("gan.laboratory.slow", crawl, "v-lab-slow");
    this.node = kit.el("div", { class: "v-lab-transport" }, this.play,
      kit.iconButton("reset", "gan.laboratory.again", again, { "data-do": "again" }),
      button("gan.laboratory.step_d", () => step("d")), button("gan.laboratory.step_g", () => step("g")),
      button("gan.laboratory.step_both", () => step("both")), this.slow);
  }

  /** kind: what is under way, "run", "slow", or "" for nothing. */
  write(kind) {
    this.play.setAttribute("data-t", kind === "run" ? "gan.laboratory.pause" : "gan.laboratory.play");
    this.play.classList.toggle("v-lab-ready", kind !== "run");
    this.slow.setAttribute("aria-pressed", String(kind === "slow"));
  }
}
