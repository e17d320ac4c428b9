// The panel of a model from the Hub: what it is, where it stands, its download, and how long a film will take.
import { call } from "gallery/shell/calls.js";
import { on } from "gallery/shell/page.js";
import { getRoom } from "gallery/shell/rooms.js";
import { sentence, written } from "gallery/shell/words.js";
import { passes } from "gallery/widgets/_generator.js";
import * as kit from "gallery/widgets/_kit.js";

const AGAIN = 500; // ms between two looks while something is under way
const MEGA = 1e6;
const MINUTES = 100; // s from which a time is told in minutes
const MOVING = ["asking", "pulling", "loading"];
const me = Math.random().toString(36).slice(2);

export default class Hub {
  /**
   * @param {HTMLElement} element
   * @param {Props} props
   * @param {Server} server
   */
  constructor(element, props, server) {
    this.root = kit.rootOf(element);
    this.props = props;
    this.server = server;
    this.room = getRoom(props.room);
    this.told = null;
    this.build();
    this.room.on("knobs", ({ changed }) => this.changed(changed));
    this.room.on("show", () => this.look());
    on("lang", () => this.show());
    this.changed(new Set(["model"]));
  }

  get chosen() {
    const { model } = this.room.knobs;
    return this.props.models.includes(model) ? model : null;
  }

  build() {
    const button = (key, onclick) => kit.el("button", { type: "button", class: "v-button", onclick }, kit.el("span", { "data-t": key }));
    this.name = kit.el("p", { class: "v-hub-name" });
    this.state = kit.el("p", { class: "v-hub-state", "aria-live": "polite" });
    this.bar = kit.el("progress", { class: "v-hub-bar", max: 1, value: 0, "data-t-label": "diffusion.hub.bar" });
    this.get = button("diffusion.hub.join", () => this.send("order"));
    this.cancel = button("diffusion.hub.cancel", () => this.send("leave"));
    this.again = button("diffusion.hub.again", () => this.look(true));
    this.root.replaceChildren(kit.el("div", { class: "v-hub-said" }, this.name, this.state, this.bar), this.get, this.cancel, this.again);
  }

  changed(changed) {
    if (!changed.has("model")) return this.show();
    this.room.mark({ hub: this.chosen ? "yes" : "no", pulled: "no" });
    this.told = null;
    this.show();
    this.look();
  }

  /** Asks where the model stands, and goes on asking while something is under way; `again`: the Hub is asked anew. */
  look(again = false) {
    return this.ask("look", [again]);
  }

  send(fn) {
    return this.ask(fn, []);
  }

  async ask(fn, more) {
    const { chosen } = this;
    clearTimeout(this.timer);
    // A panel out of sight is silent, but for one who waits: the server would think that he has left.
    if (!chosen || !(this.root.offsetParent || this.told?.waits)) return;
    const ticket = (this.ticket ?? 0) + 1;
    this.ticket = ticket;
    let answer;
    try {
      answer = await call(this.server, fn, [chosen, me, ...more]);
    } catch {
      return; // `call` has said why
    }
    if (ticket !== this.ticket || chosen !== this.chosen) return;
    this.told = answer;
    this.show();
    if (MOVING.includes(answer.stage)) this.timer = setTimeout(() => this.look(), AGAIN);
  }

  show() {
    const { told, root } = this;
    root.dataset.stage = told?.stage ?? "";
    if (told) this.room.mark({ pulled: told.stage === "ready" ? "yes" : "no" });
    this.name.replaceChildren(...kit.rich(told ? `**${told.repo}** · ${kit.say(told.data)}` : ""));
    this.state.replaceChildren(...kit.rich(told ? this.said() : ""));
    const absent = told?.stage === "absent";
    const pulling = told?.stage === "pulling";
    this.again.hidden = !(absent && !told.size) || told.why?.key.endsWith(".offline");
    this.get.hidden = !(absent && told.size) && !(pulling && !told.waits);
    this.cancel.hidden = !(pulling && told.waits);
    this.bar.hidden = !pulling;
    if (pulling && told.size) this.bar.value = told.got / told.size;
    this.dress(absent);
  }

  /** The button names the size of what it fetches. */
  dress(absent) {
    const label = this.get.firstElementChild;
    label.setAttribute("data-t-args", JSON.stringify({ mb: this.mega(this.told?.size ?? 0) }));
    label.setAttribute("data-t", absent ? "diffusion.hub.download" : "diffusion.hub.join");
  }

  mega(bytes) {
    return written(bytes / MEGA, bytes < 10 * MEGA ? 1 : 0);
  }

  said() {
    const { stage, why, waits, got, size } = this.told;
    if (stage === "absent") return why ? sentence(why.key, why.args) : sentence(this.told.absent.key);
    if (stage === "asking") return sentence("diffusion.hub.state.asking");
    if (stage === "loading") return sentence("diffusion.hub.state.loading");
    if (stage === "ready") return this.estimate();
    const args = { got: this.mega(got), mb: this.mega(size) };
    return waits ? sentence("diffusion.hub.state.pulling", args) : sentence("diffusion.hub.state.others", args);
  }

  /** Seconds for a pass, as measured on the server, and for all that the knobs ask for. */
  estimate() {
    const { seconds } = this.told;
    const step = written(seconds, seconds < 0.1 ? 3 : seconds < 10 ? 1 : 0);
    const n = this.passes();
    if (!n) return sentence("diffusion.hub.state.step", { step });
    const total = n * seconds;
    if (total < MINUTES) return sentence("diffusion.hub.state.seconds", { step, n, total: written(total, total < 10 ? 1 : 0) });
    return sentence("diffusion.hub.state.minutes", { step, n, total: written(total / 60, 0) });
  }

  /** How often the network is asked for what the knobs say; the museum's lanes count for themselves. */
  passes() {
    const { knobs } = this.room;
    const of = passes;
    if (this.props.act === "reverse") return of(knobs.sampler, knobs.steps) * Number(knobs.count);
    if (knobs.failure !== "none") return 0;
    return Array.from({ length: Number(knobs.lanes) }, (_, i) => of(knobs[`s${i + 1}`], knobs[`n${i + 1}`])).reduce((a, b) => a + b, 0);
  }
}
