// Three ways side by side: above the face as each sees it, below with the smile put on or taken off, and what the judge says.
import { call, latest } from "gallery/shell/calls.js";
import { on } from "gallery/shell/page.js";
import { fill, sentence, written } from "gallery/shell/words.js";
import * as kit from "gallery/widgets/_kit.js";
import { Pull } from "gallery/widgets/_pull.js";

const NAMES = ["pair", "vae", "gan"];
const TIMES = ["before", "after"];
const SIGNS = { a2b: "+", b2a: "−" };

export class WaysView {
  /** widget: whose element, room and server it uses; `wanted`: whether it is to be seen. */
  constructor(widget) {
    const { root, room, server } = widget;
    Object.assign(this, { widget, root, room, server, picture: null, cut: null, code: null, told: null, progress: null, order: 0 });
    this.ask = latest(() => this.fetch());
    this.pull = new Pull(server, root, { heard: (answer) => this.heard(answer), ended: (how) => this.ended(how) });
    this.build();
    kit.listen(room, "picture", ({ face, sample }) => {
      this.picture = { face: sample ? "" : face, sample: sample ?? null };
      this.cut = null;
      this.arrive();
    });
    room.on("knobs", ({ changed }) => this.changed(changed));
    room.on("show", () => this.arrive());
    on("lang", () => this.write());
  }

  build() {
    this.names = Object.fromEntries(NAMES.map((name) => [name, kit.el("p", { class: "v-ways-name" })]));
    const cell = (name, time) => {
      const args = JSON.stringify({ way: name === "pair" ? "CycleGAN" : name.toUpperCase() });
      const canvas = kit.el("canvas", { width: 64, height: 64, class: "v-dims", role: "img", "data-t-label": `cyclegan.ways.${time}`, "data-t-args": args });
      const [smile, change] = [kit.el("span", {}), kit.el("span", {})];
      const node = kit.el("figure", { class: "v-cyclegan-cell" }, kit.el("div", { class: "v-cyclegan-frame" }, canvas), kit.el("figcaption", {}, smile, change));
      return { node, canvas, smile, change };
    };
    this.cells = Object.fromEntries(TIMES.map((time) => [time, NAMES.map((name) => cell(name, time))]));
    const cells = TIMES.flatMap((time) => this.cells[time].map(({ node }) => node));
    this.says = NAMES.map(() => kit.el("p", { class: "v-cyclegan-line" }));
    this.legend = kit.el("p", { class: "v-cyclegan-line", "data-t": "cyclegan.ways.legend" });
    this.ours = kit.el("p", { class: "v-cyclegan-line", "data-t": "cyclegan.ways.ours", hidden: true });
    this.root.replaceChildren(
      kit.el("div", { class: "v-paper" }, kit.el("div", { class: "v-ways-grid" }, ...Object.values(this.names), ...cells)),
      kit.el("div", { class: "v-lines" }, ...this.says, this.legend, this.ours));
    fill(this.root);
  }

  changed(changed) {
    if (changed.has("pair") || changed.has("compare")) this.arrive();
    else if (this.cut && (changed.has("direction") || changed.has("strength"))) this.ask();
  }

  /** Whoever comes is shown the face of the moment; what was found of it before still stands. */
  arrive() {
    if (!this.widget.wanted) return this.pull.stop();
    if (!this.root.offsetParent || !this.picture) return;
    if (!this.cut) this.take();
    else if (!this.code && !this.pull.running) this.pull.start([this.cut]);
    this.write();
  }

  async take() {
    const order = ++this.order;
    this.pull.stop();
    this.root.classList.add("v-waits");
    const cut = await call(this.server, "cut", [this.picture]).catch(() => null); // `call` has said why
    if (order !== this.order) return;
    if (!cut) return this.root.classList.remove("v-waits");
    Object.assign(this, { cut, code: null, told: null, progress: null });
    this.ours.hidden = !cut.ours;
    this.ask();
    this.pull.start([cut]);
  }

  async fetch() {
    const { cut, code } = this;
    const answer = await call(this.server, "compare", [{ ...this.room.knobs }, { face: cut.face, code }]).catch(() => null);
    const images = answer && await Promise.all(answer.ways.flatMap(({ before, after }) => [before, after]).map(({ image }) => kit.load(image)));
    if (cut !== this.cut) return;
    this.root.classList.remove("v-waits");
    if (!answer) return;
    this.told = answer;
    images.forEach((image, i) => this.draw(TIMES[i % 2], Math.floor(i / 2), image));
    if (answer.ways.length < NAMES.length) this.clear("after", 2);
    this.write();
    kit.count(this.root, "frames");
    this.root.dataset.ways = String(answer.ways.length);
  }

  draw(time, i, image) {
    this.cells[time][i].canvas.getContext("2d").drawImage(image, 0, 0);
  }

  clear(time, i) {
    const { canvas } = this.cells[time][i];
    canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
  }

  /** The search in w: its picture so far stands where the found face will. */
  async heard({ done, step, most, picture, code }) {
    const { cut } = this;
    const image = await kit.load(picture);
    if (cut !== this.cut) return;
    this.progress = { step, most };
    this.draw("before", 2, image);
    if (done) {
      this.code = code;
      this.ask();
    }
    this.write();
  }

  ended(how) {
    this.root.dataset.ended = how;
    this.write();
  }

  write() {
    const sign = SIGNS[this.room.knobs.direction];
    this.names.pair.textContent = `CycleGAN: ${sign === "+" ? "G" : "F"}(x)`;
    this.names.vae.textContent = `VAE: z ${sign} k·v`;
    this.names.gan.textContent = `GAN: w ${sign} k·v`;
    const ways = this.told?.ways ?? [];
    NAMES.forEach((name, i) => {
      for (const time of TIMES) this.caption(this.cells[time][i], ways[i]?.[time]);
      this.says[i].replaceChildren(...(ways[i] ? kit.rich(this.can(name, ways[i])) : []));
    });
    if (!ways[2]) this.cells.before[2].smile.textContent = this.searched();
  }

  caption({ smile, change }, seen) {
    smile.textContent = seen ? sentence("cyclegan.ways.smile", { chance: written(100 * seen.chance, 0), logit: written(seen.logit, 1) }) : "";
    change.textContent = seen ? sentence("cyclegan.ways.change", { upper: written(seen.upper, 3), lower: written(seen.lower, 3) }) : "";
  }

  /** What one way can and cannot, with what was measured here. */
  can(name, { before, after }) {
    const { detail } = name === "pair" ? after : before;
    const args = { before: written(before.change, 3), after: written(after.change, 3), detail: written(100 * detail, 0) };
    return sentence(`cyclegan.ways.can.${name}`, args);
  }

  searched() {
    if (this.progress) return sentence(this.pull.running ? "cyclegan.ways.step" : "cyclegan.ways.stopped", this.progress);
    return "";
  }
}
