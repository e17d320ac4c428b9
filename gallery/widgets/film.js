// A film: frames sent once as one sprite; played, scrubbed, stepped and saved here.
import { call } from "gallery/shell/calls.js";
import { on } from "gallery/shell/page.js";
import { getRoom } from "gallery/shell/rooms.js";
import { real } from "gallery/widgets/_faces.js";
import * as kit from "gallery/widgets/_kit.js";
import { between, place, Strip } from "gallery/widgets/_strip.js";

const REST = 220; // ms
const SPEEDS = [0.25, 0.5, 1, 2, 4];
const MODES = ["loop", "bounce", "once"];
const MODE_WORDS = { loop: "widgets.film.loop", bounce: "widgets.film.bounce", once: "widgets.film.once" };
const FORMATS = { mp4: "widgets.film.mp4", gif: "widgets.film.gif", webp: "widgets.film.webp", png: "widgets.film.png" };

export default class Film {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   * @param {Server} server
   */
  constructor(element, props, server) {
    this.root = kit.rootOf(element);
    this.props = props;
    this.server = server;
    this.film = null;
    this.index = 0;
    this.step = this.speed = 1;
    this.playing = false;
    this.mode = props.mode;
    this.room = getRoom(props.room);
    this.build();
    this.connect(server);
    this.state();
  }

  build() {
    this.playButton = kit.el("button", { type: "button", class: "v-film-play", onclick: () => this.toggle() });
    this.strip = new Strip(this.props);
    Object.entries({ tabindex: "0", role: "slider", "data-t-label": this.props.name, "aria-valuemin": "1", "aria-valuemax": "1", "aria-valuenow": "1" })
      .forEach(([name, value]) => this.strip.node.setAttribute(name, value));
    this.caption = kit.el("span", { class: "v-film-caption" });
    this.ghost = kit.el("span", { class: "v-film-caption v-film-ghost", "aria-hidden": "true" });
    this.speedButton = kit.el("button", {
      type: "button", class: "v-icon-button v-film-speed", "data-t-title": "widgets.film.speed", onclick: () => this.faster(),
    });
    this.modeButton = kit.el("button", { type: "button", class: "v-icon-button", onclick: () => this.nextMode() });
    this.buttons = [
      kit.iconButton("prev", "widgets.film.prev", () => this.by(-1)),
      kit.iconButton("next", "widgets.film.next", () => this.by(1)),
      this.speedButton, this.modeButton,
    ];
    const tools = kit.el("div", { class: "v-film-tools" }, ...this.buttons, this.buildSave());
    const side = kit.el("div", { class: "v-film-side" },
      kit.el("div", { class: "v-film-captions" }, this.ghost, this.caption), tools);
    this.root.replaceChildren(this.playButton, this.strip.node, side);
  }

  buildSave() {
    const formats = Object.keys(FORMATS).filter((format) => format === "png" || this.server.export);
    const items = formats.map((format) =>
      kit.el("button", { type: "button", class: "v-film-format", "data-t": FORMATS[format], onclick: () => this.save(format) }));
    const summary = kit.el("summary", {
      class: "v-icon-button", "data-t-label": "widgets.film.save", "data-t-title": "widgets.film.save",
    }, kit.icon("save"));
    this.menu = kit.el("details", { class: "v-film-menu" }, summary, kit.el("div", { class: "v-paper" }, ...items));
    this.menu.addEventListener("focusout", (event) => {
      if (!this.menu.contains(/** @type {Node} */ (event.relatedTarget))) this.menu.open = false;
    });
    this.menu.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Escape") this.menu.open = false;
    });
    return this.menu;
  }

  connect(server) {
    const { props, room, strip } = this;
    const scrub = (event) => this.film && this.go(strip.at(event));
    kit.drag(strip.node, {
      start: (event) => {
        this.pause();
        scrub(event);
      },
      move: scrub,
    });
    this.root.addEventListener("keydown", (event) => this.key(event));
    kit.listen(room, "film", (data) => (data.id ?? "film") === props.id && this.take(data));
    room.on(`${props.id}.play`, () => this.play());
    room.on("knobs", ({ changed, origin }) => {
      if (!this.knob || origin === props.id || !changed.has(this.knob)) return;
      this.pause(); // whoever moves the knob elsewhere has taken over
      this.meet();
    });
    on("lang", () => this.state());
    if (server.frames) this.follow(server);
  }

  /** The server makes the film anew when what it is made of changes. */
  follow(server) {
    const { props, room } = this;
    const asker = new kit.Asker(room, server, "frames", `${props.id}.frames`);
    const dim = (on) => this.strip.canvas.classList.toggle("v-waiting", on);
    // Many frames are asked for when the hand rests, not at each of its moves.
    kit.follow(room, { ...props, knobs: props.film_knobs }, (args) => {
      clearTimeout(this.resting);
      this.resting = setTimeout(() => asker.ask(args), this.film ? REST : 0);
    });
    room.on(`${props.id}.frames.ask`, () => dim(true));
    room.on(`${props.id}.frames.failed`, () => dim(false));
    kit.listen(room, `${props.id}.frames.answer`, (answer) => this.take(answer));
  }

  async take(data) {
    const order = (this.order = (this.order ?? 0) + 1);
    const source = data.source ?? (await kit.load(data.sprite).catch(() => null));
    if (!source || order !== this.order) return; // a newer film has come meanwhile
    this.film = { columns: data.n, captions: [], values: null, ...data, source };
    this.strip.canvas.classList.remove("v-waiting");
    this.strip.show(this.film);
    this.index = kit.clamp(data.index ?? this.index, 0, data.n - 1);
    this.meet();
    this.state();
    this.root.dataset.frames = data.n;
    if (this.props.show_first) this.tell();
    if (this.wanted) this.play();
  }

  /** The knob that the film goes along: a film may name its own. */
  get knob() {
    return this.film?.knob ?? this.props.knob;
  }

  /** Stands where the bound knob says: at the frame whose value is nearest. */
  meet() {
    const { knob } = this;
    if (!this.film || !knob || !this.film.values) return;
    const target = Number(this.room.knobs[knob]);
    const gaps = this.film.values.map((value) => Math.abs(value - target));
    this.index = gaps.indexOf(Math.min(...gaps));
    this.mark();
  }

  go(index) {
    if (!this.film) return;
    this.index = kit.clamp(index, 0, this.ready);
    this.tell();
    this.mark();
  }

  /** The last frame that has come: a film that is still being made waits there. */
  get ready() {
    return (this.film.ready ?? this.film.n) - 1;
  }

  by(steps) {
    this.pause();
    this.go(this.index + steps);
  }

  /** What the bound knob says, else what the frame stands for: a knob may stand between two frames. */
  get value() {
    const { knob } = this;
    return knob && this.film?.values ? Number(this.room.knobs[knob]) : undefined;
  }

  /** Says to the room which frame is shown, and sets the bound knob to its value. */
  tell() {
    const { knob } = this;
    const { id } = this.props;
    const value = this.film.values?.[this.index];
    if (knob && value !== undefined) this.room.set({ [knob]: value }, id);
    this.stay();
    const caption = this.words(this.index);
    kit.emit(this.room, `${id}.frame`, {
      index: this.index, caption, value, image: this.strip.frame(this.index), since: kit.handTime(),
    });
  }

  /** Without a knob a link does not say which frame is shown: it opens with the last of a film that ends, or the first. */
  stay() {
    const opens = this.props.mode === "once" ? this.film.n - 1 : 0;
    this.room.stay(this.root, this.value === undefined && this.index !== opens ? "widgets.film.stays" : null);
  }

  words(index) {
    return kit.say(this.film?.captions[index] ?? `${index + 1} / ${this.film?.n ?? 0}`);
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  play() {
    this.wanted = !this.film; // a film that is still on its way starts when it has come
    if (!this.film || this.playing) return;
    if (this.mode === "once" && this.index === this.film.n - 1) this.go(0);
    this.playing = true;
    this.state();
    let before = performance.now();
    let due = 0;
    const tick = (now) => {
      if (!this.playing || !this.root.isConnected) return;
      due += (now - before) * this.speed * (this.film.fps ?? this.props.fps) / 1000;
      before = now;
      // After a pause of the browser (a hidden tab) the film goes on; it does not race to catch up.
      if (due >= 1) {
        due = due >= 4 ? 0 : due - 1;
        this.advance();
      }
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  pause() {
    this.playing = this.wanted = false;
    this.state();
  }

  advance() {
    const end = this.film.n - 1;
    if (this.index === this.ready && this.ready < end) return;
    if (this.mode === "bounce" && (this.index + this.step > end || this.index + this.step < 0)) this.step = -this.step;
    if (this.mode !== "bounce") this.step = 1;
    const next = this.index + this.step;
    if (next > end && this.mode === "once") return this.pause();
    this.go(next > end ? 0 : next);
  }

  key(event) {
    const onStrip = event.target === this.strip.node;
    const acts = {
      ArrowLeft: () => this.by(-1), ArrowRight: () => this.by(1), ArrowDown: () => this.by(-1), ArrowUp: () => this.by(1),
      Home: () => this.by(-Infinity), End: () => this.by(Infinity), " ": onStrip ? () => this.toggle() : null,
      PageUp: () => this.by(10), PageDown: () => this.by(-10),
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  }

  faster() {
    this.speed = SPEEDS[(SPEEDS.indexOf(this.speed) + 1) % SPEEDS.length];
    this.state();
  }

  nextMode() {
    this.mode = MODES[(MODES.indexOf(this.mode) + 1) % MODES.length];
    this.state();
  }

  /** Everything that depends on the film, the language or the controls. */
  state() {
    const { film } = this;
    this.dress(this.playButton, this.playing ? "pause" : "play", this.playing ? "widgets.film.pause" : "widgets.film.play");
    this.dress(this.modeButton, this.mode, MODE_WORDS[this.mode]);
    this.speedButton.textContent = `${kit.say(this.speed)}×`;
    [this.playButton, ...this.buttons].forEach((button) => (button.disabled = !film));
    if (film) {
      this.ghost.textContent = this.longest();
      this.strip.node.setAttribute("aria-valuemax", film.n);
      this.mark();
    }
  }

  dress(button, icon, key) {
    button.replaceChildren(kit.icon(icon));
    button.setAttribute("data-t-label", key);
    button.setAttribute("data-t-title", key);
  }

  /** What changes with every frame. */
  mark() {
    this.strip.mark(place(this.film.values, this.value) ?? this.index);
    const text = kit.say(between(this.film, this.index, this.value)) || this.words(this.index);
    this.caption.textContent = text;
    this.strip.node.setAttribute("aria-valuenow", String(this.index + 1));
    this.strip.node.setAttribute("aria-valuetext", text);
  }

  /** Keeps the width of the longest caption, so that nothing jumps while the film plays. */
  longest() {
    const said = Array.from({ length: this.film.n }, (_, i) => this.words(i));
    return said.reduce((long, text) => (text.length > long.length ? text : long), "");
  }

  async save(format) {
    this.menu.open = false;
    if (!this.film) return;
    const name = kit.fileName(this.props.room, this.room, format, this.props.slug);
    const [{ reel }, { marked }] = await Promise.all([import("gallery/widgets/_reel.js"), import("gallery/widgets/_mark.js")]); // few films are saved
    if (format === "png") return kit.save(marked(this.strip.copy(), this.room).toDataURL("image/png"), name);
    const how = { ...this.props, speed: this.speed, bounce: this.mode === "bounce", real: real(this.room) };
    const { sprite, ...options } = reel(this.film, how, format);
    const { file } = await call(this.server, "export", [sprite, options, format]).catch(() => ({})); // `call` has said why
    if (file) kit.save(file, name);
  }
}
