// A step's own question, beside the act: what comes out of it is covered until it is answered.
import { on } from "gallery/shell/page.js";
import { fill, sentence } from "gallery/shell/words.js";
import { el, icon } from "gallery/widgets/_elements.js";

const root = document.documentElement;
export const LETTERS = ["A", "B", "C", "D"];

export class Asked {
  /** @param {import("gallery/lecture/lesson.js").Question} question */
  constructor(question) {
    this.question = question;
    this.chosen = null;
    this.buttons = question.answers.map((answer, i) => el("button", {
      type: "button", class: "v-asked-answer", "data-question-answer": "", onclick: () => this.choose(i),
    }, el("kbd", {}, LETTERS[i]), el("span", { "data-question-text": "" }, answer)));
    this.why = el("p", { class: "v-asked-why", role: "status" });
    this.fold = el("button", { type: "button", class: "v-asked-fold", "aria-expanded": "true", "data-t-label": "lecture.fold", "data-t-title": "lecture.fold", onclick: () => this.turn() }, icon("clear"));
    this.inside = el("div", { class: "v-asked-inside" }, el("div", { class: "v-asked-answers" }, ...this.buttons), this.why);
    this.node = el("section", { class: "v-asked", "data-question": "", "data-t-label": "lecture.question" },
      el("h2", { "data-question-ask": "" }, question.ask), this.fold, this.inside);
    document.body.append(this.node);
    fill(this.node);
    on("lang", () => this.write());
    this.write();
  }

  choose(i) {
    this.chosen = i;
    this.write();
  }

  /** Out of the way, and back. */
  turn(open = this.inside.hidden) {
    this.inside.hidden = !open;
    this.fold.setAttribute("aria-expanded", String(open));
  }

  write() {
    const { right, why } = this.question;
    if (!this.node.isConnected) return;
    const known = right >= 0;
    root.dataset.veil = this.chosen === null ? this.question.veil : "";
    this.buttons.forEach((button, i) => {
      const state = this.chosen === null ? "" : !known ? (i === this.chosen ? "chosen" : "rest") : i === right ? "right" : i === this.chosen ? "wrong" : "rest";
      button.setAttribute("data-state", state);
    });
    const verdict = known ? sentence(this.chosen === right ? "widgets.museum.right" : "widgets.museum.wrong") : "";
    this.why.replaceChildren(...(this.chosen === null ? [] : [el("b", {}, verdict), ` ${why}`]));
  }

  close() {
    delete root.dataset.veil;
    this.node.remove();
  }
}
