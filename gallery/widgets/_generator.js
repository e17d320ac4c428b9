// What the acts that generate have in common: start and stop, the seed, and pictures that follow the knobs when they are
// quickly made.
import { BY, getRoom } from "gallery/shell/rooms.js";
import * as kit from "gallery/widgets/_kit.js";
import { Pull } from "gallery/widgets/_pull.js";

const DOUBLE = 400; // ms
const SOON = 700; // ms; what takes longer is announced
const REST = 200; // ms; pictures follow the knobs when the hand rests
const DICE = '<path d="M3 3h10v10H3z"/><path d="M5.7 5.7h.01M10.3 5.7h.01M8 8h.01M5.7 10.3h.01M10.3 10.3h.01" stroke-width="1.8"/>';

function dice(onclick) {
  const button = kit.iconButton("reset", "widgets.generate.dice", onclick, { class: "v-icon-button v-generate-dice" });
  button.querySelector("svg").innerHTML = DICE;
  return button;
}

/** Start and stop, the seed and its die. */
class Switch {
  constructor(room, { start, stop, last }) {
    this.room = room;
    this.go = kit.el("button", {
      type: "button", class: "v-button v-generate-go", onclick: () => this.press(start, stop),
    }, kit.el("span", { "data-t": "widgets.generate.go" }));
    this.seed = kit.el("input", {
      type: "number", class: "v-generate-seed", min: "0", max: String(last), step: "1", "data-t-label": "widgets.generate.seed", "data-t-title": "widgets.generate.seed",
    });
    this.seed.addEventListener("change", () => {
      room.set({ seed: Number(this.seed.value) || 0 });
      this.show();
    });
    const roll = () => {
      room.set({ seed: Math.floor(Math.random() * (last + 1)) }, BY.DICE);
      start();
    };
    this.node = kit.el("div", { class: "v-generate-switch" }, this.go, kit.el("span", { class: "v-generate-seeds" }, this.seed, dice(roll)));
    room.on("knobs", () => this.show());
    this.show();
  }

  /** The second click of a double click does not stop what the first has started. */
  press(start, stop) {
    if (!this.running) start();
    else if (performance.now() - this.started > DOUBLE) stop();
  }

  show() {
    this.seed.value = String(this.room.knobs.seed);
  }

  state(running, stale) {
    if (running && !this.running) this.started = performance.now();
    this.running = running;
    this.go.firstElementChild.setAttribute("data-t", running ? "widgets.generate.stop" : "widgets.generate.go");
    this.go.classList.toggle("v-generate-stale", stale && !running);
  }
}

/**
 * An act that generates. Its own class says what stands in it (`build`), what else it hears (`connect`), how it looks
 * (`dress`), what is quickly made (`quick`), what is asked (`question`), and what to do with answers (`heard`, `came`, `halted`).
 * props: room, fresh (the knobs that make another picture), quick, last_seed.
 */
export class Generator {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   * @param {Server} server
   * @param {string} name
   */
  constructor(element, props, server, name) {
    this.root = kit.rootOf(element);
    this.props = props;
    this.room = getRoom(props.room);
    this.plays = false;
    this.stale = true;
    this.act = document.getElementById(`act-${props.room}-${name}`);
    this.switch = new Switch(this.room, { start: () => this.start(true), stop: () => this.pull.stop(), last: props.last_seed });
    this.pull = new Pull(server, this.root, { heard: (answer, first) => this.take(answer, first), ended: (how) => this.ended(how) });
    this.word = kit.el("p", { class: "v-generate-word", role: "status", hidden: true });
    this.build();
    this.act.querySelector(this.empty).append(this.word);
    this.room.on("knobs", (change) => this.changed(change));
    this.room.on("show", () => this.arrive());
    this.connect();
    this.dress();
    this.arrive();
  }

  build() {}

  connect() {}

  dress() {}

  /** What is empty before there is a picture, and says why. @returns {string} */
  get empty() {
    return ".v-stage";
  }

  /** What a visitor has to do first. @returns {string} */
  get first() {
    return "widgets.generate.press";
  }

  /** @returns {boolean} */
  quick() {
    return false;
  }

  /**
   * @param {any} _answer
   * @param {boolean} _first
   */
  async heard(_answer, _first) {}

  came() {}

  halted() {}

  question() {
    return [{ ...this.room.knobs }];
  }

  async take(answer, first) {
    await this.heard(answer, first);
    this.made = true;
    this.speak(null);
  }

  /** Before there is anything to see: why not. @param {string | null} key */
  speak(key) {
    clearTimeout(this.speaking);
    const shown = Boolean(key) && !this.made;
    this.word.hidden = !shown;
    if (shown) this.word.setAttribute("data-t", key);
  }

  /** A visitor who comes to this act finds a picture, if it is quickly made. */
  arrive() {
    if (!this.stale || this.pull.running || !this.act.offsetParent) return;
    if (this.quick()) return this.start(false);
    this.switch.state(false, true);
    this.speak(this.first);
  }

  changed({ changed, origin }) {
    if (!this.props.fresh.some((name) => changed.has(name))) return;
    this.dress();
    this.outdated(origin);
  }

  /** What is shown is not what is asked any more: made anew when the hand rests, if that is quick. */
  outdated(origin) {
    this.stale = true;
    this.switch.state(this.pull.running, true);
    this.act.classList.toggle("v-generate-old", !this.quick()); // what still hangs there is dimmed
    clearTimeout(this.resting);
    if (origin === BY.DICE || !this.act.offsetParent) return;
    // A try says "go" itself.
    this.resting = setTimeout(() => this.stale && this.quick() && this.start(false), origin === BY.TRY ? 2 * REST : REST);
  }

  /** @param {boolean} plays the film is shown from its beginning while it is made; else its newest frame is */
  start(plays) {
    if (!this.act.offsetParent) return;
    clearTimeout(this.resting);
    this.plays = plays && !kit.reduced();
    this.stale = false;
    this.since = performance.now();
    this.switch.state(true, false);
    this.act.classList.remove("v-generate-old");
    this.speak(null);
    this.speaking = setTimeout(() => this.speak("widgets.generate.works"), SOON);
    this.pull.start(this.question());
  }

  async ended(how) {
    this.speak(how === "done" ? null : this.first);
    this.switch.state(false, this.stale || how !== "done");
    this.root.dataset.ended = how;
    kit.count(this.root, "runs");
    if (how === "done") return this.came();
    await this.pull.settled();
    if (!this.pull.running) this.halted();
  }
}

/** A film in the making: a canvas that takes the frames as they come, `rows` of pictures one under another. */
export class Reel {
  constructor({ total, w, h }, rows = 1, captions = []) {
    this.n = total;
    this.ready = 0;
    this.w = w;
    this.h = h;
    this.columns = total;
    this.captions = captions;
    this.source = kit.el("canvas", { width: total * w, height: rows * h });
  }

  async take({ n, sprite }) {
    if (!n) return;
    const image = await kit.load(sprite);
    this.source.getContext("2d").drawImage(image, this.ready * this.w, 0);
    this.ready += n;
  }
}

/** How often the network is asked for a picture without guidance, as `evaluations` in models/diffusion/denoising.py says. */
export const passes = (sampler, steps) => (sampler === "heun" ? 2 * steps - 1 : steps);
