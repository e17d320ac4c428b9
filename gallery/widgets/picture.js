// What comes out: one picture on paper, or two side by side, with its plaque and a save button.
import { notice, on } from "gallery/shell/page.js";
import { getRoom } from "gallery/shell/rooms.js";
import { sentence } from "gallery/shell/words.js";
import * as kit from "gallery/widgets/_kit.js";

const DIM_AFTER = 160; // ms; a quicker answer never dims the old picture
const SPEAK_AFTER = 900; // ms; a card that stays empty so long says why
const LARGEST = 1200; // px; a picture that is large already is not enlarged beyond
const SAVED_SIDE = 512; // a small pixelated picture is enlarged to this before it is saved

/** One sheet: a canvas that shows the newest picture of its events. */
class Sheet {
  constructor(owner, { field, alt, caption }) {
    this.owner = owner;
    this.field = field;
    this.alt = alt;
    this.asked = 0;
    this.shown = 0;
    this.canvas = kit.el("canvas", { class: "v-sheet v-dims", role: "img", width: 1, height: 1 });
    this.canvas.classList.toggle("v-pixelated", owner.props.pixelated);
    this.said = caption?.startsWith("@") ? caption.slice(1) : null;
    this.caption = caption ? kit.el("figcaption", this.said ? {} : { "data-t": caption }) : null;
    this.node = kit.el("figure", { class: "v-figure" }, this.canvas, this.caption);
  }

  /** Takes the data's picture: a data URL, grey pixels {grey, w, h}, or a part of a sprite {source, x, y, w, h}. */
  take(data) {
    const picture = data[this.field];
    if (!picture) return;
    this.data = data;
    if (picture.grey) return this.draw(kit.pixels(picture), data);
    if (typeof picture !== "string") return this.draw(picture, data);
    const order = ++this.asked;
    kit.load(picture).then((source) => {
      if (order < this.shown) return; // a newer picture was quicker
      this.shown = order;
      this.draw({ source, x: 0, y: 0, w: source.naturalWidth, h: source.naturalHeight }, data);
    }).catch(() => notice(sentence("widgets.picture.unreadable"), "error"));
  }

  draw({ source, x, y, w, h }, data) {
    const times = Math.max(1, Math.min(this.owner.props.enlarge, Math.floor(LARGEST / w)));
    const [width, height] = [w * times, h * times];
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
    const context = this.canvas.getContext("2d");
    context.imageSmoothingQuality = "high"; // cubic; what CSS does when it enlarges is linear and shows the pixels' net
    context.clearRect(0, 0, width, height); // a picture may be clear in places
    context.drawImage(source, x, y, w, h, 0, 0, width, height);
    this.node.classList.add("v-filled");
    this.name();
    this.owner.drawn(data);
  }

  name() {
    const args = kit.spoken({ ...this.owner.room.knobs, ...kit.plain(this.data ?? {}) }, this.owner.props.digits);
    this.canvas.setAttribute("aria-label", sentence(this.alt, args));
    if (this.said) this.caption.textContent = kit.say(this.data?.[this.said] ?? "");
  }

  /** The picture on a canvas of a size that can be shown again. */
  copy() {
    const { width, height } = this.canvas;
    const times = this.owner.props.pixelated ? Math.max(1, Math.ceil(SAVED_SIDE / Math.max(width, height))) : 1;
    const copy = kit.el("canvas", { width: width * times, height: height * times });
    const context = copy.getContext("2d");
    context.imageSmoothingEnabled = false;
    context.drawImage(this.canvas, 0, 0, copy.width, copy.height);
    return copy;
  }
}

export default class Picture {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   */
  constructor(element, props) {
    this.root = kit.rootOf(element);
    this.props = props;
    this.room = getRoom(props.room);
    this.root.dataset.frames = "0";
    this.sheets = props.sheets.map((sheet) => new Sheet(this, sheet));
    this.build();
    this.connect();
  }

  build() {
    const save = this.props.save
      ? kit.iconButton("save", "widgets.picture.save", () => this.save(), { class: "v-icon-button v-picture-save" })
      : null;
    const pictures = kit.el("div", { class: "v-figures" }, ...this.sheets.map((sheet) => sheet.node));
    this.root.style.setProperty("--sheets", this.sheets.length);
    this.lines = this.props.plaque.map(() => kit.el("p"));
    const lines = kit.el("div", { class: "v-lines" }, ...this.lines);
    this.word = kit.el("p", { class: "v-picture-word", role: "status", "data-t": "widgets.picture.coming", hidden: true });
    this.root.replaceChildren(kit.el("div", { class: "v-paper" }, pictures, this.word, save), this.lines.length ? lines : "");
    this.sheets.forEach((sheet) => sheet.name());
  }

  connect() {
    for (const event of this.props.events) {
      kit.listen(this.room, event, (data) => this.sheets.forEach((sheet) => sheet.take(data)));
      const source = event.replace(/\.answer$/, "");
      if (source === event) continue;
      this.room.on(`${source}.ask`, () => this.wait());
      this.room.on(`${source}.failed`, () => this.waited());
    }
    on("lang", () => {
      this.sheets.forEach((sheet) => sheet.name());
      this.write();
    });
  }

  wait() {
    this.timer ??= setTimeout(() => this.dim(true), DIM_AFTER);
    if (!this.data) this.speaking ??= setTimeout(() => { this.word.hidden = false; }, SPEAK_AFTER);
  }
  waited() {
    clearTimeout(this.timer);
    clearTimeout(this.speaking);
    this.timer = this.speaking = undefined;
    this.word.hidden = true;
    this.dim(false);
  }
  dim(on) {
    this.sheets.forEach((sheet) => sheet.canvas.classList.toggle("v-waiting", on));
  }

  /** After a picture is on the canvas: the time since the hand moved is measured, the plaque written. */
  drawn(data) {
    this.waited();
    this.data = data;
    if (data.since !== undefined) performance.measure("plane.frame", { start: data.since, end: performance.now() });
    kit.count(this.root, "frames");
    this.write();
  }

  write() {
    if (!this.data) return;
    const args = kit.spoken({ ...this.room.knobs, ...this.data.asked, ...kit.plain(this.data) }, this.props.digits);
    this.props.plaque.forEach((key, i) => this.lines[i].replaceChildren(...kit.rich(key.startsWith("@") ? kit.say(this.data[key.slice(1)]) : sentence(key, args))));
  }

  async save() {
    if (!this.data) return;
    const copies = this.sheets.map((sheet) => sheet.copy()); // as it is now, whatever comes meanwhile
    const { marked } = await import("gallery/widgets/_mark.js");
    copies.forEach((copy, i) => {
      const name = i ? `${this.props.room}-${i + 1}` : this.props.room;
      kit.save(marked(copy, this.room).toDataURL("image/png"), kit.fileName(name, this.room, "png"));
    });
  }
}
