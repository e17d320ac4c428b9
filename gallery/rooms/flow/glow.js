// The act "glow": what is asked when, so that a visitor of another act or view computes nothing.
import * as kit from "gallery/widgets/_kit.js";
import { Portraits } from "gallery/widgets/_portraits.js";

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
    if (!this.act.offsetParent) return;
    const { room, photos, due } = this;
    const view = room.knobs.glow_view;
    const tell = (name, from, event) => {
      const data = from[name];
      if (!data) return;
      from[name] = null;
      kit.emit(room, event, data);
    };
    if (view === "new" && this.stale) {
      this.stale = false;
      this.draw();
    }
    if (view === "new") return tell("new", due, "glow.sheet");
    if (view === "mix") tell("photo2", photos, "glow.photo2");
    tell("photo", photos, "glow.photo");
    tell(view, due, `glow.${view}`);
  }
}
