// A pad to draw on; what the network gets is shown small beside it.
(() => {
  const { kit } = vernissage;
  const SIZE = 280;
  const SIDE = 28;
  const EVERY = 60; // ms between two sketches while the pen moves
  const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  class Sketch {
    constructor(element, props) {
      this.root = element.querySelector(".v-w-sketch");
      this.props = props;
      this.room = vernissage.room(props.room);
      this.box = props.box;
      this.tool = "pen";
      this.pen = { x: SIZE / 2, y: SIZE / 2, down: false };
      this.build();
      this.connect();
    }

    build() {
      this.pad = kit.el("canvas", {
        class: "v-sketch-pad", width: SIZE, height: SIZE, tabindex: "0", role: "application",
        "data-t-label": "widgets.sketch.name", "data-t-title": "widgets.sketch.hint",
      });
      this.cursor = kit.el("i", { class: "v-sketch-cursor", "aria-hidden": "true" });
      this.small = kit.el("canvas", {
        class: "v-sketch-small v-pixelated", width: SIDE, height: SIDE, role: "img",
        "data-t-label": "widgets.sketch.seen", "data-t-title": "widgets.sketch.seen",
      });
      this.penButton = kit.iconButton("pen", "widgets.sketch.pen", () => this.take("pen"), { "aria-pressed": "true" });
      this.eraser = kit.iconButton("eraser", "widgets.sketch.eraser", () => this.take("eraser"), { "aria-pressed": "false" });
      const clear = kit.iconButton("clear", "widgets.sketch.clear", () => this.clear());
      const tools = kit.el("div", { class: "v-sketch-tools" }, this.penButton, this.eraser, clear, this.small);
      const paper = kit.el("div", { class: "v-paper" }, kit.el("div", { class: "v-sketch-field" }, this.pad, this.cursor));
      this.root.replaceChildren(paper, tools);
      this.ink = this.pad.getContext("2d", { willReadFrequently: true });
      Object.assign(this.ink, { lineCap: "round", lineJoin: "round", lineWidth: this.props.pen, shadowColor: "#000" });
    }

    connect() {
      kit.drag(this.pad, {
        start: (event) => {
          this.place(event);
          this.line(this.pen, this.pen);
        },
        move: (event) => {
          // A fast hand makes several points a frame; all of them belong to the line.
          const events = event.getCoalescedEvents?.() ?? [];
          for (const point of events.length ? events : [event]) {
            const before = { ...this.pen };
            this.place(point);
            this.line(before, this.pen);
          }
        },
        end: () => this.tell(),
      });
      this.pad.addEventListener("keydown", (event) => this.key(event));
      this.room.on(`${this.props.id}.clear`, () => this.clear());
      this.room.on(`${this.props.id}.draw`, (data) => this.draw(data));
      this.room.on(`${this.props.id}.box`, (box) => (this.box = box));
    }

    place(event) {
      const { x, y } = kit.within(this.pad, event);
      Object.assign(this.pen, { x: x * SIZE, y: y * SIZE });
    }

    line(from, to) {
      const { ink } = this;
      const erases = this.tool === "eraser";
      ink.globalCompositeOperation = erases ? "destination-out" : "source-over";
      ink.lineWidth = this.props.pen * (erases ? 1.6 : 1);
      ink.shadowBlur = erases ? 0 : 5;
      ink.beginPath();
      ink.moveTo(from.x, from.y);
      ink.lineTo(to.x + 0.01, to.y); // a line of no length would leave no dot
      ink.stroke();
      this.soon();
    }

    /** Arrow keys move the pen, Space lowers and lifts it, Delete clears. */
    key(event) {
      if (event.key === "Delete" || event.key === "Backspace") this.clear();
      else if (event.key === " ") this.lower();
      else if (event.key in STEPS) this.walk(STEPS[event.key], event.shiftKey ? 3 : 1);
      else return;
      event.preventDefault();
    }

    lower() {
      this.pen.down = !this.pen.down;
      if (this.pen.down) this.line(this.pen, this.pen);
      this.show();
    }

    walk([dx, dy], times) {
      const before = { ...this.pen };
      const step = (SIZE / SIDE) * times;
      this.pen.x = kit.clamp(this.pen.x + dx * step, 0, SIZE);
      this.pen.y = kit.clamp(this.pen.y + dy * step, 0, SIZE);
      if (this.pen.down) this.line(before, this.pen);
      this.show();
    }

    show() {
      this.cursor.style.left = `${(this.pen.x / SIZE) * 100}%`;
      this.cursor.style.top = `${(this.pen.y / SIZE) * 100}%`;
      this.cursor.classList.toggle("v-down", this.pen.down);
    }

    take(tool) {
      this.tool = tool;
      this.penButton.setAttribute("aria-pressed", String(tool === "pen"));
      this.eraser.setAttribute("aria-pressed", String(tool === "eraser"));
    }

    clear() {
      this.ink.clearRect(0, 0, SIZE, SIZE);
      this.pen.down = false;
      this.take("pen");
      this.show();
      this.tell();
    }

    /** A drawing from outside: shapes as `kit.drawShapes` takes them, in place of what was there. */
    draw({ shapes }) {
      this.ink.clearRect(0, 0, SIZE, SIZE);
      this.ink.shadowBlur = 5;
      kit.drawShapes(this.ink, SIZE, shapes, this.props.pen / SIZE);
      this.ink.globalCompositeOperation = "source-over";
      this.tell(true);
    }

    soon() {
      this.timer ??= setTimeout(() => this.tell(), EVERY);
    }

    tell(given = false) {
      clearTimeout(this.timer);
      this.timer = undefined;
      const alpha = this.ink.getImageData(0, 0, SIZE, SIZE).data.filter((_, i) => i % 4 === 3);
      const pixels = kit.toPixels(alpha, SIZE, this.box);
      const empty = pixels.every((value) => value === 0);
      this.preview(pixels);
      kit.emit(this.room, this.props.id, { pixels, empty, given });
    }

    preview(pixels) {
      const data = new ImageData(SIDE, SIDE);
      pixels.forEach((value, i) => data.data.set([255 - value, 255 - value, 255 - value, 255], i * 4));
      this.small.getContext("2d").putImageData(data, 0, 0);
    }
  }

  vernissage.widget("sketch", Sketch);
})();
