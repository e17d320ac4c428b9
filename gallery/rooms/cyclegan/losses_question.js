// What is lost without a term: three answers; then what the cards' figures say of each, and why.
import { on } from "gallery/shell/page.js";
import { sentence, written } from "gallery/shell/words.js";
import * as kit from "gallery/widgets/_kit.js";

const LETTERS = ["a", "b", "c"];
const NEITHER = "neither";

export default class Question {
  /**
   * @param {HTMLElement} root
   * @param {Props} props
   * @param {import("gallery/shell/rooms.js").Room} room
   */
  constructor(root, props, room) {
    this.root = root;
    this.room = room;
    this.asked = props.asked;
    this.rule = props.rule;
    this.told = null;
    kit.listen(room, "losses.told", (told) => {
      this.told = told;
      this.write();
    });
    const own = ["loss", ...props.said];
    room.on("knobs", ({ changed }) => own.some((name) => changed.has(name)) && this.write());
    on("lang", () => this.write());
    this.write();
  }

  /** The claims of the present loss, each with whether it holds; the last is that neither does. */
  claims() {
    const names = this.asked[this.room.knobs.loss] ?? [];
    const found = this.told?.claims[this.room.knobs.loss];
    const claims = names.map((name, i) => ({ name, ...found?.[i] }));
    return [...claims, { name: NEITHER, holds: claims.every(({ holds }) => !holds) }];
  }

  write() {
    const { loss } = this.room.knobs;
    if (!this.asked[loss]) return this.root.replaceChildren();
    const said = this.room.knobs[`said_${loss}`];
    const open = said !== "none" && this.told;
    const key = (name) => sentence(`cyclegan.lost.${loss}.${name}`);
    const answers = this.claims().map((claim, i) => this.answer(claim, LETTERS[i], said, open));
    const reveal = kit.el("button", { type: "button", class: "v-lab-tape", onclick: () => this.room.set({ [`said_${loss}`]: open ? "none" : "shown" }) },
      sentence(open ? "cyclegan.losses.again" : "cyclegan.losses.reveal"));
    const held = this.root.contains(document.activeElement);
    this.root.replaceChildren(kit.el("section", { class: "v-lab-card v-losses-card", "data-question": "", "aria-label": key("question") },
      kit.el("p", { class: "v-lab-question", "data-question-ask": "" }, key("question")),
      kit.el("div", { class: "v-lab-answers" }, ...answers),
      kit.el("div", { class: "v-lab-ways" }, reveal),
      kit.el("p", { class: "v-lab-why", role: "status" }, ...(open ? this.why(said, key) : [])),
      kit.el("p", { class: "v-lab-hint" }, open ? sentence("cyclegan.losses.rule", this.rule) : "")));
    if (held) (open ? reveal : answers[0]).focus();
  }

  answer({ name, full, other, holds }, letter, said, open) {
    const { loss } = this.room.knobs;
    const state = !open ? "" : holds ? "right" : letter === said ? "wrong" : "rest";
    const percent = name === "style";
    const number = (value) => (percent ? written(100 * value, 0) : written(value, name === "grain" ? 2 : 3));
    const figures = open && name !== NEITHER ? kit.el("small", {}, sentence(percent ? "cyclegan.losses.percent" : "cyclegan.losses.instead", { full: number(full), other: number(other) })) : null;
    return kit.el("button", { type: "button", class: "v-button v-lab-answer", "data-question-answer": "", disabled: Boolean(open), "data-state": state,
      onclick: () => this.room.set({ [`said_${loss}`]: letter }) }, kit.el("span", { "data-question-text": "" }, sentence(`cyclegan.lost.${loss}.${name}`)), figures);
  }

  /** Right or not, and a sentence for each claim that holds. */
  why(said, key) {
    const claims = this.claims();
    const hit = claims[LETTERS.indexOf(said)]?.holds;
    const verdict = said === "shown" ? [] : [kit.el("b", {}, sentence(hit ? "widgets.museum.right" : "widgets.museum.wrong")), " "];
    return [...verdict, claims.filter(({ holds }) => holds).map(({ name }) => key(`why_${name}`)).join(" ")];
  }
}
