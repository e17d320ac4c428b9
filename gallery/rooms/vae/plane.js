// What the VAE reads: the picture under the point, or a drawing; and walks from one class to another.
import { call, latest } from "gallery/shell/calls.js";
import { getRoom } from "gallery/shell/rooms.js";
import { drawShapes } from "gallery/widgets/_ink.js";
import * as kit from "gallery/widgets/_kit.js";

/** Whose changes the reader knows again as its own: of the drawing, of the point that it has read, of a walk. */
const MINE = Object.freeze({ HAND: "reader.hand", READ: "reader.read", WALK: "reader.walk" });
const FORMING = "forming.frame"; // of the film that covers the plane, and whoever follows it
const WALK = 3600; // ms from class to class
const THUMB = 56; // pixels of a thumbnail's canvas
const BOXES = { digits: 20, fashion: null }; // MNIST boxes its digits, Fashion-MNIST fills the picture

export default class Reader {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   * @param {Server} server
   */
  constructor(element, props, server) {
    this.server = server;
    this.room = getRoom(props.room);
    this.drawing = null;
    this.all = null;
    this.ticket = 0;
    this.root = kit.rootOf(element);
    this.thumbs = kit.el("div", { class: "v-vae-thumbs", role: "group", "data-t-label": "vae.drawings.label" });
    this.root.replaceChildren(this.thumbs);
    this.read = latest((drawing) => this.ask(drawing));
    this.connect();
    this.load();
  }

  connect() {
    const { room } = this;
    kit.listen(room, "plane.answer", (answer) => !this.drawing && this.seen(answer));
    room.on("plane.ask", () => !this.drawing && kit.emit(room, "seen.ask", {}));
    room.on("sketch", (sketch) => this.drawn(sketch));
    room.on("knobs", (change) => this.heard(change));
    room.on("draw", () => {
      room.set({ data: "digits" });
      room.emit("sketch.focus", {});
    });
    // The film was made with beta = 1 and shows the manifold: what is chosen around it must not say otherwise.
    room.on(FORMING, () => room.set({ beta: "1", view: "manifold" }, FORMING));
    room.on("walk.9.4", () => this.walk(9, 4));
  }

  async load() {
    this.all = await call(this.server, "drawings").catch(() => null);
    this.dress();
    if (this.all && this.room.knobs.drawing >= 0) this.give();
  }

  /** Ten thumbnails of the data set that is shown. */
  dress() {
    if (!this.all) return;
    const { data } = this.room.knobs;
    kit.emit(this.room, "sketch.box", BOXES[data]);
    const name = (i) => (data === "digits" ? "vae.drawings.digit" : `widgets.garment.${i}`);
    this.thumbs.replaceChildren(...this.all[data].map((shapes, i) => {
      const canvas = kit.el("canvas", { width: THUMB, height: THUMB });
      drawShapes(canvas.getContext("2d"), THUMB, shapes, 0.09);
      return kit.el("button", {
        type: "button", class: "v-vae-thumb", "data-t-label": name(i), "data-t-title": name(i), "data-t-args": JSON.stringify({ n: i }),
        onclick: () => (this.room.knobs.drawing === i ? this.give() : this.room.set({ drawing: i })),
      }, canvas);
    }));
    this.press();
  }

  press() {
    [...this.thumbs.children].forEach((thumb, i) => thumb.setAttribute("aria-pressed", String(i === this.room.knobs.drawing)));
  }

  /** The drawing that the knob names goes onto the pad; the pad then says what it shows. */
  give() {
    kit.emit(this.room, "sketch.draw", { shapes: this.all[this.room.knobs.data][this.room.knobs.drawing] });
  }

  drawn({ pixels, empty, given }) {
    if (!given) this.room.set({ drawing: -1 }, MINE.HAND);
    if (empty) return this.leave();
    this.drawing = pixels;
    this.tell();
    this.read(this.drawing);
  }

  heard({ changed, origin }) {
    const { room } = this;
    if (origin !== MINE.WALK) this.ticket += 1; // whoever touches anything ends a walk
    if (changed.has("data")) this.dress();
    if (changed.has("drawing")) this.press();
    if (origin === MINE.READ || origin === MINE.HAND) return;
    if (changed.has("drawing") && room.knobs.drawing >= 0) return void (this.all && this.give());
    // A garment's place in its row means nothing among digits.
    if (changed.has("data") && room.knobs.drawing >= 0) return this.leave();
    if (changed.has("u") || changed.has("v")) return this.leave();
    if (this.drawing && (changed.has("beta") || changed.has("data"))) this.read(this.drawing);
  }

  /** The point was moved, or the pad cleared: from now on what is under the point is read. */
  leave() {
    if (!this.drawing) return;
    this.drawing = null;
    this.room.set({ drawing: -1 }, MINE.HAND);
    this.tell();
    const answer = kit.last(this.room, "plane.answer");
    if (answer) this.seen(answer);
  }

  async ask(drawing) {
    kit.emit(this.room, "seen.ask", {});
    try {
      const answer = await call(this.server, "read", [{ ...this.room.knobs }, drawing]);
      if (this.drawing === null) return; // the visitor has gone back to the point
      const [u, v] = answer.mu;
      this.room.set({ u, v }, MINE.READ);
      this.seen(answer);
    } catch (error) {
      kit.emit(this.room, "seen.failed", {});
      throw error;
    }
  }

  seen(answer) {
    kit.emit(this.room, "seen.answer", answer);
  }

  /** Says which picture the terms belong to. */
  tell() {
    const act = document.getElementById("act-vae-plane");
    act.querySelector(".v-vae-what").setAttribute("data-t", this.drawing ? "vae.terms.drawing" : "vae.terms.point");
    act.classList.toggle("v-vae-draws", Boolean(this.drawing));
  }

  /** The point goes from where one class lives to where another does, along a straight line. */
  async walk(from, to) {
    this.room.set({ data: "digits", beta: "1", view: "manifold" }, MINE.WALK);
    const { path } = await call(this.server, "homes", [{ ...this.room.knobs }, from, to]);
    const [a, b] = path;
    const ticket = ++this.ticket;
    const go = (part) => {
      const eased = part * part * (3 - 2 * part);
      this.room.set({ u: a[0] + (b[0] - a[0]) * eased, v: a[1] + (b[1] - a[1]) * eased }, MINE.WALK);
    };
    if (kit.reduced()) return go(1);
    const start = performance.now();
    const step = (now) => {
      if (ticket !== this.ticket) return;
      const part = Math.min(1, (now - start) / WALK);
      go(part);
      if (part < 1) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }
}
