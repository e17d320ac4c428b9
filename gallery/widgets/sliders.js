// A group of labelled sliders, each a knob of the room.
import { on } from "gallery/shell/page.js";
import { getRoom } from "gallery/shell/rooms.js";
import { written } from "gallery/shell/words.js";
import * as kit from "gallery/widgets/_kit.js";

export default class Sliders {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   */
  constructor(element, props) {
    this.root = kit.rootOf(element);
    this.props = props;
    this.room = getRoom(props.room);
    this.rows = props.rows.map((slider) => this.row(slider));
    this.reset = kit.el("button", {
      type: "button", class: "v-sliders-reset", onclick: () => this.resetAll(),
    }, kit.icon("reset"), kit.el("span", { "data-t": "widgets.sliders.reset" }));
    this.root.replaceChildren(...this.rows.map((row) => row.node), this.reset);
    this.room.on("knobs", () => this.show());
    on("lang", () => this.show());
    this.show();
  }

  /** Bounds and default are the knob's own. */
  row(given) {
    const { min, max, default: start } = this.room.specs[given.knob];
    const slider = { ...given, min, max, default: start };
    const label = kit.el("span", { class: "v-sliders-label" });
    if (slider.label.startsWith("=")) label.textContent = slider.label.slice(1);
    else label.setAttribute("data-t", slider.label);
    const input = kit.el("input", {
      type: "range", class: "v-sliders-input", min: String(slider.min), max: String(slider.max), step: String(slider.step),
      "data-t-title": "widgets.sliders.hint",
    });
    const number = kit.el("output", { class: "v-sliders-number" });
    input.addEventListener("input", () => this.set({ [slider.knob]: Number(input.value) }));
    input.addEventListener("dblclick", () => this.set({ [slider.knob]: slider.default }));
    input.addEventListener("keydown", (event) => {
      if (event.key !== "0") return;
      event.preventDefault();
      this.set({ [slider.knob]: slider.default });
    });
    const node = kit.el("label", { class: "v-sliders-row", "data-knob": slider.knob }, label, input, number);
    return { slider, input, number, node };
  }

  set(patch) {
    this.room.set(patch);
    this.show();
  }

  resetAll() {
    this.set(Object.fromEntries(this.rows.map(({ slider }) => [slider.knob, slider.default])));
  }

  /** Whether the knobs stand so that this one changes nothing. */
  idle({ idle }) {
    return idle.some((knobs) => Object.entries(knobs).every(([name, value]) => String(this.room.knobs[name]) === value));
  }

  show() {
    for (const { slider, input, number } of this.rows) {
      const value = this.room.knobs[slider.knob];
      input.disabled = this.idle(slider);
      input.dataset.tTitle = input.disabled ? slider.why : "widgets.sliders.hint";
      if (Number(input.value) !== value) input.value = String(value);
      const text = written(value, slider.digits);
      number.textContent = text;
      input.setAttribute("aria-valuetext", text);
      // The coloured part runs from the default to the thumb, on either side.
      const place = (x) => (x - slider.min) / (slider.max - slider.min);
      input.style.setProperty("--from", Math.min(place(value), place(slider.default)));
      input.style.setProperty("--to", Math.max(place(value), place(slider.default)));
    }
    const moved = this.rows.some(({ slider }) => this.room.knobs[slider.knob] !== slider.default);
    this.reset.disabled = !moved;
  }
}
