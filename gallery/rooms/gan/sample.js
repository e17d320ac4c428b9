// The act "sample": the sheet, the film of what is chosen, what is shown large of it, and what D says when the hand rests.
import { Sheet } from "gallery/rooms/gan/sheet.js";
import { call, latest } from "gallery/shell/calls.js";
import { on } from "gallery/shell/page.js";
import { getRoom } from "gallery/shell/rooms.js";
import { written } from "gallery/shell/words.js";
import * as kit from "gallery/widgets/_kit.js";

const REST = 160; // ms: then the hand rests
const FILMS = { sheet: "psi", near: "angle", walk: "t", mix: "layer" }; // the knob that each view's film goes along
const CALLED = { faces: "gan.sample.called.faces", fashion: "gan.sample.called.fashion" };
const MODEL = { faces: "gan.sample.plaque.faces", fashion: "gan.sample.plaque.fashion" };
const SHOWN = {
  sheet: "gan.sample.shown.sheet", near: "gan.sample.shown.near", walk: "gan.sample.shown.walk", mix: "gan.sample.shown.mix",
};
const NOTE = {
  sheet: "gan.sample.note.sheet", near: "gan.sample.note.near", walk: "gan.sample.note.walk", mix: "gan.sample.note.mix",
};
const OF_SHEET = ["model", "seed", "psi"];
const OF_ONE = ["model", "face", "label", "view", "path"];
const OF_PAIR = ["other", "label2"];

export default class Faces {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   * @param {Server} server
   */
  constructor(element, props, server) {
    this.props = props;
    this.server = server;
    this.room = getRoom(props.room);
    this.root = kit.rootOf(element);
    this.sheet = new Sheet(this.root, (cell) => this.choose(cell));
    this.d = [];
    this.near = null;
    /** @type {Promise<void> | undefined} */
    this.opening = undefined;
    this.draw = latest(() => this.fetchSheet());
    this.shoot = latest(() => this.fetchFilm());
    this.judge = latest(() => this.fetchVerdicts());
    this.connect();
    this.renew(true, true);
    if (this.room.knobs.view === "near") this.open();
  }

  connect() {
    const { room } = this;
    room.on("knobs", (change) => this.heard(change));
    room.on("sample.dice", () => this.dice());
    room.on("sample.back", () => this.near?.back());
    room.on("sample.swap", () => {
      const { face, other, label, label2 } = room.knobs;
      room.set({ face: other, other: face, label: label2, label2: label });
    });
    kit.listen(room, "sample.frame", ({ index, since }) => this.film && this.show(index, since));
    on("lang", () => {
      this.sheet.speak();
      this.near?.speak();
      this.sheet.order(room.knobs.sort);
      this.tell();
    });
  }

  heard({ changed }) {
    const any = (names) => names.some((name) => changed.has(name));
    const { view, sort } = this.room.knobs;
    const film = FILMS[view];
    if (any(["face", "label", ...OF_PAIR])) this.press();
    // A path leads from the picture that was chosen; a link brings both at once.
    if (any(["face", "label", "model"]) && !changed.has("path") && this.room.knobs.path) this.room.set({ path: 0 });
    if (view === "near") this.open();
    if (changed.has("sort")) this.sheet.order(sort);
    if (any([film])) this.follow();
    const paired = view === "walk" || view === "mix";
    const anew = any(OF_ONE) || (paired && any(OF_PAIR)) || (film !== "psi" && changed.has("psi"));
    this.renew(any(OF_SHEET) || changed.has("view"), anew, any([film, "psi"]));
  }

  /** The neighbours become buttons when they are first looked at. */
  async open() {
    this.opening ??= import("gallery/rooms/gan/near.js").then(({ Near }) => { this.near = new Near(this.room, this.props); });
    await this.opening;
    this.near.speak();
  }

  /** What must be computed is asked for at once, or when the hand rests; D's verdict only then. */
  renew(sheet, film, drags = false) {
    this.due = { sheet: sheet || this.due?.sheet, film: film || this.due?.film };
    this.d = [];
    if (sheet) this.sheet.forget();
    this.tell();
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.rest(), drags ? REST : 0);
  }

  async rest() {
    const { due, room } = this;
    this.due = {};
    const shown = room.knobs.view === "sheet";
    await Promise.all([due.sheet && shown && this.draw(), due.film && this.shoot()]);
    this.judge();
  }

  async fetchSheet() {
    const answer = await call(this.server, "sheet", [{ ...this.room.knobs }]);
    this.sheet.lay(answer, await kit.load(answer.image));
    this.sheet.order(this.room.knobs.sort);
    this.made = answer;
    this.press();
    this.tell();
    kit.count(this.root, "sheets");
  }

  async fetchFilm() {
    const { view } = this.room.knobs;
    const answer = await call(this.server, "reel", [{ ...this.room.knobs }]);
    if (view !== this.room.knobs.view) return; // meanwhile something else is shown
    this.film = { ...answer, source: await kit.load(answer.sprite) };
    this.made = answer;
    kit.emit(this.room, "price", { curves: answer.price });
    kit.emit(this.room, "film", { id: "sample", ...this.film });
    this.follow();
  }

  async fetchVerdicts() {
    const asked = JSON.stringify(this.room.knobs);
    const { cells, shown } = await call(this.server, "verdicts", [{ ...this.room.knobs }]);
    if (asked !== JSON.stringify(this.room.knobs)) return; // the hand has moved on
    this.d = shown;
    if (cells.length) {
      this.sheet.judged(cells);
      this.sheet.order(this.room.knobs.sort);
    }
    this.tell();
    kit.count(this.root, "judged");
  }

  /** A picture of the sheet is chosen: the one that was is the second one now. */
  choose({ seed, label }) {
    const { face: other, label: label2 } = this.room.knobs;
    if (seed === other && String(label) === label2) return;
    this.room.set({ face: seed, label: String(label), other, label2 });
  }

  /** Other pictures: another sheet, or another pair. */
  dice() {
    const any = (most) => Math.floor(Math.random() * most);
    const { view } = this.room.knobs;
    if (view === "sheet") this.room.set({ seed: any(this.props.last_sheet) });
    else this.room.set({ face: any(this.props.last_seed), other: any(this.props.last_seed) });
  }

  press() {
    const { face, other, label, label2 } = this.room.knobs;
    this.sheet.press({ seed: face, label }, { seed: other, label: label2 });
  }

  /** The frame at which the knob of the film stands, drawn at once: the server need not be asked. */
  follow() {
    const { film, room } = this;
    if (!film || film.view !== room.knobs.view) return;
    const gaps = film.values.map((value) => Math.abs(value - room.knobs[film.knob]));
    this.show(gaps.indexOf(Math.min(...gaps)), kit.handTime());
  }

  /** Frame i of the film, as the view shows it. */
  show(i, since) {
    const { source, w, h, n, view } = this.film;
    const part = (index, x = 0, wide = w) => ({ source, x: index * w + x, y: 0, w: wide, h });
    const { room } = this;
    if (view === "sheet") kit.emit(room, "face.frame", { image: part(i), mean: part(0), since });
    if (view === "near") kit.emit(room, "near.frame", { image: part(i), since });
    if (view === "walk") kit.emit(room, "walk.frame", { arc: part(i, 0, w / 2), line: part(i, w / 2, w / 2), since });
    if (view === "mix") {
      kit.emit(room, "mix.frame", { image: part(i), since });
      kit.emit(room, "pair.frame", { a: part(n - 1), b: part(0) });
      const share = Object.entries(this.film.over[i] ?? {}).map(([name, value]) => [name, 100 * value]);
      kit.emit(room, "mix.over", Object.fromEntries(share));
    }
    kit.emit(this.room, "price.at", { psi: this.room.knobs.psi });
    this.tell();
  }

  /** A curve of the card at the psi of now, between the tenths at which it was measured. */
  priced(i) {
    const { points } = this.film.price[i];
    const place = this.room.knobs.psi * (points.length - 1);
    const [a, b] = [points[Math.floor(place)], points[Math.ceil(place)]];
    return written(100 * (a + (b - a) * (place - Math.floor(place))), 1);
  }

  /** A picture by its seed, and by its garment where it has one. */
  named(seed, label) {
    const { model } = this.room.knobs;
    return { key: CALLED[model], args: { seed: String(seed), garment: { key: `widgets.garment.${label}` } } };
  }

  /** The middle of the neighbours: where it was stepped to. */
  centre(named, view) {
    let n = 0;
    for (let left = view === "near" ? this.room.knobs.path : 0; left > 0; n++) left = Math.floor(left / this.props.base);
    return n ? { key: "gan.sample.walked", args: { a: named, n } } : named;
  }

  /** What the plaque says: of what is shown, of the model, of the computation. */
  tell() {
    const { made, film } = this;
    if (!made || !film) return;
    const { view, model, face, other, label, label2, ...knobs } = this.room.knobs;
    const d = (i) => (this.d[i] === undefined ? "\u2013" : written(this.d[i], 2));
    const [psi, t] = [written(knobs.psi, 2), written(knobs.t, 2)];
    const layer = Math.min(knobs.layer, film.n - 1);
    const args = {
      a: this.centre(this.named(face, label), view), b: this.named(other, label2), psi, t, layer, rest: film.n - 1 - layer,
      angle: knobs.angle, d: d(0), d2: d(1), detour: written(film.detour, 2),
    };
    const about = { params: written(made.params, 1), frechet: written(made.frechet, 1), recall: this.priced(1) };
    const { source, ms, device } = made;
    kit.emit(this.room, "told", {
      shown: { key: SHOWN[view], args },
      note: { key: NOTE[view], args },
      model: { key: MODEL[model], args: about },
      made: { key: "gan.sample.plaque.made", args: { source, ms: written(ms, 0), device } },
    });
  }
}
