// A picture there and back: four canvases, a divider over the translation, the patches' verdicts over the first two.
import { Looks } from "gallery/rooms/cyclegan/translate_looks.js";
import { call, latest } from "gallery/shell/calls.js";
import { on } from "gallery/shell/page.js";
import { getRoom } from "gallery/shell/rooms.js";
import { sentence, written } from "gallery/shell/words.js";
import * as kit from "gallery/widgets/_kit.js";

const WORDS = {
  input: "cyclegan.translate.cell.input",
  translated: "cyclegan.translate.cell.translated",
  returned: "cyclegan.translate.cell.returned",
  map: "cyclegan.translate.cell.map",
};
const ALREADY = { a2b: "cyclegan.translate.already.a2b", b2a: "cyclegan.translate.already.b2a" };
const ONE_WAY = "cyclegan.translate.one_way";
const CELLS = Object.keys(WORDS);
const STEP = 0.05; // of the divider, by an arrow key
const DIM = 0.35; // of a picture under its patches' verdicts
const PATIENCE = 160; // ms after which what is still on its way is dimmed: what comes sooner only flickers

const WAITS = ["v-waits", "v-returns", "v-alone"]; // everything, what comes back, and that nothing will

/** The pixels of a loaded picture. */
function pixels(image, width, height) {
  const canvas = kit.el("canvas", { width, height });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, width, height);
}

export default class Translate {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   * @param {Server} server
   */
  constructor(element, props, server) {
    this.root = kit.rootOf(element);
    this.props = props;
    this.server = server;
    this.room = getRoom(props.room);
    Object.assign(this.root.dataset, { frames: "0", shown: "0" });
    this.share = 0.5;
    this.picture = null;
    this.told = null;
    this.wish = 0;
    this.pull = latest(() => this.fetch());
    this.build();
    this.connect();
  }

  build() {
    this.cells = Object.fromEntries(CELLS.map((name) => {
      const canvas = kit.el("canvas", { width: 1, height: 1, class: "v-dims", role: "img", "data-t-label": WORDS[name] });
      const caption = kit.el("figcaption", { "data-t": WORDS[name] });
      return [name, { canvas, node: kit.el("figure", { class: "v-cyclegan-cell" }, kit.el("div", { class: "v-cyclegan-frame" }, canvas), caption) }];
    }));
    this.patch = kit.el("div", { class: "v-cyclegan-patch", hidden: true });
    this.divider = kit.el("div", {
      class: "v-cyclegan-divider", role: "slider", tabindex: "0", "data-t-label": "cyclegan.translate.divider",
      "aria-valuemin": "0", "aria-valuemax": "100", "aria-valuenow": "50", onkeydown: (event) => this.key(event),
    });
    const holder = this.cells.translated.canvas.parentElement;
    holder.append(this.divider);
    this.cells.input.canvas.parentElement.append(this.patch);
    kit.drag(holder, { start: (event) => this.move(event), move: (event) => this.move(event) });
    this.line = kit.el("p", { class: "v-cyclegan-line" });
    this.note = kit.el("p", { class: "v-cyclegan-line" });
    const turn = () => this.room.set({ direction: this.room.knobs.direction === "a2b" ? "b2a" : "a2b" });
    this.already = kit.el("p", { class: "v-cyclegan-line v-cyclegan-already", hidden: true },
      kit.el("span", {}), kit.el("button", { type: "button", class: "v-button", "data-t": "cyclegan.translate.turn", onclick: turn }));
    const grid = kit.el("div", { class: "v-cyclegan-four" }, ...CELLS.map((name) => this.cells[name].node));
    const { room, props } = this;
    this.four = kit.el("div", {}, kit.el("div", { class: "v-paper" }, grid), kit.el("div", { class: "v-lines" }, this.already, this.line, this.note));
    this.looks = new Looks(this.four, this);
    this.root.replaceChildren(this.four);
    if (props.networks.length) import("gallery/rooms/cyclegan/translate_networks.js").then(({ menu }) => this.root.append(menu(room, props.networks)), () => {});
  }

  connect() {
    const { room, cells } = this;
    kit.listen(room, "picture", ({ face, sample }) => {
      this.picture = { face: sample ? "" : face, sample: sample ?? null };
      this.ask();
    });
    room.on("knobs", ({ changed }) => this.changed(changed));
    cells.input.canvas.addEventListener("pointermove", (event) => this.point(event));
    cells.input.canvas.addEventListener("pointerleave", () => { this.patch.hidden = true; });
    on("lang", () => this.write());
  }

  changed(changed) {
    const { pair, direction, picture } = this.room.knobs;
    if (changed.has("pair") || changed.has("direction")) {
      const fits = this.props.first[pair][direction === "a2b" ? 0 : 1];
      // Whoever chose a picture along with the pair, has one of his own, or was told to turn it round, keeps it.
      const turned = this.told?.already && !changed.has("pair");
      const keeps = changed.has("picture") || picture === this.props.own || picture === fits || turned;
      if (!keeps) this.room.set({ picture: fits });
      else this.ask();
    } else if (["look", "size", "network"].some((name) => changed.has(name))) this.ask();
    if (changed.has("strength")) this.draw();
    if (changed.has("over")) this.judge().catch(() => {}); // `call` has said why
  }

  ask() {
    this.wish += 1;
    this.pull();
  }

  /** The translation as soon as it is there, then the way back; the discriminator is asked only where it is shown. */
  async fetch() {
    if (!this.picture) return;
    const { wish } = this;
    /** @type {any[]} */
    const args = [{ ...this.room.knobs }, this.picture];
    this.wait("v-waits");
    try {
      if (this.looks.wanted(args[0])) return await this.looked(args, wish);
      this.looks.place();
      const known = this.known(args); // the input is on the screen already: only its translation has to come
      const first = await call(this.server, "travel", [args[0], { ...args[1], known: Boolean(known) }]);
      const [translated, input] = await this.loaded(first, known ? ["translated"] : ["translated", "input"]);
      const told = { ...first, args, shown: [known ?? input, translated] };
      this.told = told;
      this.draw();
      this.wait("v-returns");
      kit.count(this.root, "shown");
      if (wish !== this.wish) return; // somebody wants another picture by now
      const back = await call(this.server, "back", args, (error) => error.key === ONE_WAY);
      Object.assign(told, back);
      told.shown.push(...(await this.loaded({ ...first, ...back }, ["returned", "map"])));
      this.wait("");
      await this.judge();
      kit.count(this.root, "frames");
    } catch (error) {
      this.wait(""); // `call` has said why, but where there is no way back
      this.root.classList.toggle("v-alone", error.key === ONE_WAY);
      if (error.key === ONE_WAY) this.write();
    }
  }

  /** The input's pixels, where it is the one that is shown. */
  known(args) {
    const same = ([knobs, picture]) => [picture, knobs.pair, knobs.size];
    const before = this.told ? same(this.told.args) : [];
    return same(args).every((value, i) => value === before[i]) ? this.told.shown[0] : null;
  }

  async looked(args, wish) {
    await this.looks.show(args, () => wish === this.wish);
    this.wait("");
    kit.count(this.root, "frames");
  }

  /** What is still on its way is dimmed after a while: everything, or what comes back. */
  wait(how) {
    const { classList } = this.root;
    const dim = () => WAITS.forEach((name) => classList.toggle(name, name === how));
    clearTimeout(this.dimming);
    if (!how || WAITS.some((name) => classList.contains(name))) dim();
    else this.dimming = setTimeout(dim, PATIENCE);
  }

  /** The pixels of an answer's pictures. */
  async loaded(answer, names) {
    const images = await Promise.all(names.map((name) => kit.load(answer[name])));
    return images.map((image) => pixels(image, answer.width, answer.height));
  }

  /** What the discriminator says of what is on the screen, asked once for each, and only when it is to be shown. */
  async judge() {
    const { told, room } = this;
    if (told?.map && !told.verdicts && room.knobs.over === "patches") {
      const verdicts = await call(this.server, "judge", told.args);
      const maps = (verdicts.patches ?? []).map(async (url) => pixels(await kit.load(url), told.width, told.height));
      told.verdicts = { ...verdicts, maps: await Promise.all(maps) };
    }
    this.draw();
  }

  /** x + k (G(x) - x), cut off at black and white. */
  strengthened() {
    const [x, y] = this.told.shown;
    const k = this.room.knobs.strength;
    if (k === 1) return y;
    const made = new ImageData(x.width, x.height);
    for (let i = 0; i < x.data.length; i++) made.data[i] = i % 4 === 3 ? 255 : x.data[i] + k * (y.data[i] - x.data[i]);
    return made;
  }

  draw() {
    if (!this.told) return;
    const { shown, width, height, verdicts } = this.told;
    CELLS.slice(0, shown.length).forEach((name, i) => {
      const { canvas } = this.cells[name];
      if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
      canvas.getContext("2d").putImageData(i === 1 ? this.strengthened() : shown[i], 0, 0);
    });
    this.root.style.setProperty("--aspect", `${width} / ${height}`);
    if (this.room.knobs.over === "patches" && verdicts?.patches) this.cover(...verdicts.maps);
    else this.divide();
    this.write();
  }

  /** The verdicts over input and translation: bright patches pass for real. */
  cover(...maps) {
    [this.cells.input, this.cells.translated].forEach(({ canvas }, i) => {
      const context = canvas.getContext("2d");
      const under = context.getImageData(0, 0, canvas.width, canvas.height);
      const map = maps[i].data;
      for (let j = 0; j < map.length; j++) if (j % 4 !== 3) under.data[j] *= DIM + (1 - DIM) * (map[j] / 255);
      context.putImageData(under, 0, 0);
    });
    this.divider.hidden = true;
  }

  /** Left of the divider the translation's place shows the input. */
  divide() {
    const { canvas } = this.cells.translated;
    const edge = Math.round(this.share * canvas.width);
    canvas.getContext("2d").putImageData(this.told.shown[0], 0, 0, 0, 0, edge, canvas.height);
    this.divider.hidden = false;
    this.divider.style.insetInlineStart = `${100 * this.share}%`;
    this.divider.setAttribute("aria-valuenow", String(Math.round(100 * this.share)));
  }

  move(event) {
    this.cut(kit.within(this.cells.translated.canvas, event).x);
  }

  key(event) {
    const way = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    if (!way) return;
    event.preventDefault();
    this.cut(this.share + way);
  }

  cut(share) {
    this.share = kit.clamp(share, 0, 1);
    this.draw();
  }

  /** The patch that one verdict sees, around the pointer. */
  point(event) {
    const { told, patch, room } = this;
    const field = told?.verdicts?.field;
    patch.hidden = !field || room.knobs.over !== "patches";
    if (patch.hidden) return;
    const { x, y } = kit.within(this.cells.input.canvas, event);
    const [w, h] = [field / told.width, field / told.height];
    const place = { left: x - w / 2, top: y - h / 2, width: w, height: h };
    for (const [name, value] of Object.entries(place)) patch.style[name] = `${100 * value}%`;
  }

  write() {
    const { told, room } = this;
    if (this.root.classList.contains("v-alone")) return void this.alone();
    if (!told?.map) return;
    const { strength, over } = room.knobs;
    const args = { error: written(told.cycle, 3), params: written(told.params, 1), source: kit.say(told.source), device: told.device };
    this.line.replaceChildren(...kit.rich(sentence("cyclegan.translate.line", args)));
    this.note.textContent = this.remark(strength, over);
    this.already.hidden = !told.already;
    this.note.hidden = told.already && over === "none" && strength === 1;
    if (told.already) this.already.firstElementChild.textContent = sentence(ALREADY[room.knobs.direction]);
  }

  /** A converted network that knows one direction only: there is nothing to say of a way back. */
  alone() {
    this.line.textContent = sentence(ONE_WAY);
    this.note.hidden = this.already.hidden = true;
  }

  remark(strength, over) {
    const { patches, means, field } = this.told.verdicts ?? {};
    if (over === "patches" && !this.told.verdicts) return "";
    if (over === "patches" && !patches) return sentence("cyclegan.translate.no_patches");
    if (over === "patches") return sentence("cyclegan.translate.patches", { field, before: written(means[0], 2), after: written(means[1], 2) });
    const { size, pair } = this.room.knobs;
    if (strength === 1 && pair === "monet" && size !== "own") return sentence("cyclegan.sizes.taken", { n: this.told.width, m: this.told.height });
    return strength === 1 ? sentence("cyclegan.translate.scale") : sentence("cyclegan.translate.honest", { k: written(strength, 2) });
  }
}
