// The visitor's photo, or a sample face: chosen, dropped, pasted or taken; framed; sent; kept in this browser only.
import { call } from "gallery/shell/calls.js";
import { notice } from "gallery/shell/page.js";
import { getRoom } from "gallery/shell/rooms.js";
import { sentence } from "gallery/shell/words.js";
import { Camera } from "gallery/widgets/_camera.js";
import { Crop } from "gallery/widgets/_crop.js";
import * as kit from "gallery/widgets/_kit.js";
import { Memory } from "gallery/widgets/_memory.js";

const LONGEST = 1600; // px; larger photos are made smaller here
const HEAVY = 1_500_000; // bytes; heavier files are encoded anew here
const KEPT = 6;

const readFile = (file) => new Promise((resolve, reject) => {
  const reader = new FileReader();
  reader.onload = () => resolve(reader.result);
  reader.onerror = () => reject(reader.error);
  reader.readAsDataURL(file);
});

/** A photo as a JPEG data URL of at most LONGEST pixels a side; drawing it turns it upright. */
function shrink(source, width, height) {
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  const canvas = kit.el("canvas", { width: Math.round(width * scale), height: Math.round(height * scale) });
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/jpeg", 0.92);
}

export default class Photo {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   * @param {Server} server
   */
  constructor(element, props, server) {
    this.root = kit.rootOf(element);
    this.props = props;
    this.server = server;
    this.photo = null;
    this.order = 0;
    this.samples = [];
    this.room = getRoom(props.room);
    this.memory = new Memory(KEPT);
    this.build();
    this.connect();
    this.showRecent();
    this.loadSamples();
  }

  build() {
    this.input = kit.el("input", { type: "file", accept: "image/*", class: "v-unseen", tabindex: "-1", "aria-hidden": "true" });
    const button = (icon, key, onclick) =>
      kit.el("button", { type: "button", class: "v-button", onclick }, kit.icon(icon), kit.el("span", { "data-t": key }));
    const bar = kit.el("div", { class: "v-photo-bar" },
      button("upload", "widgets.photo.choose", () => this.input.click()),
      button("camera", "widgets.photo.camera", () => this.shoot()), this.input);
    this.start = kit.el("div", { class: "v-photo-start" }, bar, kit.el("p", { "data-t": "widgets.photo.drop" }));
    this.stage = kit.el("div", { class: "v-photo-stage", hidden: true });
    this.sampleStrip = kit.el("div", { class: "v-photo-strip", role: "group", "data-t-label": "widgets.photo.samples" });
    this.recentStrip = kit.el("div", { class: "v-photo-strip", role: "group", "data-t-label": "widgets.photo.recent" });
    this.root.replaceChildren(this.sampleStrip, this.start, this.stage, this.recentStrip);
  }

  connect() {
    this.input.addEventListener("change", () => {
      if (this.input.files[0]) this.open(this.input.files[0]);
      this.input.value = "";
    });
    this.root.addEventListener("dragover", (event) => {
      event.preventDefault();
      this.root.classList.add("v-photo-over");
    });
    this.root.addEventListener("dragleave", () => this.root.classList.remove("v-photo-over"));
    this.root.addEventListener("drop", (event) => {
      event.preventDefault();
      this.root.classList.remove("v-photo-over");
      if (event.dataTransfer.files[0]) this.open(event.dataTransfer.files[0]);
    });
    document.addEventListener("paste", (event) => this.paste(event));
    // A picture may also come from elsewhere in the room: then no sample is the chosen one.
    this.room.on(this.props.id, ({ sample }) => sample || this.press(null));
    this.room.on("knobs", ({ changed, origin }) => {
      if (this.props.knob && changed.has(this.props.knob) && origin !== this.props.id) this.takeKnob();
    });
  }

  /** A picture in the clipboard is meant for the photo that is on the screen. */
  paste(event) {
    const item = [...(event.clipboardData?.items ?? [])].find(({ type }) => type.startsWith("image/"));
    if (!item || !this.root.isConnected || !this.root.offsetParent) return;
    event.preventDefault();
    this.open(item.getAsFile());
  }

  async open(file) {
    let url = await readFile(file).catch(() => null);
    if (!url) return notice(sentence("widgets.photo.unreadable"), "error");
    // What this browser cannot decode (TIFF, say) goes to the server as it is.
    const image = await kit.load(url).catch(() => null);
    const large = image && Math.max(image.naturalWidth, image.naturalHeight) > LONGEST;
    if (image && (large || file.size > HEAVY)) url = shrink(image, image.naturalWidth, image.naturalHeight);
    this.take(url);
  }

  shoot() {
    this.stage.hidden = false;
    this.start.hidden = true;
    const camera = new Camera(this.stage, {
      taken: (canvas) => this.take(shrink(canvas, canvas.width, canvas.height)),
      closed: () => this.clearStage(),
    });
    camera.open();
  }

  clearStage() {
    this.stage.replaceChildren();
    this.stage.hidden = true;
    this.start.hidden = false;
  }

  async take(url) {
    this.photo = url;
    if (await this.ask(null)) {
      await this.memory.add(url);
      this.showRecent();
    }
  }

  /** Sends the photo, with a square or without; the answer says whether one has to be chosen. */
  async ask(crop) {
    const order = ++this.order;
    this.root.classList.add("v-photo-asks");
    let answer = null;
    try {
      answer = await call(this.server, "open", [this.photo, crop]);
    } catch (error) {
      // `call` has already told the visitor.
    }
    if (order !== this.order) return false; // another photo was chosen meanwhile
    this.root.classList.remove("v-photo-asks");
    if (!answer) return false;
    if (!crop) await this.showCrop(answer);
    else this.said.setAttribute("data-t", "widgets.photo.framed");
    if (answer.face) this.tell(answer);
    return true;
  }

  /** The photo with its square: asked for where no single face was found, offered otherwise. */
  async showCrop({ boxes = [], how, photo }) {
    const image = await kit.load(photo ?? this.photo).catch(() => null);
    if (!image) return this.clearStage();
    this.crop = new Crop(image, boxes, () => this.ask(this.crop.box));
    const key = how === "choose" ? (boxes.length ? "widgets.photo.choose_face" : "widgets.photo.no_face") : "widgets.photo.found";
    const close = kit.iconButton("clear", "widgets.photo.another", () => this.clearStage());
    this.said = kit.el("p", { role: "status", "data-t": key });
    const take = kit.el("button", { type: "button", class: "v-button", "data-t": "widgets.photo.take", onclick: () => { take.remove(); this.ask(this.crop.box); } });
    this.stage.replaceChildren(kit.el("div", { class: "v-photo-say" }, this.said, how === "choose" ? take : null, close), this.crop.node);
    this.stage.hidden = false;
    this.start.hidden = true;
    if (how === "choose") this.crop.frame.focus({ preventScroll: true });
  }

  tell(answer) {
    if (this.props.knob) this.room.set({ [this.props.knob]: this.props.own }, this.props.id);
    kit.emit(this.room, this.props.id, answer);
  }

  async loadSamples() {
    if (!this.server.samples) return;
    const { samples } = await call(this.server, "samples", []).catch(() => ({ samples: [] }));
    this.samples = samples;
    const buttons = samples.map((sample) => this.thumb(sample.image, sample.name, () => this.sample(sample)));
    this.sampleStrip.replaceChildren(...buttons);
    this.takeKnob();
  }

  /** A small picture to press; its name is read aloud and is its tooltip. */
  thumb(url, { key, args }, onclick) {
    const image = kit.el("img", { src: url, alt: "", width: 52, height: 52 });
    return kit.el("button", { type: "button", class: "v-photo-thumb", "data-t-label": key, "data-t-title": key, "data-t-args": JSON.stringify(args ?? {}), "aria-pressed": "false", onclick }, image);
  }

  /** What the knob names: a sample, or the latest photo that this browser keeps; without a knob, the first sample. */
  async takeKnob() {
    const { knob, own } = this.props;
    const wanted = knob ? String(this.room.knobs[knob]) : undefined;
    const [latest] = wanted === own ? await this.memory.all().catch(() => []) : [];
    if (latest) return this.take(latest);
    // A link to somebody else's photo shows the first sample: the photo never left that browser.
    if (wanted === own && this.samples.length) return this.sample(this.samples[0]);
    // A knob may also name a face that is none of the samples: then another widget brings it.
    const sample = knob ? this.samples.find(({ id }) => String(id) === wanted) : this.samples[0];
    if (sample) this.sample(sample);
    else this.press(null);
  }

  sample(sample) {
    this.order += 1; // an answer about a photo that is still on its way is not wanted any more
    this.root.classList.remove("v-photo-asks");
    this.clearStage();
    this.press(sample);
    if (this.props.knob) this.room.set({ [this.props.knob]: sample.id }, this.props.id);
    kit.emit(this.room, this.props.id, { ...sample, face: sample.image, sample: sample.id, how: "sample", boxes: [] });
  }

  press(sample) {
    [...this.sampleStrip.children].forEach((button, i) => button.setAttribute("aria-pressed", String(this.samples[i] === sample)));
  }

  async showRecent() {
    const urls = await this.memory.all().catch(() => []);
    const thumbs = urls.map((url, i) => this.thumb(url, { key: "widgets.photo.again", args: { n: i + 1 } }, () => this.take(url)));
    const forget = kit.el("button", {
      type: "button", class: "v-photo-forget", "data-t": "widgets.photo.forget", "data-t-title": "widgets.photo.kept",
      onclick: () => this.forget(),
    });
    this.recentStrip.replaceChildren(...(urls.length ? [...thumbs, forget] : []));
  }

  async forget() {
    await this.memory.forget();
    this.clearStage();
    await this.showRecent();
    notice(sentence("widgets.photo.forgotten"));
  }
}
