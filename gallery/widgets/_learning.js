// The film of a network's training: fetched when its act is first shown, and where its knob stands in it.
import { call, latest } from "gallery/shell/calls.js";
import { on } from "gallery/shell/page.js";
import { getRoom } from "gallery/shell/rooms.js";
import * as kit from "gallery/widgets/_kit.js";

export class Learning {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   * @param {Server} server
   * @param {{which: string, place: string}} knobs which: another film is wanted; place: where it stands
   */
  constructor(element, props, server, knobs) {
    this.root = kit.rootOf(element);
    this.server = server;
    this.room = getRoom(props.room);
    this.knobs = knobs;
    /** @type {any} */
    this.film = null;
    this.fetch = latest(() => this.fetchFilm());
    this.build();
    this.room.on("knobs", ({ changed }) => {
      if (changed.has("act")) this.wake();
      if (changed.has(knobs.which) && this.film) this.fetch();
      this.turned(changed);
    });
    this.room.on("training.again", () => this.again());
    kit.listen(this.room, "training.frame", ({ index }) => this.show(index));
    on("lang", () => this.write());
    this.write();
    this.wake();
  }

  // ---- what a room's own widget says ---------------------------------------------------------------------
  build() {}
  /** Another round of the question. */
  again() {}
  /** What else follows from knobs. @param {Set<string>} _changed */
  turned(_changed) {}
  /** Hands the film that has come to the strip. */
  hang() {}
  /**
   * What stands in the rows at a frame: pictures and names by row.
   * @param {number} _index
   * @returns {any[][]} [name, what]
   */
  parts(_index) { return []; }
  /** What else follows from the frame that is shown. */
  marked() {}
  write() {}

  /** The film is fetched when the act is first shown. */
  wake() {
    if (this.room.knobs.act === "training" && !this.film) this.fetch();
  }

  async fetchFilm() {
    const answer = await call(this.server, "film", [{ ...this.room.knobs }]);
    this.film = { ...answer, source: await kit.load(answer.sprite) };
    this.hang();
    this.follow();
    this.write();
  }

  /** The frame nearest to where the knob stands. */
  follow() {
    const gaps = this.film.values.map((value) => Math.abs(value - Number(this.room.knobs[this.knobs.place])));
    this.show(gaps.indexOf(Math.min(...gaps)));
  }

  /** @param {number} index */
  show(index) {
    if (!this.film || index >= this.film.n) return;
    this.index = index;
    kit.emit(this.room, "training.shown", Object.fromEntries(this.parts(index)));
    this.marked();
  }
}
