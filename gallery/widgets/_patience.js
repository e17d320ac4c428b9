// Who waits long for a moment of work, since others are served too, is told his place and about how long it will be: one
// sentence at the film, which goes when the work goes on.
import { sentence } from "gallery/shell/words.js";
import * as kit from "gallery/widgets/_kit.js";

const LONG = { begins: 1000, goes: 2000 }; // ms of waiting after which it is told
const EVERY = 2000; // ms between two looks at the line
const BRISK = 800; // ms; a moment that comes so soon takes the sentence back: slow ones would make it blink
const MINUTES = 90; // s from which a wait is told in minutes

/** So many seconds in words, as what stands in a sentence. */
function time(seconds) {
  const long = seconds > MINUTES;
  return { time: sentence(long ? "widgets.wait.minutes" : "widgets.wait.seconds", { n: long ? Math.ceil(seconds / 60) : seconds }) };
}

export class Patience {
  /** @param {HTMLElement} root of the widget that waits */
  constructor(root) {
    this.root = root;
    this.ended = 0;
    this.word = kit.el("p", { class: "v-patience", role: "status" });
  }

  /**
   * Resolves as the answer does. goes: the work has begun, and goes on with it.
   * @template T
   * @param {Promise<T>} answer
   * @param {boolean} goes
   * @returns {Promise<T>}
   */
  async during(answer, goes) {
    const since = performance.now();
    const { ended } = this;
    let timer = 0;
    const look = async () => {
      const line = await asked((performance.now() - since) / 1000);
      if (!timer || ended !== this.ended) return; // it has come meanwhile, or is not waited for any more
      this.say(line, goes);
      timer = window.setTimeout(look, EVERY);
    };
    timer = window.setTimeout(look, goes ? LONG.goes : LONG.begins);
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
      timer = 0;
      if (performance.now() - since < BRISK) this.say({}, false);
    }
  }

  /** Nothing is waited for any more. */
  end() {
    this.ended += 1;
    this.say({}, false);
  }

  /**
   * @param {{place?: number, seconds?: number, others?: number, every?: number}} line nothing where one waits for nobody
   * @param {boolean} goes
   */
  say({ place, seconds, others, every }, goes) {
    if (!place) return this.word.remove();
    const text = goes ? sentence("widgets.wait.goes", { others, ...time(every) }) : sentence("widgets.wait.turn", { place, ...time(seconds) });
    if (this.word.textContent !== text) this.word.textContent = text;
    if (!this.word.isConnected) this.hang();
  }

  /** Above the film of the act; where it has none, on the paper of the widget or of the stage. */
  hang() {
    const act = this.root.closest(":has(> .v-stage)");
    const place = act?.querySelector(".v-filmrow") ?? this.root.querySelector(".v-paper") ?? act?.querySelector(".v-stage .v-paper");
    place?.append(this.word);
  }
}

/** The line as the server sees it; nothing where it does not answer. */
async function asked(waited) {
  const answer = await fetch(`./gallery/waits?waited=${waited.toFixed(2)}`, { cache: "no-store" }).catch(() => null);
  return answer?.ok ? answer.json() : {};
}
