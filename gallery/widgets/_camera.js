// The webcam: a mirrored preview, a shutter, three seconds to smile.
import { notice } from "gallery/shell/page.js";
import { sentence } from "gallery/shell/words.js";
import * as kit from "gallery/widgets/_kit.js";

const PROBLEMS = {
  NotAllowedError: "widgets.photo.camera_denied", NotFoundError: "widgets.photo.camera_none",
  NotReadableError: "widgets.photo.camera_busy",
};

export class Camera {
  /** node: where the preview goes; taken(canvas) gets the picture, closed() is called at the end. */
  constructor(node, { taken, closed }) {
    this.node = node;
    this.taken = taken;
    this.closed = closed;
  }

  /** Why there can be no camera here, as a words key; null where there can. */
  static obstacle() {
    if (!window.isSecureContext) return "widgets.photo.camera_insecure";
    return navigator.mediaDevices?.getUserMedia ? null : "widgets.photo.camera_none";
  }

  async open() {
    const obstacle = Camera.obstacle();
    if (obstacle) return this.fail(obstacle);
    try {
      const video = { facingMode: "user", width: { ideal: 1280 }, height: { ideal: 960 } };
      this.stream = await navigator.mediaDevices.getUserMedia({ video, audio: false });
    } catch (error) {
      return this.fail(PROBLEMS[error.name] ?? "widgets.photo.camera_none");
    }
    this.build();
    await this.video.play();
    this.shutter.disabled = false;
    this.shutter.focus();
  }

  build() {
    this.video = kit.el("video", { class: "v-photo-video", playsinline: "", muted: true, "data-t-label": "widgets.photo.preview" });
    this.video.srcObject = this.stream;
    this.count = kit.el("span", { class: "v-photo-count", role: "status" });
    this.shutter = kit.el("button", {
      type: "button", class: "v-button", "data-t": "widgets.photo.shoot", disabled: true, onclick: () => this.countDown(3),
    });
    const cancel = kit.el("button", {
      type: "button", class: "v-button", "data-t": "widgets.photo.cancel", onclick: () => this.close(),
    });
    const bar = kit.el("div", { class: "v-photo-bar" }, this.shutter, cancel);
    this.node.replaceChildren(this.video, this.count, bar);
  }

  countDown(seconds) {
    this.shutter.disabled = true;
    this.count.textContent = seconds || "";
    if (seconds) this.timer = setTimeout(() => this.countDown(seconds - 1), 1000);
    else this.shoot();
  }

  shoot() {
    const { videoWidth: width, videoHeight: height } = this.video;
    const canvas = kit.el("canvas", { width, height });
    canvas.getContext("2d").drawImage(this.video, 0, 0);
    this.close();
    this.taken(canvas);
  }

  fail(key) {
    notice(sentence(key), "error");
    this.close();
  }

  /** The light of the camera goes out at once. */
  close() {
    clearTimeout(this.timer);
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
    this.closed();
  }
}
