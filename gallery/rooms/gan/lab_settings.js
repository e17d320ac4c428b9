// What the laboratory can be set to: two menus that are always there, and the rest in a fold over the plane.
import { on } from "gallery/shell/page.js";
import { written } from "gallery/shell/words.js";
import * as kit from "gallery/widgets/_kit.js";

const WORDED = ["target", "loss", "z", "optimiser"];
const FOLDED = ["z", "optimiser", "rate_d", "rate_g", "d_steps", "batch", "width_d", "width_g", "depth_d", "depth_g", "smoothing", "clip", "weight"];

/** A number as the reader writes it, with as many decimals as it has. */
function inWords(value) {
  return written(Number(value), (value.split(".")[1] ?? "").length);
}

export class Settings {
  /** @param {import("gallery/shell/rooms.js").Room} room */
  constructor(room) {
    this.room = room;
    this.selects = [];
    const fold = kit.el("details", { class: "v-lab-fold" }, kit.el("summary", { class: "v-button", "data-t": "gan.laboratory.settings" }),
      kit.el("div", { class: "v-lab-panel" }, ...FOLDED.map((name) => this.menu(name)), this.seed()));
    fold.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      fold.open = false;
      fold.querySelector("summary").focus();
    });
    document.addEventListener("pointerdown", ({ target }) => {
      if (target instanceof Node && !fold.contains(target)) fold.open = false;
    });
    this.node = kit.el("div", { class: "v-lab-menus" }, this.menu("target", true), this.menu("loss", true), fold);
    room.on("knobs", () => this.write());
    on("lang", () => this.speak());
    this.speak();
    this.write();
  }

  menu(name, bare = false) {
    const worded = WORDED.includes(name);
    const key = worded ? `gan.laboratory.${name}.label` : `gan.laboratory.knob.${name}`;
    const choices = [...this.room.specs[name].choices];
    if (!worded) choices.sort((a, b) => Number(a) - Number(b));
    const select = kit.el("select", { class: "v-menu-list", "data-set-knob": name, ...(bare ? { "data-t-label": key } : {}) },
      ...choices.map((value) => kit.el("option", { value, ...(worded ? { "data-t": `gan.laboratory.${name}.${value}` } : {}) })));
    select.addEventListener("change", () => this.room.set({ [name]: select.value }));
    this.selects.push({ name, select, worded });
    return bare ? select : kit.el("label", {}, kit.el("span", { "data-t": key }), select);
  }

  seed() {
    const input = kit.el("input", { type: "text", inputMode: "numeric", class: "v-lab-seed", "data-set-knob": "lab_seed" });
    input.addEventListener("change", () => {
      if (/^\d{1,6}$/.test(input.value.trim())) this.room.set({ lab_seed: Number(input.value) });
      this.write();
    });
    this.number = input;
    return kit.el("label", {}, kit.el("span", { "data-t": "gan.laboratory.knob.lab_seed" }), input);
  }

  speak() {
    for (const { select, worded } of this.selects) {
      if (!worded) for (const option of select.options) option.textContent = inWords(option.value);
    }
  }

  write() {
    const { knobs } = this.room;
    for (const { name, select } of this.selects) select.value = String(knobs[name]);
    this.number.value = String(knobs.lab_seed);
    // What this loss does not ask for is dimmed.
    const idle = { clip: knobs.loss !== "wasserstein", weight: !["penalty", "relativistic"].includes(String(knobs.loss)), smoothing: !["nonsaturating", "minimax", "leastsquares"].includes(String(knobs.loss)) };
    for (const { name, select } of this.selects) select.disabled = Boolean(idle[name]);
  }
}
