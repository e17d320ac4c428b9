// What a laboratory can be set to: menus that are always there, and the rest in a fold over the plane.
import { on } from "gallery/shell/page.js";
import { written } from "gallery/shell/words.js";
import * as kit from "gallery/widgets/_kit.js";

/** A number as the reader writes it, with as many decimals as it has. */
function inWords(value) {
  return written(Number(value), (value.split(".")[1] ?? "").length);
}

export class Settings {
  /**
   * words: of the act; bare, folded: knobs with a menu that is always there, and those in the fold; worded: those whose
   * choices are words; seed: a knob; idle(knobs): those that do nothing now, which are dimmed.
   * @param {import("gallery/shell/rooms.js").Room} room
   * @param {{words: string, bare: string[], folded: string[], worded: string[], seed: string, idle?: (knobs: any) => string[]}} how
   */
  constructor(room, how) {
    this.room = room;
    this.how = how;
    this.selects = [];
    const fold = kit.el("details", { class: "v-lab-fold" }, kit.el("summary", { class: "v-button", "data-t": "widgets.training.settings" }),
      kit.el("div", { class: "v-lab-panel" }, ...how.folded.map((name) => this.menu(name)), this.seed()));
    fold.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      fold.open = false;
      fold.querySelector("summary").focus();
    });
    document.addEventListener("pointerdown", ({ target }) => {
      if (target instanceof Node && !fold.contains(target)) fold.open = false;
    });
    this.node = kit.el("div", { class: "v-lab-menus" }, ...how.bare.map((name) => this.menu(name, true)), fold);
    const mine = [...how.bare, ...how.folded, how.seed];
    room.on("knobs", ({ changed }) => mine.some((name) => changed.has(name)) && this.write());
    on("lang", () => this.speak());
    this.speak();
    this.write();
  }

  menu(name, bare = false) {
    const { words } = this.how;
    const worded = this.how.worded.includes(name);
    const key = worded ? `${words}.${name}.label` : `${words}.knob.${name}`;
    const choices = [...this.room.specs[name].choices];
    if (!worded) choices.sort((a, b) => Number(a) - Number(b));
    const select = kit.el("select", { class: "v-menu-list", "data-set-knob": name, ...(bare ? { "data-t-label": key } : {}) },
      ...choices.map((value) => kit.el("option", { value, ...(worded ? { "data-t": `${words}.${name}.${value}` } : {}) })));
    select.addEventListener("change", () => this.room.set({ [name]: select.value }));
    this.selects.push({ name, select, worded });
    return bare ? select : kit.el("label", {}, kit.el("span", { "data-t": key }), select);
  }

  seed() {
    const { seed, words } = this.how;
    const input = kit.el("input", { type: "text", inputMode: "numeric", class: "v-lab-seed", "data-set-knob": seed });
    input.addEventListener("change", () => {
      if (/^\d{1,6}$/.test(input.value.trim())) this.room.set({ [seed]: Number(input.value) });
      this.write();
    });
    this.number = input;
    return kit.el("label", {}, kit.el("span", { "data-t": `${words}.knob.${seed}` }), input);
  }

  speak() {
    for (const { select, worded } of this.selects) {
      if (!worded) for (const option of select.options) option.textContent = inWords(option.value);
    }
  }

  write() {
    const { knobs } = this.room;
    for (const { name, select } of this.selects) select.value = String(knobs[name]);
    this.number.value = String(knobs[this.how.seed]);
    const idle = this.how.idle?.(knobs) ?? [];
    for (const { name, select } of this.selects) select.disabled = idle.includes(name);
  }
}
