// From noise to picture: pulls the film from the server and tells the room which of its moments is shown.
"use strict";
(() => {
  const { kit } = vernissage;
  const REST = 200; // ms; a film follows the knobs when the hand rests
  const SUBSCRIPT = "₀₁₂₃₄₅₆₇₈₉";
  const DICE = '<path d="M3 3h10v10H3z"/><path d="M5.7 5.7h.01M10.3 5.7h.01M8 8h.01M5.7 10.3h.01M10.3 10.3h.01" stroke-width="1.8"/>';

  /** A number as an index: 950 to ₉₅₀. */
  const low = (n) => [...String(n)].map((digit) => SUBSCRIPT[digit]).join("");
  /** Three figures that count, as many decimals as they need. */
  const figure = (x) => vernissage.number(x, Math.abs(x) < 10 ? 3 : Math.abs(x) < 100 ? 1 : 0);

  function dice(onclick) {
    const button = kit.iconButton("reset", "diffusion.dice", onclick, { class: "v-icon-button v-diff-dice" });
    button.querySelector("svg").innerHTML = DICE;
    return button;
  }

  /** Start and stop, the seed and its die: what both acts that generate have above their pictures. */
  class Switch {
    constructor(room, { start, stop, last }) {
      Object.assign(this, { room });
      this.go = kit.el("button", {
        type: "button", class: "v-button v-diff-go", onclick: () => (this.running ? stop() : start()),
      }, kit.el("span", { "data-t": "diffusion.go" }));
      this.seed = kit.el("input", {
        type: "number", class: "v-diff-seed", min: "0", max: String(last), step: "1", "data-t-label": "diffusion.seed", "data-t-title": "diffusion.seed",
      });
      this.seed.addEventListener("change", () => {
        room.set({ seed: Number(this.seed.value) || 0 }, "seed");
        this.show();
      });
      const roll = () => {
        room.set({ seed: Math.floor(Math.random() * (last + 1)) }, "dice");
        start();
      };
      this.node = kit.el("div", { class: "v-diff-switch" }, this.go, kit.el("span", { class: "v-diff-seeds" }, this.seed, dice(roll)));
      room.on("knobs", () => this.show());
      this.show();
    }

    show() {
      this.seed.value = String(this.room.knobs.seed);
    }

    state(running, stale) {
      this.running = running;
      this.go.firstChild.setAttribute("data-t", running ? "diffusion.stop" : "diffusion.go");
      this.go.classList.toggle("v-diff-stale", stale && !running);
    }
  }

  class Reverse {
    constructor(element, props, server) {
      this.root = element.querySelector(".v-w-diffusion-reverse");
      Object.assign(this, { props, room: vernissage.room(props.room), film: null, plays: false, stale: true });
      this.act = document.getElementById(`act-${props.room}-reverse`);
      this.switch = new Switch(this.room, { start: () => this.start(true), stop: () => this.pull.stop(), last: props.last_seed });
      this.root.replaceChildren(this.switch.node);
      this.pull = new kit.Pull(server, this.root, { heard: (answer, first) => this.heard(answer, first), ended: (how) => this.ended(how) });
      this.connect();
      this.dress();
      this.arrive();
    }

    /** A visitor who comes to this act finds a picture, if it is quickly made. */
    arrive() {
      if (this.stale && !this.pull.running && this.act.offsetParent && this.quick()) this.start(false);
    }

    connect() {
      const { room } = this;
      room.on("knobs", (change) => this.changed(change));
      room.on("show", () => this.arrive());
      room.on("go", () => this.start(true));
      room.on("reverse.frame", (frame) => this.seen(frame));
      vernissage.on("lang", () => this.last && this.seen(this.last));
    }

    /** What the style sheet must know: which controls belong to the model, which formula to the sampler. */
    dress() {
      const { knobs } = this.room;
      const asked = knobs.model === "faces" ? knobs.mood !== "any" || knobs.who !== "any" : knobs.garment !== "any";
      for (const act of document.querySelectorAll(`[id^="act-${this.props.room}-"]`)) {
        Object.assign(act.dataset, { model: knobs.model, sampler: knobs.sampler.replaceAll("+", "p"), asked: asked ? "yes" : "no" });
      }
    }

    /** Whether the film is made in a moment, so that it can follow the knobs by itself. */
    quick() {
      const { steps, count, sampler, w } = this.room.knobs;
      const both = this.act.dataset.asked === "yes" && w !== 1 && w !== 0;
      return steps * count * (sampler === "heun" ? 2 : 1) * (both ? 2 : 1) <= this.props.quick;
    }

    changed({ changed, origin }) {
      if (!this.props.fresh.some((name) => changed.has(name))) return;
      this.dress();
      this.stale = true;
      this.switch.state(this.pull.running, true);
      clearTimeout(this.resting);
      if (origin === "dice" || !this.act.offsetParent) return;
      // A try says "go" itself.
      this.resting = setTimeout(() => this.stale && this.quick() && this.start(false), origin === "try" ? 2 * REST : REST);
    }

    /** plays: the film is shown from its beginning while it is made; else its newest frame is. */
    start(plays) {
      clearTimeout(this.resting);
      Object.assign(this, { plays: plays && !kit.reduced(), stale: false, since: performance.now() });
      this.switch.state(true, false);
      this.pull.start([{ ...this.room.knobs }]);
    }

    async heard(answer, first) {
      if (first) this.begin(answer);
      const { film } = this;
      if (answer.n) {
        const source = await kit.load(answer.sprite);
        film.source.getContext("2d").drawImage(source, film.ready * film.w, 0);
        film.ready += answer.n;
      }
      this.told = { ...this.told, seconds: answer.seconds, taken: answer.taken };
      kit.emit(this.room, "reverse.told", this.told);
      const index = this.plays ? (first ? 0 : undefined) : film.ready - 1;
      kit.emit(this.room, "film", { id: "reverse", ...film, index });
      if (first) {
        performance.measure("denoise-first", { start: this.since, end: performance.now() });
        if (this.plays) this.room.emit("reverse.play", {});
      }
    }

    begin(answer) {
      const { w, h, total } = answer;
      this.frames = answer.frames;
      this.told = { ...answer, ...this.room.knobs };
      const captions = answer.frames.map(({ t }) => ({ key: "diffusion.film.t", args: { t } }));
      const source = kit.el("canvas", { width: total * w, height: 3 * h });
      this.film = { source, n: total, ready: 0, w, h, columns: total, captions };
      this.act.querySelector(".v-diff-trio").classList.toggle("v-diff-one", Number(this.room.knobs.count) === 1);
    }

    ended(how) {
      this.switch.state(false, this.stale || how !== "done");
      this.root.dataset.ended = how;
      this.root.dataset.runs = Number(this.root.dataset.runs ?? 0) + 1;
      if (how === "done") performance.measure("denoise-last", { start: this.since, end: performance.now() });
    }

    /** The film shows a frame: its three pictures, its place on the schedule, the numbers of the step that follows. */
    seen(frame) {
      this.last = frame;
      const moment = this.frames?.[frame.index];
      if (!moment || !this.film) return;
      const { image, since } = frame;
      const row = (n) => ({ ...image, y: n * image.h });
      kit.emit(this.room, "reverse.seen", {
        x: row(0), x0: row(1), epsilon: row(2), since, t: moment.t, step: moment.step,
        said: this.said(moment), numbers: this.numbers(moment),
      });
    }

    said({ t, s, step }) {
      const { steps } = this.told;
      return t ? { key: "diffusion.step.from", args: { step: step + 1, steps, t, s } } : { key: "diffusion.step.end", args: {} };
    }

    numbers({ t, s, numbers }) {
      if (!t) return { key: "diffusion.filled.end", args: {} };
      const filled = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, figure(value)]));
      return { key: this.told.filled, args: { ...filled, low_t: low(t), low_s: low(s) } };
    }
  }

  kit.diffusionSwitch = (room, options) => new Switch(room, options);
  vernissage.widget("diffusion-reverse", Reverse);
})();
