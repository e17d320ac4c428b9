// The card of the museum: a question with three answers, then the run itself, what it shows, and the change that mends it.
import { on } from "gallery/shell/page.js";
import { sentence } from "gallery/shell/words.js";
import * as kit from "gallery/widgets/_kit.js";

const ANSWERS = ["a", "b", "c"];

export class Card {
  /**
   * knob: the room's, of the piece that hangs; words: of the pieces; hint: where none hangs; tapes: whether runs are recorded.
   * @param {import("gallery/shell/rooms.js").Room} room
   * @param {{knob: string, words: string, hint: string, tapes?: boolean}} museum
   */
  constructor(room, museum) {
    this.room = room;
    this.museum = museum;
    this.node = kit.el("section", { class: "v-lab-card", "data-question": "", "data-t-label": "widgets.museum.title" });
    this.piece = this.chosen = null;
    this.mending = false;
    this.verdict = "";
    this.over = false;
    kit.listen(room, "lab.piece", (piece) => this.hang(piece));
    room.on("lab.seen", (told) => this.heard(told));
    room.on("knobs", ({ changed }) => changed.has(museum.knob) && room.knobs[museum.knob] === "none" && this.hang(null));
    on("lang", () => this.write());
    this.write();
  }

  hang(piece) {
    Object.assign(this, { piece, chosen: null, mending: false, verdict: "", over: false });
    this.write();
  }

  heard({ verdict, pairs }) {
    const over = Boolean(this.piece && pairs >= this.piece.pairs);
    if (verdict === this.verdict && over === this.over) return;
    Object.assign(this, { verdict, over });
    this.write();
  }

  answer(i) {
    this.chosen = i;
    this.write();
    this.room.emit("lab.start", { change: this.piece.knobs, until: this.piece.pairs });
  }

  run(mending) {
    Object.assign(this, { mending, verdict: "", over: false });
    const { knobs, change, pairs } = this.piece;
    this.room.emit("lab.start", { change: mending ? { ...knobs, ...change } : knobs, until: pairs });
    this.write();
  }

  /** The recorded run of what is shown. */
  tape() {
    Object.assign(this, { verdict: "", over: false });
    this.room.emit("lab.recording", { kind: this.mending ? "mended" : "failed" });
    this.write();
  }

  write() {
    const { piece, museum } = this;
    this.node.toggleAttribute("data-piece", Boolean(piece));
    const title = kit.el("h3", {}, piece ? sentence(`${museum.words}.${piece.name}.name`) : sentence("widgets.museum.title"));
    if (!piece) return this.node.replaceChildren(title, kit.el("p", { class: "v-lab-hint" }, sentence(museum.hint)));
    const key = (name) => sentence(`${museum.words}.${piece.name}.${name}`);
    const answers = ANSWERS.map((letter, i) => {
      const state = this.chosen === null ? "" : i === piece.right ? "right" : i === this.chosen ? "wrong" : "rest";
      return kit.el("button", { type: "button", class: "v-button v-lab-answer", "data-question-answer": "", disabled: this.chosen !== null, "data-state": state, onclick: () => this.answer(i) }, key(letter));
    });
    this.node.replaceChildren(title, kit.el("p", { class: "v-lab-question", "data-question-ask": "" }, key("question")), kit.el("div", { class: "v-lab-answers" }, ...answers));
    if (this.chosen !== null) this.node.append(...this.revealed(key));
  }

  /** What is said once the question is answered. */
  revealed(key) {
    const { piece } = this;
    const right = sentence(this.chosen === piece.right ? "widgets.museum.right" : "widgets.museum.wrong");
    const why = kit.el("p", { class: "v-lab-why" }, kit.el("b", {}, right), ` ${key("why")}`);
    const said = this.verdict ? sentence(this.verdict === "failed" ? "widgets.museum.failed" : "widgets.museum.mended", { rule: key(this.verdict) }) : this.over ? sentence("widgets.museum.neither") : "";
    const verdict = kit.el("p", { class: "v-lab-verdict", role: "status", "data-verdict": this.verdict }, said);
    const mend = kit.el("button", { type: "button", class: "v-button v-lab-mend", onclick: () => this.run(!this.mending) },
      this.mending ? sentence("widgets.museum.back") : sentence("widgets.museum.mend", { change: key("change") }));
    const tape = kit.el("button", { type: "button", class: "v-lab-tape", onclick: () => this.tape() }, sentence("widgets.museum.recording"));
    return [why, verdict, kit.el("div", { class: "v-lab-ways" }, mend, ...(this.museum.tapes ? [tape] : []))];
  }
}
