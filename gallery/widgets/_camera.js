// The webcam: which one, a preview, a shutter, three seconds to smile. Its light is out as soon as nobody sees the preview.
import { notice, store } from "gallery/shell/page.js";
import { sentence } from "gallery/shell/words.js";
import * as kit from "gallery/widgets/_kit.js";

const PATIENCE = 5000; // ms for the first picture
const SIZE = { width: { ideal: 1280 }, height: { ideal: 960 } };
const PROBLEMS = {
  NotAllowedError: "widgets.photo.camera_denied", NotFoundError: "widgets.photo.camera_none",
  NotReadableError: "widgets.photo.camera_busy",
};
const GONE = ["OverconstrainedError", "NotFoundError"]; // the camera that was chosen once is not there today

export class Camera {
  /** node: where the preview goes; taken(canvas) gets the picture, closed() is called at the end. */
  constructor(node, { taken, closed }) {
    this.node = node;
    this.taken = taken;
    this.closed = closed;
    this.shut = false;
  }

  /** Why there can be no camera here, as a words key; null where there can. */
  static obstacle() {
    if (!window.isSecureContext) return "widgets.photo.camera_insecure";
    return navigator.mediaDevices?.getUserMedia ? null : "widgets.photo.camera_none";
  }

  async open() {
    const obstacle = Camera.obstacle();
    if (obstacle) return this.fail(obstacle);
    this.build();
    this.watch();
    await this.start(store.get("camera"));
  }

  build() {
    this.video = kit.el("video", { class: "v-photo-video", playsinline: "", muted: true, "data-t-label": "widgets.photo.preview" });
    this.count = kit.el("span", { class: "v-photo-count", role: "status" });
    this.shutter = kit.el("button", {
      type: "button", class: "v-button", "data-t": "widgets.photo.shoot", disabled: true, onclick: () => this.countDown(3),
    });
    const cancel = kit.el("button", {
      type: "button", class: "v-button", "data-t": "widgets.photo.cancel", onclick: () => this.close(),
    });
    this.list = kit.el("select", {
      class: "v-menu-list v-photo-cameras", hidden: true, "data-t-label": "widgets.photo.which", onchange: () => this.choose(),
    });
    this.node.replaceChildren(this.video, this.count, kit.el("div", { class: "v-photo-bar" }, this.shutter, cancel, this.list));
  }

  /** Another act, room or mode, another page in front: nobody sees the preview any more. */
  watch() {
    this.watcher = new ResizeObserver(() => this.node.offsetParent || this.close());
    this.watcher.observe(this.node);
    this.ending = new AbortController();
    const { signal } = this.ending;
    document.addEventListener("visibilitychange", () => document.hidden && this.close(), { signal });
    addEventListener("pagehide", () => this.close(), { signal });
  }

  /** @param {string | null} device the id of a camera; without one, that which looks at the visitor */
  async start(device) {
    this.dark();
    // An id that is only "ideal" is passed over by Chromium where another camera fits the size as well.
    const which = device ? { deviceId: { exact: device } } : { facingMode: "user" };
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { ...SIZE, ...which }, audio: false });
    } catch (error) {
      if (device && GONE.includes(error.name)) return this.start(null);
      return this.fail(PROBLEMS[error.name] ?? "widgets.photo.camera_none");
    }
    if (this.shut) return halt(stream); // closed while the browser was asking
    this.stream = stream;
    const [track] = stream.getVideoTracks();
    track.onended = () => this.fail("widgets.photo.camera_blank"); // pulled out
    const { facingMode, deviceId } = track.getSettings();
    this.video.classList.toggle("v-photo-mirror", facingMode !== "environment");
    this.video.srcObject = stream;
    if (!(await this.shows())) return this.fail("widgets.photo.camera_blank");
    if (this.stream !== stream) return;
    this.ready();
    await this.offer(deviceId);
  }

  /** The camera shows something. */
  ready() {
    this.shutter.disabled = false;
    this.shutter.focus();
  }

  /** Another camera is asked for. */
  waits() {
    clearTimeout(this.timer);
    this.count.textContent = "";
    this.shutter.disabled = true;
  }

  /** Whether pictures come, and are some. */
  async shows() {
    const { video } = this;
    const plays = video.play().then(() => video.videoWidth > 0 || new Promise((resolve) => {
      video.addEventListener("resize", () => resolve(video.videoWidth > 0), { once: true });
    }));
    const late = new Promise((resolve) => setTimeout(() => resolve(false), PATIENCE));
    return Promise.race([plays, late]).catch(() => false);
  }

  /** The list of cameras, where there are several: browsers name them to those who may use one. */
  async offer(used) {
    const all = (await navigator.mediaDevices.enumerateDevices()).filter(({ kind }) => kind === "videoinput");
    this.list.replaceChildren(...all.map(({ deviceId, label }, i) =>
      kit.el("option", { value: deviceId }, label || sentence("widgets.photo.camera_n", { n: i + 1 }))));
    this.list.value = used;
    this.list.hidden = all.length < 2;
  }

  choose() {
    this.waits();
    store.set("camera", this.list.value);
    this.start(this.list.value);
  }

  countDown(seconds) {
    this.shutter.disabled = true;
    this.count.textContent = seconds || "";
    if (seconds) this.timer = setTimeout(() => this.countDown(seconds - 1), 1000);
    else this.shoot();
  }

  shoot() {
    const { videoWidth: width, videoHeight: height } = this.video;
    if (!width || !height) return this.fail("widgets.photo.camera_blank");
    const canvas = kit.el("canvas", { width, height });
    canvas.getContext("2d").drawImage(this.video, 0, 0);
    this.close();
    this.taken(canvas);
  }

  fail(key) {
    if (this.shut) return;
    notice(sentence(key), "error");
    this.close();
  }

  dark() {
    if (this.stream) halt(this.stream);
    this.stream = null;
  }

  /** The light of the camera goes out at once. */
  close() {
    if (this.shut) return;
    this.shut = true;
    clearTimeout(this.timer);
    this.watcher?.disconnect();
    this.ending?.abort();
    this.dark();
    this.closed();
  }
}

/** A track that is stopped by us does not end by itself. */
function halt(stream) {
  for (const track of stream.getTracks()) {
    track.onended = null;
    track.stop();
  }
}
