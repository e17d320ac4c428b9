// Three ways side by side: above the face as each sees it, below with the smile put on or taken off, and what the judge says.
import { call, latest } from "gallery/shell/calls.js";
import { on } from "gallery/shell/page.js";
import { fill, sentence, written } from "gallery/shell/words.js";
import * as kit from "gallery/widgets/_kit.js";
import { Pull } from "gallery/widgets/_pull.js";

const NAMES = ["CycleGAN", "VAE", "GAN"];
const ALT = { before: "cyclegan.ways.before", after: "cyclegan.ways.after" };
const TIMES = Object.keys(ALT);
const SIGNS = { a2b: ["+", "G"], b2a: ["−", "F"] };

/** What is measured of a picture, each in a piece that does not break. */
function figures({ chance, logit, upper, lower }) {
  const said = [
    sentence("cyclegan.ways.smile", { chance: written(100 * chance, 0) }), sentence("cyclegan.ways.logit", { logit: written(logit, 1) }),
    sentence("cyclegan.ways.upper", { upper: written(upper, 3) }), sentence("cyclegan.ways.lower", { lower: written(lower, 3) }),
  ];
  return said.map((text) => kit.el("span", {}, text));
}

export class WaysView {
  /** widget: whose element, room and server it uses; `wanted`: whether it is to be seen. */
  constructor(widget) {
    this.widget = widget;
    this.root = widget.root;
    this.room = widget.room;
    this.server = widget.server;
    this.picture = this.cut = this.code = this.told = this.progress = null;
    this.stale = false;
    this.order = 0;
    this.ask = latest(() => this.fetch());
    this.pull = new Pull(this.server, this.root, { heard: (answer) => this.heard(answer), ended: (how) => this.ended(how) });
    this.build();
    kit.listen(this.room, "picture", ({ face, sample }) => {
      this.picture = { face: sample ? "" : face, sample: sample ?? null };
      this.cut = null;
      this.arrive();
    });
    this.room.on("knobs", ({ changed }) => this.changed(changed));
    this.room.on("show", () => this.arrive());
    on("lang", () => this.write());
  }

  build() {
    this.formulas = NAMES.map(() => kit.el("span", {}));
    const names = NAMES.map((name, i) => kit.el("p", { class: "v-ways-name" }, kit.el("b", {}, name), this.formulas[i]));
    const cell = (name, time) => {
      const args = JSON.stringify({ way: name });
      const canvas = kit.el("canvas", { width: 64, height: 64, class: "v-dims", role: "img", "data-t-label": ALT[time], "data-t-args": args });
      const [smile, change] = [kit.el("span", {}), kit.el("span", {})];
      const node = kit.el("figure", { class: "v-cyclegan-cell" }, kit.el("div", { class: "v-cyclegan-frame" }, canvas), kit.el("figcaption", {}, smile, change));
      return { node, canvas, smile, change };
    };
    this.cells = Object.fromEntries(TIMES.map((time) => [time, NAMES.map((name) => cell(name, time))]));
    const cells = TIMES.flatMap((time) => this.cells[time].map(({ node }) => node));
    this.root.replaceChildren(kit.el("div", { class: "v-paper" }, kit.el("div", { class: "v-ways-grid" }, ...names, ...cells)));
    fill(this.root);
  }

  changed(changed) {
    if (changed.has("direction") || changed.has("strength")) this.stale = true;
    queueMicrotask(() => this.arrive()); // then the page has shown or hidden what the knobs say
  }

  /** Whoever comes is shown the face of the moment; what was found of it before still stands. */
  arrive() {
    if (!this.widget.wanted) return this.pull.stop();
    if (!this.root.offsetParent || !this.picture) return;
    if (!this.cut) this.take();
    else {
      if (this.stale) this.ask();
      if (!this.code && !this.pull.running) this.pull.start([this.cut]);
    }
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
    kit.emit(this.room, "ways.told", { ways: [], ours: cut.ours });
    this.ask();
    this.pull.start([cut]);
  }

  async fetch() {
    const { cut, code } = this;
    this.stale = false;
    const answer = await call(this.server, "compare", [{ ...this.room.knobs }, { face: cut.face, code }]).catch(() => null);
    const images = answer && await Promise.all(answer.ways.flatMap(({ before, after }) => [before, after]).map(({ image }) => kit.load(image)));
    if (cut !== this.cut) return;
    this.root.classList.remove("v-waits");
    if (!answer) return;
    this.told = answer;
    kit.emit(this.room, "ways.told", { ways: answer.ways, ours: cut.ours });
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
    const [sign, net] = SIGNS[this.room.knobs.direction];
    const formulas = [`x + k·(${net}(x) − x)`, `z ${sign} k·v`, `w ${sign} k·v`];
    this.formulas.forEach((node, i) => { node.textContent = formulas[i]; });
    const ways = this.told?.ways ?? [];
    NAMES.forEach((_, i) => {
      for (const time of TIMES) this.caption(this.cells[time][i], ways[i]?.[time]);
    });
    if (ways[0]) this.cells.before[0].change.textContent = sentence("cyclegan.ways.itself");
    if (!ways[2]) this.cells.before[2].smile.textContent = this.searched();
  }

  caption({ smile, change }, seen) {
    const said = seen ? figures(seen) : [];
    smile.replaceChildren(...said.slice(0, 2));
    change.replaceChildren(...said.slice(2));
  }

  searched() {
    if (this.progress) return sentence("cyclegan.ways.step", this.progress);
    return "";
  }
}
