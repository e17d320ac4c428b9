// A vote on the question that is shown: the QR code on the wall, a count that grows, the shares, a second vote, the reveal.
import { answering } from "gallery/shell/alive.js";
import { tells, turn } from "gallery/shell/present.js";
import { percent, sentence, tell } from "gallery/shell/words.js";
import { el } from "gallery/widgets/_elements.js";
import { LETTERS } from "gallery/lecture/asked.js";
import { sayVotes } from "gallery/lecture/speaker.js";
import { watch } from "gallery/lecture/walk.js";
import { Wall, hall, random, way } from "gallery/lecture/wall.js";

/** @typedef {{code: string, phones: number, open: boolean, count: number, round: number, shares?: number[][], qr?: string, table?: string, error?: string}} Told */

const EVERY = 1000; // ms between two looks at the count
/** The question on the screen that nobody has answered: a step's own goes before the room's. */
function found() {
  /** @type {HTMLElement[]} */
  const all = [...document.querySelectorAll(".v-asked[data-question], .v-act:not([hidden]) [data-question]")].filter((node) => node instanceof HTMLElement);
  const open = (node) => ![...node.querySelectorAll("[data-question-answer]")].some((each) => each.getAttribute("data-state"));
  const node = all.find((each) => each.offsetHeight > 0 && each.querySelector("[data-question-answer]") && open(each));
  if (!node) return null;
  const texts = [...node.querySelectorAll("[data-question-answer]")].map((each) => (each.querySelector("[data-question-text]") ?? each).textContent.trim());
  return { node, ask: node.querySelector("[data-question-ask]")?.textContent.trim() ?? "", answers: texts };
}

/** The same, from behind the words, in whose place it stands while a lecturer presents. */
function brought() {
  const asked = found();
  if (asked || !tells()) return asked;
  turn(false);
  const behind = found();
  if (!behind) turn(true);
  return behind;
}

/** @type {Vote | null} */
let vote = null;

class Vote {
  constructor(asked) {
    this.asked = asked;
    this.name = random(8);
    /** @type {Told | null} */
    this.told = null;
    /** The shares of the rounds that are closed. @type {number[][]} */
    this.earlier = [];
    this.shares = el("div", { class: "v-vote-shares" });
    this.wall = new Wall({ title: "lecture.vote.title", qr: "lecture.vote.qr", close: "lecture.vote.end" }, () => this.end(), this.shares);
  }

  async begin() {
    if (!(await this.wall.open("hall", "v"))) return this.end();
    await this.do("ask", this.question());
    if (this.told) this.timer = window.setInterval(() => this.told.open && this.do("count"), EVERY);
    else this.end();
  }

  /** The question as it stands; the phones know it by its name. */
  question() {
    const { ask, answers } = this.asked;
    return { vote: this.name, ask, answers, earlier: this.earlier, open: this.told?.open ?? true };
  }

  /**
   * @param {string} what
   * @param {Record<string, any>} [more]
   */
  async do(what, more) {
    const told = await this.known(what, more);
    if (!told) return;
    this.told = told;
    if (told.shares) this.earlier = told.shares;
    this.write();
  }

  /** What the hall says. A server that was started anew learns the question first; an open round is not closed at once
   * then: the phones answer it again by themselves. */
  async known(what, more = {}) {
    const counts = what === "count";
    /** @type {Told | null} */
    const told = await hall("hall", what, more, counts);
    if (!told && counts) await answering(); // which says that the server is away, and that it is back
    if (!told || told.round > 0) return told;
    const asked = await hall("hall", "ask", this.question());
    return asked && !asked.open ? hall("hall", what, more) : asked;
  }

  /** What V does now. */
  next() {
    if (!this.told) return;
    if (this.told.open) this.do("close");
    else if (this.told.round === 1) this.do("again");
    else this.reveal();
  }

  /** The hall's answer is given: the act shows what comes of it, and says why. */
  reveal() {
    const last = this.told.shares.at(-1);
    const most = last.indexOf(Math.max(...last));
    const { node } = this.asked;
    this.end();
    /** @type {NodeListOf<HTMLButtonElement>} */
    const buttons = node.querySelectorAll("[data-question-answer]");
    buttons[most]?.click();
  }

  write() {
    const { open, count, round, shares } = this.told;
    const { node, count: counted, ways } = this.wall;
    node.toggleAttribute("data-open", open);
    counted.textContent = sentence(round > 1 ? "lecture.vote.count_again" : "lecture.vote.count", { n: count });
    this.shares.replaceChildren(...(open ? [] : this.bars(shares)));
    const next = (name) => way(`lecture.vote.${name}`, () => this.next(), "V");
    const save = way("lecture.vote.table", () => this.save());
    const reveal = () => way("lecture.vote.reveal", () => this.reveal());
    const state = [open, round, document.documentElement.lang].join();
    if (state !== this.state) ways.replaceChildren(...(open ? [next("close"), this.code()] : round === 1 ? [next("again"), reveal(), save] : [next("reveal"), save]));
    this.state = state; // as long as it stays, so does the focus
    sayVotes(() => [el("p", {}, counted.textContent), ...(open ? [] : this.bars(shares))]);
  }

  /** Takes the QR code away from over the act once the phones are in, and brings it back. */
  code() {
    const { node } = this.wall;
    const button = way("lecture.vote.code", () => {
      button.setAttribute("aria-pressed", String(!node.toggleAttribute("data-small")));
    });
    button.setAttribute("aria-pressed", String(!node.hasAttribute("data-small")));
    return button;
  }

  /** Shares in percent; those of the first vote beside those of the second. */
  bars(shares) {
    return this.asked.answers.map((answer, i) => el("div", { class: "v-vote-row" }, el("kbd", {}, LETTERS[i] ?? String(i + 1)),
      el("span", { class: "v-vote-bars" }, ...shares.map((row, round) => {
        const share = row[i] / Math.max(1, row.reduce((sum, n) => sum + n, 0));
        const bar = el("span", { class: "v-vote-bar", "data-round": String(round + 1), title: answer });
        bar.style.setProperty("--share", `${100 * share}%`);
        return el("span", { class: "v-vote-share" }, bar, el("b", {}, percent(share, 0)));
      }))));
  }

  async save() {
    const told = await this.known("table");
    if (!told) return;
    const href = URL.createObjectURL(new Blob(["\ufeff", told.table], { type: "text/csv" }));
    el("a", { href, download: "vernissage-votes.csv" }).click();
    URL.revokeObjectURL(href);
  }

  end() {
    clearInterval(this.timer);
    if (this.told?.open) hall("hall", "close");
    this.wall.node.remove();
    if (vote === this) vote = null;
    sayVotes(() => []);
  }
}

/** Begins a vote, or does what comes next in it. */
export function press() {
  if (vote) return vote.next();
  const asked = brought();
  if (!asked) return tell("lecture.no_question", {}, "error");
  vote = new Vote(asked);
  vote.begin();
}

watch(() => vote?.end());
