// The numbers of a flow: negative log-likelihoods against the entropy of what is learned.
import { percent, written } from "gallery/shell/words.js";
import { Readings } from "gallery/widgets/_lab_readings.js";

const above = (x, { entropy }) => (x - entropy + 0.15) / 1.65;
const NLL = { digits: 3, high: above, goal: ({ entropy }) => entropy, hint: "flow.plane.reading.entropy_hint" };

const MOST = 999; // nats that are told: what a flow has learned by heart may be worth millions to it elsewhere
const nats = (x) => (x > MOST ? `> ${written(MOST, 0)}` : written(x, 3));

/** See _lab_readings.js. */
export const ROWS = [
  { name: "train", key: "flow.plane.reading.train", ...NLL },
  { name: "held", key: "flow.plane.reading.held", ...NLL, says: nats },
  { name: "gap", key: "flow.plane.reading.gap", says: nats, high: (x) => x / 1.5, goal: 0, hint: "flow.plane.reading.gap_hint" },
  { name: "near", key: "flow.plane.reading.near", says: (x) => percent(x, 1), high: (x) => x, goal: 1 },
];

export class FlowReadings extends Readings {
  constructor(room, rows) {
    super(room, rows, "flow.plane.steps");
  }

  write(told) {
    super.write(told);
    this.name.setAttribute("data-t", told.finished ? "flow.plane.finished" : "flow.plane.steps");
    this.node.toggleAttribute("data-finished", Boolean(told.finished));
    this.rows[0].node.hidden = typeof told.measured?.train !== "number";
    this.steps.textContent = written(told.finished ? told.params : told.pairs, 0);
  }
}
