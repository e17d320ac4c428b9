// The visitor's photo, or a sample face: chosen, dropped, pasted or taken; framed; sent; kept in this browser only.
import { call } from "gallery/shell/calls.js";
import { notice } from "gallery/shell/page.js";
import { getRoom } from "gallery/shell/rooms.js";
import { sentence } from "gallery/shell/words.js";
import { tellFace } from "gallery/widgets/_faces.js";
import * as kit from "gallery/widgets/_kit.js";
import { photos } from "gallery/widgets/_memory.js";
import { takesPaste } from "gallery/widgets/_paste.js";

const PORTRAIT = "widgets.photo.portrait"; // the one sample that is a photograph of somebody

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
    this.own = false;
    this.place = `${props.room}.${props.id}`; // in the memory
    takesPaste(this);
    this.build();
    this.connect();
    this.showRecent();
    if (props.knob && this.room.knobs[props.knob] === props.own) this.takeKnob();
    this.loadSamples();
  }

  /** Whether what is shown is the visitor's own: that does not travel in a link. */
  set mine(own) {
    this.own = own;
    this.room.stay(this.root, own && this.props.knob ? "widgets.photo.own_stays" : null, true);
  }

  /** @param {import("gallery/widgets/_faces.js").Face} face */
  real(face) {
    const act = this.props.knob && this.room.specs[this.props.knob].act;
    tellFace(this.room, this.root, this.props.generates ? face : "", act);
  }

  get mine() {
    return this.own;
  }

  build() {
    this.input = kit.el("input", { type: "file", accept: "image/*,.heic,.heif", class: "v-unseen", tabindex: "-1", "aria-hidden": "true" });
    const button = (icon, key, onclick) =>
      kit.el("button", { type: "button", class: "v-button", onclick }, kit.icon(icon), kit.el("span", { "data-t": key }));
    const bar = kit.el("div", { class: "v-photo-bar" },
      button("upload", "widgets.photo.choose", () => this.input.click()),
      button("camera", "widgets.photo.camera", () => this.shoot()), this.input);
    this.start = kit.el("div", { class: "v-photo-start" }, bar, kit.el("p", { "data-t": "widgets.photo.drop" }), kit.el("p", { class: "v-photo-kept", "data-t": "widgets.photo.alone" }));
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
    this.room.on(this.props.id, (answer) => this.telling || this.brought(answer));
    this.room.on("knobs", ({ changed, origin }) => {
      if (this.props.knob && changed.has(this.props.knob) && origin !== this.props.id) this.takeKnob();
    });
    photos.on((forgotten) => {
      if (forgotten) this.forgotten();
      this.showRecent();
    });
  }

  open(file) {
    const order = ++this.order;
    const refused = ({ key = "page.failed", args }) => void notice(sentence(key, args), "error");
    const ready = import("gallery/widgets/_formats.js").then(({ portable }) => portable(file));
    this.opening = ready.then((url) => order === this.order && this.take(url), refused);
  }

  /** What opens and frames photos, and the camera, come when somebody wants them: most who open a page do not. */
  async shoot() {
    const order = ++this.order;
    const code = await Promise.all([import("gallery/widgets/_camera.js"), import("gallery/widgets/_formats.js")]).catch(() => notice(sentence("page.failed"), "error"));
    if (!code || order !== this.order) return;
    const [{ Camera }, { drawn }] = code;
    this.clearStage();
    this.stage.hidden = false;
    this.start.hidden = true;
    this.camera = new Camera(this.stage, { taken: (canvas) => this.take(drawn(canvas)), closed: () => this.clearStage() });
    this.camera.open();
  }

  clearStage() {
    const { camera } = this;
    this.camera = null;
    camera?.close();
    this.stage.replaceChildren();
    this.stage.hidden = true;
    this.start.hidden = false;
  }

  /** Resolves to whether the photo was taken. */
  take(url) {
    return (this.opening = this.taken(url));
  }

  async taken(url) {
    this.clearStage();
    this.photo = url;
    const known = await this.ask(null);
    if (known) await photos.add(this.photo);
    return known;
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
    this.photo = answer.photo ?? this.photo; // what this browser cannot show comes back as a picture that it can
    if (!crop) await this.showCrop(answer);
    else this.said.setAttribute("data-t", "widgets.photo.framed");
    if (answer.face) this.tell(answer, crop);
    else await this.crop?.again(this.photo, () => order === this.order);
    return true;
  }

  /** The photo with its square: asked for where no single face was found, offered otherwise. Its code comes with it. */
  async showCrop({ boxes = [], how }) {
    const failed = () => void notice(sentence("page.failed"), "error");
    const [image, code] = await Promise.all([kit.load(this.photo).catch(() => null), import("gallery/widgets/_crop.js").catch(failed)]);
    if (!image || !code) return this.clearStage();
    this.crop = new code.Crop(image, boxes, () => this.ask(this.crop.box));
    const key = how === "choose" ? (boxes.length ? "widgets.photo.choose_face" : "widgets.photo.no_face") : "widgets.photo.found";
    const close = kit.iconButton("clear", "widgets.photo.another", () => this.clearStage());
    this.said = kit.el("p", { role: "status", "data-t": key });
    const take = kit.el("button", { type: "button", class: "v-button", "data-t": "widgets.photo.take", onclick: () => { take.remove(); this.ask(this.crop.box); } });
    const kept = kit.el("p", { "data-t": "widgets.photo.kept" });
    this.stage.replaceChildren(kit.el("div", { class: "v-photo-say" }, this.said, how === "choose" ? take : null, close, kept), this.crop.node);
    this.stage.hidden = false;
    this.start.hidden = true;
    if (how === "choose") this.crop.frame.focus({ preventScroll: true });
  }

  /** The visitor's own face, and where it was found: this browser finds it again. */
  tell(answer, box = null) {
    if (this.props.knob) this.room.set({ [this.props.knob]: this.props.own }, this.props.id);
    this.real("own");
    this.say(answer);
    this.mine = true;
    photos.choose(this.place, { url: this.photo, box, answer });
  }

  say(answer) {
    this.telling = true;
    kit.emit(this.room, this.props.id, answer);
    this.telling = false;
  }

  /** A picture may also come from elsewhere in the room: then no sample is the chosen one. */
  brought(answer) {
    this.order += 1;
    this.clearStage();
    this.mine = !answer.sample;
    if (answer.sample) return;
    this.real("");
    this.press(null);
    photos.choose(this.place, { url: null, box: null, answer });
  }

  /** As it was before the page was opened anew. */
  async restore({ url, box, answer }) {
    this.order += 1;
    this.mine = true;
    this.real(url ? "own" : "");
    this.photo = url;
    this.press(null);
    this.clearStage();
    if (url) await this.showCrop(answer);
    if (url && box) this.crop.set(box);
    this.say(answer);
  }

  async loadSamples() {
    if (!this.server.samples) return;
    const { samples } = await call(this.server, "samples", []).catch(() => ({ samples: [] }));
    this.samples = samples;
    const buttons = samples.map((sample) => this.thumb(sample.image, sample.name, () => this.sample(sample)));
    this.sampleStrip.replaceChildren(...buttons);
    if (!(await this.opening)) this.takeKnob(); // else a photo was quicker than they
  }

  /** A small picture to press; its name is read aloud and is its tooltip. */
  thumb(url, { key, args }, onclick) {
    const image = kit.el("img", { src: url, alt: "", width: 52, height: 52 });
    return kit.el("button", { type: "button", class: "v-photo-thumb", "data-t-label": key, "data-t-title": key, "data-t-args": JSON.stringify(args ?? {}), "aria-pressed": "false", onclick }, image);
  }

  /** What the knob names: a sample, or a photo that this browser keeps; without a knob, the first sample. */
  async takeKnob() {
    const { knob, own } = this.props;
    const wanted = knob ? String(this.room.knobs[knob]) : undefined;
    if (wanted === own) return this.mine || this.takeOwn();
    // A knob may also name a face that is none of the samples: then another widget brings it.
    const sample = knob ? this.samples.find(({ id }) => String(id) === wanted) : this.samples[0];
    if (sample) return this.sample(sample);
    this.mine = false;
    this.real("");
    this.press(null);
  }

  /** What this place showed before, or else the latest photo; in a browser that keeps none, a sample in its stead. */
  async takeOwn() {
    const { knob, own } = this.props;
    const [before, [latest]] = await Promise.all([photos.chosen(this.place), photos.all()]);
    if (this.mine || String(this.room.knobs[knob]) !== own) return;
    if (before) return this.restore(before);
    if (latest) return this.take(latest);
    if (this.usual) this.sample(this.usual);
    if (this.usual && this.root.offsetParent) notice(sentence("widgets.photo.stays"));
  }

  /** The sample that is shown where nobody has chosen. */
  get usual() {
    const { knob } = this.props;
    const named = knob && this.samples.find(({ id }) => String(id) === String(this.room.specs[knob].default));
    return named || this.samples[0];
  }

  sample(sample) {
    this.order += 1; // an answer about a photo that is still on its way is not wanted any more
    this.root.classList.remove("v-photo-asks");
    this.clearStage();
    this.press(sample);
    this.mine = false;
    this.real(sample.name.key === PORTRAIT ? "portrait" : "");
    if (this.props.knob) this.room.set({ [this.props.knob]: sample.id }, this.props.id);
    this.say({ ...sample, face: sample.image, sample: sample.id, how: "sample", boxes: [] });
  }

  press(sample) {
    [...this.sampleStrip.children].forEach((button, i) => button.setAttribute("aria-pressed", String(this.samples[i] === sample)));
  }

  async showRecent() {
    const urls = await photos.all();
    const thumbs = urls.map((url, i) => this.thumb(url, { key: "widgets.photo.again", args: { n: i + 1 } }, () => this.take(url)));
    const away = () => photos.forget().then(() => notice(sentence("widgets.photo.forgotten")));
    const forget = kit.el("button", { type: "button", class: "v-photo-forget", "data-t": "widgets.photo.forget", onclick: away });
    this.recentStrip.replaceChildren(...(urls.length ? [...thumbs, forget] : []));
  }

  /** Nothing of a photo stays: neither here nor in what was made of it. */
  forgotten() {
    this.order += 1;
    this.photo = this.crop = this.opening = null;
    this.root.classList.remove("v-photo-asks");
    this.clearStage();
    if (!this.mine) return;
    this.mine = false;
    if (this.usual) this.sample(this.usual);
    kit.emit(this.room, `${this.props.id}.forgotten`, {});
  }
}
