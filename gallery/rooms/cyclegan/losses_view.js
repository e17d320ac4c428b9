// One held-out emoji by every network, a column each, with the figures of this one and of all; or eight in rows.
import { Rows } from "gallery/rooms/cyclegan/losses_rows.js";
import { call, latest } from "gallery/shell/calls.js";
import { on } from "gallery/shell/page.js";
import { sentence, written } from "gallery/shell/words.js";
import * as kit from "gallery/widgets/_kit.js";

const FULL = "full";
const share = (value) => sentence("cyclegan.losses.share", { n: written(100 * value, 0) });
const error = (value) => written(value, 3);
const place = (value) => written(value, 0);
const times = (value) => written(value, 2);
/** Each row: its key; of this emoji a field of the column and how it is written; of all a figure of the card and how. */
/** @type {[string, string | null, ((value: number) => string) | null, string, (value: number) => string][]} */
const ROWS = [
  ["cycle", "cycle", error, "cycle_error", error],
  ["found", "found", place, "found_back", share],
  ["apart", "apart", error, "difference", error],
  ["place", "place", place, "nearest", share],
  ["same", "same", error, "identity_error", error],
  ["judged", null, null, "judged", share],
  ["grain", null, null, "grain", times],
];

/**
 * What has the focus inside a node, by an attribute that its next drawing has too; a function that gives it back.
 * @param {HTMLElement} node
 * @param {string} name
 */
function kept(node, name) {
  const value = node.contains(document.activeElement) ? document.activeElement.getAttribute(name) : null;
  const again = () => /** @type {HTMLElement | null} */ (node.querySelector(`[${name}="${value}"]`))?.focus();
  return value === null ? () => {} : again;
}

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
    const told = await call(this.server, "compare", [{ ...this.room.knobs }]).catch(() => null); // it has said why
    this.root.classList.remove("v-waits");
    if (!told) return;
    this.told = told;
    kit.emit(this.room, "losses.told", { claims: told.claims });
    this.write();
    this.root.dataset.frames = String(Number(this.root.dataset.frames) + 1);
  }

  /** Whether a network may be seen: the full loss, or one whose question is answered. */
  open(name) {
    return name === FULL || this.room.knobs[`said_${name}`] !== "none";
  }

  write() {
    if (!this.told) return;
    const eight = this.room.knobs.loss_view === "eight";
    this.root.classList.toggle("v-losses-many", eight);
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
    const refocus = kept(this.picker, "data-go");
    const go = (to, icon, key) => kit.el("button", { type: "button", class: "v-losses-go", "data-go": icon, "aria-label": sentence(key), disabled: to < 0 || to > max, onclick: () => this.room.set({ emoji: to }) }, icon);
    const chips = Array.from({ length: 8 }, (_, i) => kit.el("button", {
      type: "button", class: "v-losses-chip", "data-go": String(i), "aria-pressed": String(first + i === emoji), "aria-label": sentence("cyclegan.losses.emoji", { n: first + i + 1 }),
      style: `background-image: url("${row}"); background-position: ${(100 * i) / 7}% 0`, onclick: () => this.room.set({ emoji: first + i }),
    }));
    this.picker.replaceChildren(go(emoji - 8, "‹", "cyclegan.losses.before"), ...chips, go(emoji + 8, "›", "cyclegan.losses.after"));
    refocus();
  }

  // ---- one emoji -------------------------------------------------------------------------------------------
  tabulate() {
    const { told } = this;
    const { columns } = told;
    const refocus = kept(this.table, "data-closed");
    this.table.style.setProperty("--columns", String(columns.length));
    const head = kit.el("div", { class: "v-losses-row v-losses-head" }, kit.el("span", {}), ...columns.map(({ name }) => this.head(name)));
    const pictures = ["made", "back"].map((which) => kit.el("div", { class: "v-losses-row" },
      this.picture(which === "made" ? told.given : told.wanted, which === "made" ? "cyclegan.losses.x" : "cyclegan.losses.y"),
      ...columns.map((column) => (this.open(column.name) ? this.picture(column[which], `cyclegan.losses.${which}`, column.name) : this.closed(column.name, which)))));
    this.table.replaceChildren(head, ...pictures, this.legend(), ...ROWS.map((row) => this.measured(row)));
    refocus();
  }

  /** What the two numbers of a cell are. */
  legend() {
    const own = kit.el("span", { class: "v-losses-own" }, sentence("cyclegan.losses.own"));
    const means = kit.el("span", { class: "v-losses-means" }, sentence("cyclegan.losses.means"));
    return kit.el("p", { class: "v-losses-part" }, own, " · ", means);
  }

  measured([key, field, write, figure, say]) {
    const { columns, untouched, place: at } = this.told;
    const { figures } = columns[0];
    const known = {
      apart: () => [error(untouched), error(figures.difference_untouched)],
      place: () => [place(at), share(figures.nearest_untouched)],
      judged: () => [share(figures.judged_counterpart)],
      grain: () => [times(figures.grain_counterpart)],
    }[key]?.();
    const beside = known ? kit.el("small", {}, sentence(`cyclegan.losses.beside.${key}`, { values: known.join(" · ") })) : null;
    const cells = columns.map((column) => {
      const told = this.open(column.name) ? [field && write(column[field]), say(column.figures[figure])] : [field && "?", "?"];
      const parts = told.map((text, i) => text && kit.el("span", { class: i ? "v-losses-means" : "v-losses-own" }, text));
      return kit.el("span", { class: "v-losses-cell" }, ...parts.filter(Boolean));
    });
    return kit.el("div", { class: "v-losses-row v-losses-line", "data-row": key }, kit.el("span", { class: "v-losses-label" }, kit.el("span", {}, sentence(`cyclegan.losses.row.${key}`)), beside), ...cells);
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
    const turn = () => this.room.set({ loss: name });
    const ask = kit.el("button", { type: "button", class: "v-losses-closed", "data-closed": `${name} ${which}`, tabindex: which === "made" ? "0" : "-1",
      "aria-label": sentence("cyclegan.losses.closed", { name: sentence(`cyclegan.losses.net.${name}`) }), onclick: turn }, "?");
    return kit.el("figure", {}, ask, kit.el("figcaption", { "aria-hidden": "true" }, sentence(`cyclegan.losses.${which}`)));
  }
}
