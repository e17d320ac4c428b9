// The act "glow": what is asked when, so that a visitor of another act or view computes nothing.
import * as kit from "gallery/widgets/_kit.js";
import { Portraits } from "gallery/widgets/_portraits.js";

const TOLD = { code: "glow.code", edit: "glow.edit", mix: "glow.mix", new: "glow.sheet", odd: "glow.odd" };

export default class Glow extends Portraits {
  connect() {
    const { room } = this;
    this.act = document.getElementById(`act-${room.name}-glow`);
    this.photos = {};
    /** Of each view what it is to be told. */
    this.due = { new: {}, odd: {} };
    for (const name of ["photo", "photo2"]) {
      kit.listen(room, name, (answer) => {
        this.photos[name] = answer;
        this.go();
      });
    }
    room.on("show", () => this.go());
    super.connect();
  }

  heard(change) {
    super.heard(change);
    if (change.changed.has("glow_seed")) this.due.new = {};
    this.go();
  }

  /** A face has its z: each view that shows it is told when it is looked at. */
  join(half) {
    if (half.za) this.due.code = this.due.edit = { z: half.za };
    super.join(half);
    this.go();
  }

  joined() {
    super.joined();
    this.due.mix = { ...this.pair };
  }

  redraw() {
    this.stale = true;
    this.go();
  }

  go() {
    if (this.act.hidden || !this.act.offsetParent) return;
    const { room, photos, due } = this;
    const view = room.knobs.glow_view;
    const tell = (from, name, event) => {
      const data = from[name];
      from[name] = null;
      if (data) kit.emit(room, event, data);
    };
    if (view === "new" && this.stale) {
      this.stale = false;
      this.draw();
    }
    if (view === "mix") tell(photos, "photo2", "glow.photo2");
    if (view !== "new") tell(photos, "photo", "glow.photo");
    tell(due, view, TOLD[view]);
  }
}
