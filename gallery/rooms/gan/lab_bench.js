// The laboratory's bench: a GAN trained on the server while somebody looks on, and what is shown of it.
import { LabView } from "gallery/rooms/gan/lab_view.js";
import { numbers } from "gallery/widgets/_ground.js";
import { Training } from "gallery/widgets/_lab_bench.js";
import { Settings } from "gallery/widgets/_lab_settings.js";

const SETTINGS = {
  words: "gan.laboratory", seed: "lab_seed", bare: ["target", "loss"], worded: ["target", "loss", "z", "optimiser"],
  folded: ["z", "optimiser", "rate_d", "rate_g", "d_steps", "batch", "width_d", "width_g", "depth_d", "depth_g", "smoothing", "clip", "weight"],
  idle: ({ loss }) => [
    ...(loss === "wasserstein" ? [] : ["clip"]), ...(["penalty", "relativistic"].includes(loss) ? [] : ["weight"]),
    ...(["nonsaturating", "minimax", "leastsquares"].includes(loss) ? [] : ["smoothing"]),
  ],
};

export default class Bench extends Training {
  menus() {
    this.show = { d: true };
    this.view = new LabView(this.canvas);
    return new Settings(this.room, SETTINGS).node;
  }

  steps() {
    return { d: "widgets.training.step_d", g: "widgets.training.step_g", both: "widgets.training.step_both" };
  }

  drawn() {
    return this.room.knobs.target === "drawn";
  }

  blank() {
    return "gan.laboratory.draw";
  }

  dress() {
    const drawn = this.drawn();
    if (["wasserstein", "penalty", "relativistic"].includes(String(this.room.knobs.loss))) this.canvas.setAttribute("data-t-title", "gan.laboratory.critic");
    else for (const name of ["data-t-title", "title"]) this.canvas.removeAttribute(name);
    this.canvas.setAttribute("role", drawn ? "application" : "img");
    this.canvas.setAttribute("data-t-label", drawn ? "gan.laboratory.pad" : "gan.laboratory.alt");
    this.canvas.tabIndex = drawn ? 0 : -1;
    this.clear.hidden = !drawn;
  }

  turned(changed) {
    super.turned(changed);
    if (changed.has("dstar") && !this.pull.running) this.step("look");
  }

  open({ along, cells, kind, real }) {
    this.about = { along, cells, kind, real: numbers(real, Int16Array) };
  }

  decode(answer) {
    const places = Object.fromEntries(["points", "arrows", "grid"].map((name) => [name, numbers(answer[name], Int16Array)]));
    const best = answer.optimum && { verdicts: numbers(answer.optimum, Uint8Array), half: 0.5, cells: this.about.cells };
    return { ...this.about, ...places, half: answer.half, verdicts: numbers(answer.verdicts, Uint8Array), told: { best } };
  }

  paint(drawing) {
    const { pad, view } = this;
    view.draw(drawing ? null : this.seen, this.show);
    if (drawing && view.side) view.dots(pad.dots);
    if (pad.pen && view.side) view.pen(pad.share(pad.pen));
  }

  /** The recorded run instead of a training. */
  async record(kind) {
    const { record } = await import("gallery/rooms/gan/lab_recording.js");
    await record(this, kind);
  }
}
