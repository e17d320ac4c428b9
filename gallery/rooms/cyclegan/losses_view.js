// One held-out emoji by every network, a column each, with the figures of this one and of all; or eight in rows.
import { Rows } from "gallery/rooms/cyclegan/losses_rows.js";
import { call, latest } from "gallery/shell/calls.js";
import { on } from "gallery/shell/page.js";
import { sentence, written } from "gallery/shell/words.js";
import * as kit from "gallery/widgets/_kit.js";

const FULL = "full";
const percent = (value) => `${written(100 * value, 0)} %`;
const OWN = [
  ["cycle", (column) => written(column.cycle, 3)],
  ["apart", (column) => written(column.apart, 3)],
  ["same", (column) => written(column.same, 3)],
  ["place", (column) => written(column.place, 0)],
];
const MEANS = [
  ["cycle_error", (value) => written(value, 3)],
  ["found_back", percent],
  ["difference_lower", percent],
  ["nearest", percent],
  ["judged", percent],
];

export default class View {
  /**
   * @param {HTMLElement} root
   * @param {Props} props
   * @param {Server} server
   * @param {import("gallery/shell/rooms.js").Room} room
   */
  constructor(root, props, server, room) {
    this.root = root;
    this.server = server;
    this.room = room;
    this.said = props.said;
    this.told = null;
    this.root.dataset.frames = "0";
    this.rows = new Rows(room, server);
    this.ask = latest(() => this.fetch());
    this.table = kit.el("div", { class: "v-losses-table" });
    this.picker = kit.el("div", { class: "v-losses-picker" });
    this.line = kit.el("p", {});
    this.root.replaceChildren(kit.el("div", { class: "v-paper" }, this.picker, this.table, this.rows.node), kit.el("div", { class: "v-lines" }, this.line));
    room.on("knobs", ({ changed }) => this.changed(changed));
    on("lang", () => this.write());
    this.ask();
  }

  changed(changed) {
    if (changed.has("emoji") || changed.has("loss_way")) this.ask();
    else if (["loss", "loss_view", ...this.said].some((name) => changed.has(name))) this.write();
  }

  async fetch() {
    this.root.classList.add("v-waits");
    try {
      this.told = await call(this.server, "compare", [{ ...this.room.knobs }]);
      await kit.load(this.told.given);
      kit.emit(this.room, "losses.told", { claims: this.told.claims });
      this.write();
      this.root.dataset.frames = String(Number(this.root.dataset.frames) + 1);
    } catch {
      // `call` has said why
    }
    this.root.classList.remove("v-waits");
  }

  /** Whether a network may be seen: the full loss, or one whose question is answered. */
  open(name) {
    return name === FULL || this.room.knobs[`said_${name}`] !== "none";
  }

  write() {
    if (!this.told) return;
    const eight = this.room.knobs.loss_view === "eight";
    this.table.hidden = eight;
    this.choose();
    this.rows.show(eight, this.told, this.open(this.room.knobs.loss));
    if (!eight) this.tabulate();
    const { params, source, device, columns } = this.told;
    this.line.textContent = sentence("cyclegan.losses.line", { n: columns.length, params: written(params, 1), source: kit.say(source), device });
  }

  // ---- which emoji -----------------------------------------------------------------------------------------
  choose() {
    const { first, row } = this.told;
    const { emoji } = this.room.knobs;
    const { max } = this.room.specs.emoji;
    const focused = this.picker.contains(document.activeElement) ? document.activeElement.dataset.go : null;
    const go = (to, icon, key) => kit.el("button", { type: "button", class: "v-losses-go", "data-go": key, "data-t-label": `cyclegan.losses.${key}`,
      "aria-label": sentence(`cyclegan.losses.${key}`), disabled: to < 0 || to > max, onclick: () => this.room.set({ emoji: to }) }, icon);
    const chips = Array.from({ length: 8 }, (_, i) => kit.el("button", {
      type: "button", class: "v-losses-chip", "data-go": String(i), "aria-pressed": String(first + i === emoji), "aria-label": sentence("cyclegan.losses.emoji", { n: first + i + 1 }),
      style: `background-image: url("${row}"); background-position: ${(100 * i) / 7}% 0`, onclick: () => this.room.set({ emoji: first + i }),
    }));
    this.picker.replaceChildren(go(first - 8, "‹", "before"), ...chips, go(first + 8, "›", "after"));
    if (focused !== null) this.picker.querySelector(`[data-go="${focused}"]`)?.focus();
  }

  // ---- one emoji -------------------------------------------------------------------------------------------
  tabulate() {
    const { told } = this;
    const { columns } = told;
    this.table.style.setProperty("--columns", String(columns.length));
    const head = kit.el("div", { class: "v-losses-row v-losses-head" }, kit.el("span", {}), ...columns.map(({ name }) => this.head(name)));
    const pictures = ["made", "back"].map((which) => kit.el("div", { class: "v-losses-row" },
      this.picture(which === "made" ? told.given : told.wanted, which === "made" ? "cyclegan.losses.x" : "cyclegan.losses.y"),
      ...columns.map((column) => (this.open(column.name) ? this.picture(column[which], `cyclegan.losses.${which}`, column.name) : this.closed(column.name, which)))));
    const args = { before: written(told.untouched, 3), place: written(told.place, 0) };
    const [{ figures }] = columns;
    const known = { nearest: percent(figures.nearest_untouched), judged: percent(figures.judged_counterpart) };
    const line = (key, cells) => kit.el("div", { class: "v-losses-row v-losses-line" }, kit.el("span", {}, sentence(`cyclegan.losses.row.${key}`, { ...args, ...known })), ...cells);
    const cell = (name, text) => kit.el("span", { class: "v-losses-number" }, this.open(name) ? text : "?");
    this.table.replaceChildren(head, ...pictures,
      kit.el("p", { class: "v-losses-part" }, sentence("cyclegan.losses.own")),
      ...OWN.map(([key, read]) => line(key, columns.map((column) => cell(column.name, read(column))))),
      kit.el("p", { class: "v-losses-part" }, sentence("cyclegan.losses.means")),
      ...MEANS.map(([key, write]) => line(key, columns.map((column) => cell(column.name, write(column.figures[key]))))));
  }

  head(name) {
    return kit.el("span", { class: name === this.room.knobs.loss ? "v-losses-asked" : "" }, sentence(`cyclegan.losses.net.${name}`));
  }

  picture(url, key, name) {
    const alt = name ? `${sentence(`cyclegan.losses.net.${name}`)}: ${sentence(key)}` : sentence(key);
    return kit.el("figure", {}, kit.el("img", { src: url, alt, class: "v-dims", width: "64", height: "64" }), kit.el("figcaption", { "aria-hidden": "true" }, sentence(key)));
  }

  /** In place of a picture that nobody may see yet: the way to its question. */
  closed(name, which) {
    const ask = kit.el("button", { type: "button", class: "v-losses-closed", tabindex: which === "made" ? "0" : "-1",
      "aria-label": sentence("cyclegan.losses.closed", { name: sentence(`cyclegan.losses.net.${name}`) }), onclick: () => this.room.set({ loss: name }) }, "?");
    return kit.el("figure", {}, ask, kit.el("figcaption", { "aria-hidden": "true" }, sentence(`cyclegan.losses.${which}`)));
  }
}
