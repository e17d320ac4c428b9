// A question with three answers, asked before what it is about is explained; the answer is a knob of the room.
import { on } from "gallery/shell/page.js";
import { sentence } from "gallery/shell/words.js";
import * as kit from "gallery/widgets/_kit.js";

const ANSWERS = ["a", "b", "c"];

export class Question {
  /**
   * knob: "none", "a", "b" or "c"; words: of {ask, a, b, c, why}; right: the answer that is true.
   * @param {kit.Room} room
   * @param {{knob: string, words: string, right: string}} asked
   */
  constructor(room, { knob, words, right }) {
    this.room = room;
    this.knob = knob;
    this.words = words;
    this.right = right;
    this.ask = kit.el("h3", { class: "v-question-ask", "data-question-ask": "" });
    this.answers = ANSWERS.map((name) => kit.el("button", { type: "button", class: "v-button v-question-answer", "data-question-answer": "", onclick: () => room.set({ [knob]: name }) }));
    this.why = kit.el("p", { class: "v-question-why", role: "status" });
    this.node = kit.el("section", { class: "v-question", "data-question": "", "data-t-label": `${words}.label` }, this.ask, kit.el("div", { class: "v-question-answers" }, ...this.answers), this.why);
    room.on("knobs", ({ changed }) => changed.has(knob) && this.write());
    on("lang", () => this.write());
    this.write();
  }

  write() {
    const chosen = this.room.knobs[this.knob];
    const open = chosen === "none";
    const say = (name) => sentence(`${this.words}.${name}`);
    this.ask.textContent = say("ask");
    this.answers.forEach((button, i) => {
      button.textContent = say(ANSWERS[i]);
      button.setAttribute("data-state", open ? "" : ANSWERS[i] === this.right ? "right" : ANSWERS[i] === chosen ? "wrong" : "rest");
    });
    const verdict = sentence(chosen === this.right ? "widgets.museum.right" : "widgets.museum.wrong");
    this.why.replaceChildren(...(open ? [] : [kit.el("b", {}, verdict), ` ${say("why")}`]));
  }
}
