// Work on the server that is pulled, a moment at a time: where nobody asks any more, nothing is computed any more.
import { losses } from "gallery/shell/alive.js";
import { call } from "gallery/shell/calls.js";
import { Patience } from "gallery/widgets/_patience.js";

const GONE = "widgets.generate.gone"; // what a server says of work that it does not know (any more)

export class Pull {
  /** heard(answer, first): each answer in its turn, the next is asked when it is through; ended(how): "done", "stopped" or "failed". */
  constructor(server, root, { heard, ended }) {
    this.server = server;
    this.root = root;
    this.heard = heard;
    this.ended = ended;
    this.patience = new Patience(root);
    this.ticket = 0;
    this.running = false;
    this.token = null;
    addEventListener("pagehide", () => this.leave());
  }

  /** The moment that the server is at need not be finished; a beacon is sent even by a page that is being closed. */
  leave() {
    if (this.running && this.token) navigator.sendBeacon("./gallery/left", this.token);
    this.token = null;
  }

  /** Asks `begin` with the arguments and then `more` with its token, until `done`; an earlier pull is let go. */
  async start(args) {
    this.leave();
    const ticket = ++this.ticket;
    const before = losses;
    // The server has been away meanwhile, and its work with it: from the beginning.
    const lost = ({ key }) => key === GONE && losses !== before;
    this.running = true;
    try {
      let answer = await this.patience.during(call(this.server, "begin", args), false);
      if (ticket !== this.ticket) return;
      const { token } = answer;
      this.token = token;
      await this.hear(answer, true);
      while (!answer.done) {
        if (ticket !== this.ticket) return;
        // A visitor who went to another room has left this one.
        if (!this.root.offsetParent) return this.stop();
        answer = await this.patience.during(call(this.server, "more", [token], lost), true);
        if (ticket !== this.ticket) return;
        await this.hear(answer, false);
      }
      if (ticket !== this.ticket) return;
      this.end("done");
    } catch (error) {
      if (ticket === this.ticket && lost(error)) return this.start(args);
      if (!error.key) console.error(error); // what has a key has been said in a notice
      if (ticket === this.ticket) this.end("failed");
    }
  }

  /** @param {any} answer @param {boolean} first */
  hear(answer, first) {
    this.hearing = Promise.resolve(this.heard(answer, first));
    return this.hearing;
  }

  /** What is being heard is through: pictures that are decoded while a stop comes would else have the last word. */
  settled() {
    return this.hearing?.catch(() => null); // an error has been said already
  }

  stop() {
    if (!this.running) return;
    this.ticket += 1;
    this.leave();
    this.end("stopped");
  }

  end(how) {
    Object.assign(this, { running: false, token: null });
    this.patience.end();
    this.ended(how);
  }
}

/**
 * The answer of a job that goes on where its token is known, and else of one that is begun.
 * @param {string | null} token
 * @param {(token: string) => Promise<any>} more
 * @param {() => Promise<any>} begin
 */
export async function takenUp(token, more, begin) {
  if (!token) return begin();
  const answer = await more(token);
  return answer?.error?.key === GONE ? begin() : { ...answer, token };
}

/**
 * A `begin` for a server that keeps one job of a visitor, the newest: they go one after the other, so that the newest is
 * the one that was asked for last, and what was overtaken while it waited is not begun.
 * @param {(args: any[]) => Promise<any>} begin
 */
export function inTurn(begin) {
  /** @type {Promise<any>} */
  let before = Promise.resolve();
  /** @type {any[] | null} */
  let newest = null;
  return (/** @type {any[]} */ args) => {
    newest = args;
    const answer = before.then(() => (newest === args ? begin(args) : { done: true }));
    before = answer.catch(() => null);
    return answer;
  };
}
