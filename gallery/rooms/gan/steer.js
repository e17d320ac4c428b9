// The act "steer": the face that is led along directions, what is asked when the hand rests, the walk and the mixture.
import { call, latest } from "gallery/shell/calls.js";
import { tell } from "gallery/shell/words.js";
import { getRoom } from "gallery/shell/rooms.js";
import * as kit from "gallery/widgets/_kit.js";

const REST = 140; // ms: then the hand rests
const DICE = '<path d="M3 3h10v10H3z"/><path d="M5.7 5.7h.01M10.3 5.7h.01M8 8h.01M5.7 10.3h.01M10.3 10.3h.01" stroke-width="1.8"/>';

export default class Steer {
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
    this.act = document.getElementById(`act-${props.room}-steer`);
    this.code = null;
    this.face = null;
    this.asker = new kit.Asker(this.room, server, "edit", props.id);
    this.order = 0; // of the faces that were found
    this.row = latest(() => this.fetchRow());
    this.walk = latest(() => this.fetchWalk());
    this.cross = latest(() => this.fetchCross());
    this.build();
    this.connect();
    this.honest();
    this.due = { face: true, rest: true };
    this.go();
  }

  build() {
    this.seeds = ["face", "partner"].map((knob) => this.seed(knob));
    this.root.replaceChildren(...this.seeds.map(({ node }) => node));
    this.write();
  }

  /** A seed with its die. */
  seed(knob) {
    const { room, props } = this;
    const key = knob === "face" ? "gan.steer.seed" : "gan.steer.partner";
    const input = kit.el("input", { type: "number", class: "v-generate-seed", min: "0", max: String(props.last_seed), step: "1" });
    input.addEventListener("change", () => {
      room.set({ [knob]: Number(input.value) || 0 });
      this.write();
    });
    const any = () => room.set({ [knob]: Math.floor(Math.random() * (props.last_seed + 1)) });
    const die = kit.iconButton("reset", "gan.steer.dice", any, { class: "v-icon-button v-generate-dice" });
    die.querySelector("svg").innerHTML = DICE;
    input.setAttribute("data-t-label", key);
    input.setAttribute("data-t-title", key);
    const name = knob === "partner" ? kit.el("span", { "data-t": key, "aria-hidden": "true" }) : null;
    return { knob, input, node: kit.el("span", { class: `v-steer-seed v-steer-seed-${knob}` }, name, input, die) };
  }

  connect() {
    const { room } = this;
    room.on("knobs", ({ changed }) => this.heard(changed));
    room.on("show", () => this.go());
    kit.listen(room, "found", (found) => this.take(found));
    // The film of a slider that a hand or the keyboard comes to is on its way before it is moved.
    for (const event of ["pointerdown", "focusin"]) {
      this.act.addEventListener(event, ({ target }) => {
        const inputs = [...this.act.querySelectorAll(".v-steer-sliders .v-sliders-input")];
        const name = this.props.names[inputs.indexOf(/** @type {HTMLInputElement} */ (target))];
        if (name) room.set({ along: name });
      });
    }
  }

  /** A face was found, or what was found is forgotten: then there is no code. */
  take({ code, face }) {
    Object.assign(this, { code, face, order: this.order + 1 });
    if (this.room.knobs.who === "found" || code) this.due = { face: true, rest: true };
    this.honest();
    this.go();
  }

  /** What was found does not travel in a link; without it there is nothing found to be steered. */
  honest() {
    const { room } = this;
    if (room.knobs.who === "found" && !this.code) {
      tell("gan.steer.stays", {});
      room.set({ who: "seed" });
    }
    room.stay(this.root, room.knobs.who === "found" ? "gan.steer.stays" : null);
  }

  heard(changed) {
    const any = (names) => names.some((name) => changed.has(name));
    const { names, fresh } = this.props;
    const moved = names.filter((name) => changed.has(name));
    // The film goes along the slider that was moved last.
    if (moved.length === 1 && !changed.has("along")) this.room.set({ along: moved[0] });
    if (changed.has("who")) this.honest();
    if (any(["face", "partner"])) this.write();
    if (any(fresh)) this.due = { face: true, rest: true };
    if (any(["along", "doing", "partner"])) this.due.rest = true;
    if (any(["cross"])) this.due.cross = true;
    this.go();
  }

  ask() {
    this.due.face = false;
    this.asker.ask([{ ...this.room.knobs }, this.code], kit.handTime());
  }

  /** What the film of a direction was made of: everything but how far it goes. */
  of(name) {
    const { knobs } = this.room;
    const others = this.props.fresh.filter((each) => each !== name).map((each) => knobs[each]);
    return JSON.stringify([name, this.order, ...others]);
  }

  /** The frame at which the slider stands, where the film is of this face: the server need not be asked at once. */
  follow() {
    const { reel, room } = this;
    if (reel?.of !== this.of(room.knobs.along)) return false;
    const gaps = reel.values.map((value) => Math.abs(value - room.knobs[reel.knob]));
    const i = gaps.indexOf(Math.min(...gaps));
    const { source, w, h } = reel;
    kit.emit(room, "steer.shown", { image: { source, x: i * w, y: 0, w, h }, since: kit.handTime() });
    return true;
  }

  /** Only the picture while a hand drags, the rest when it rests; nothing while another act is looked at. */
  go() {
    const { due, room } = this;
    if (!this.act.offsetParent) return;
    if (due.face && room.knobs.doing === "edit" && !this.follow()) this.ask();
    if (due.cross && room.knobs.doing === "meet") {
      due.cross = false;
      this.cross();
    }
    if (!due.rest) return;
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.rest(), REST);
  }

  rest() {
    const { due, room, code, face } = this;
    if (!this.act.offsetParent || room.knobs.doing === "find") return;
    due.rest = false;
    if (room.knobs.doing === "meet") {
      this.walk();
      this.cross();
      return;
    }
    if (due.face) this.ask();
    if (this.reel?.of !== this.of(room.knobs.along)) this.row();
    kit.emit(room, "steer.rest", { code, face });
    kit.count(this.root, "rests");
  }

  async fetchRow() {
    const of = this.of(this.room.knobs.along);
    const answer = await call(this.server, "row", [{ ...this.room.knobs }, this.code]);
    this.reel = { ...answer, of, source: await kit.load(answer.sprite) };
    kit.emit(this.room, "film", { id: "row", ...this.reel });
  }

  async fetchWalk() {
    const { a, b, ...film } = await call(this.server, "walk", [{ ...this.room.knobs }, this.code]);
    kit.emit(this.room, "meet.pair", { a, b });
    kit.emit(this.room, "film", { id: "meet", ...film });
  }

  async fetchCross() {
    kit.emit(this.room, "cross.answer", await call(this.server, "cross", [{ ...this.room.knobs }, this.code]));
  }

  write() {
    for (const { knob, input } of this.seeds) input.value = String(this.room.knobs[knob]);
  }
}
