// Neighbours to step to: a button over each of the eight, in the view "near".
import { notice } from "gallery/shell/page.js";
import { sentence } from "gallery/shell/words.js";
import * as kit from "gallery/widgets/_kit.js";

const COLUMNS = 3;

export class Near {
  /**
   * @param {import("gallery/shell/rooms.js").Room} room
   * @param {Props} props
   */
  constructor(room, props) {
    this.room = room;
    this.props = props;
    const middle = Math.floor((COLUMNS * COLUMNS) / 2);
    this.cells = Array.from({ length: COLUMNS * COLUMNS }, (_, i) => i === middle ? kit.el("span") : kit.el("button", {
      type: "button", class: "v-gan-step", onclick: () => this.step(i < middle ? i : i - 1),
    }));
    this.buttons = this.cells.filter((cell) => cell.tagName === "BUTTON");
    const grid = kit.el("div", { class: "v-gan-steps", role: "group", "data-t-label": "gan.sample.view.near" }, ...this.cells);
    document.querySelector(`#act-${props.room}-sample .v-gan-in-near .v-figure`).append(grid);
    this.speak();
  }

  /** The digits of the path, the first step first. */
  get steps() {
    const digits = [];
    for (let left = this.room.knobs.path; left > 0; left = Math.floor(left / this.props.base)) digits.push(left % this.props.base);
    return digits;
  }

  /** Another picture becomes the centre: neighbour i at the angle that is shown; at 0 all are the centre itself. */
  step(i) {
    const { neighbours, base, most_steps: most } = this.props;
    const tens = Math.round(this.room.knobs.angle / 10);
    const { steps } = this;
    if (!tens) return;
    if (steps.length === most) return notice(sentence("gan.sample.far", { n: most }));
    this.room.set({ path: this.room.knobs.path + (1 + neighbours * (tens - 1) + i) * base ** steps.length });
  }

  back() {
    const { path } = this.room.knobs;
    const depth = this.steps.length;
    if (depth) this.room.set({ path: path % this.props.base ** (depth - 1) });
  }

  speak() {
    this.buttons.forEach((button, i) => button.setAttribute("aria-label", sentence("gan.sample.step", { n: i + 1 })));
  }
}
