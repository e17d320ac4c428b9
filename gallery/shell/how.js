// "How it is computed": the lines of our code and the cards of the weights, fetched when opened.
import { call, last } from "gallery/shell/calls.js";
import { dialog } from "gallery/shell/dialog.js";
import { closest } from "gallery/shell/page.js";
import { getRoom } from "gallery/shell/rooms.js";
import { house } from "gallery/shell/house.js";
import { learn, sentence, tell, written } from "gallery/shell/words.js";

const milliseconds = (ms) => sentence("frame.ms", { n: written(ms, 1) });
/** A cell of a card: a text, a number, or {key, args}. */
function say(value) {
  if (typeof value === "number") return written(value, 0);
  return typeof value === "object" ? sentence(value.key, value.args) : String(value);
}

function element(tag, className, ...children) {
  const node = document.createElement(tag);
  node.className = className;
  node.append(...children);
  return node;
}
const worded = (tag, key) => element(tag, "", sentence(key));

export default class How {
  /**
   * @param {HTMLElement} root
   * @param {Props} props
   * @param {Server} server
   */
  constructor(root, props, server) {
    this.props = props;
    this.server = server;
    root.addEventListener("click", (event) => {
      if (closest(event, ".v-how")) this.open(getRoom(props.room));
    });
  }

  async open(room) {
    const body = dialog("frame.how", "");
    const take = element("p", "v-take");
    const names = this.props.cards.map((name) => name.replace(/\{(\w+)\}/g, (_, knob) => room.knobs[knob]));
    /** @type {[string, any[], (found: any) => Node][]} */
    const parts = [["code", [], this.listing], ["about", [names], this.card]];
    for (const [fn, args, made] of parts) {
      try {
        const answer = await call(this.server, fn, args);
        const found = answer.code ?? answer.cards;
        if (answer.notebook) body.append(take);
        // Asked for once the server has answered: until then it is the call that says how things stand.
        if (answer.cards) await learn(house.later.cards).catch(() => tell("page.no_widget", {}, "error"));
        if (answer.cards && take.isConnected) await import("gallery/shell/notebook.js").then(({ offer }) => offer(take), () => null);
        if (answer.cards && found.length) body.append(worded("h3", "frame.weights"));
        body.append(...found.map((each) => made.call(this, each)));
      } catch {
        continue; // `call` has said why
      }
    }
  }

  listing({ file, line, html }) {
    const pre = element("pre", "v-code");
    pre.tabIndex = 0;
    pre.innerHTML = html; // our own source, marked up by pygments
    return element("figure", "v-listing", element("figcaption", "", `${file}:${line}`), pre);
  }

  card({ title, rows }) {
    const took = last.ms === undefined ? [] : [["card.took", [milliseconds(last.ms)]]];
    const device = last.device ? [["card.device", [last.device]]] : [];
    const lines = [...rows, ...device, ...took].map(([key, values]) => {
      const cells = values.map((value) => element("span", "", say(value)));
      return element("tr", "", worded("th", key), element("td", "", ...cells));
    });
    return element("section", "v-card", element("h4", "", say(title)), element("table", "", ...lines));
  }
}
