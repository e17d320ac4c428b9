// The lecturer leads: phones that came in by the QR code see the state of this page, and follow it.
import { latest } from "gallery/shell/calls.js";
import { on, tab } from "gallery/shell/page.js";
import { state } from "gallery/shell/rooms.js";
import { fill, sentence } from "gallery/shell/words.js";
import { el } from "gallery/widgets/_elements.js";
import { forget } from "gallery/lecture/walk.js";
import { Wall, hall, way } from "gallery/lecture/wall.js";

const EVERY = 200; // ms between two states, while a knob is dragged
const AGAIN = 2000; // ms after which the state is said again: a server that was started anew knows nothing of it

/** @type {Lead | null} */
let lead = null;

class Lead {
  constructor() {
    this.phones = 0;
    this.over = false;
    this.wall = new Wall({ title: "lecture.lead.title", qr: "lecture.lead.qr", close: "lecture.lead.fold" }, () => this.turn(false));
    this.wall.node.toggleAttribute("data-open", true);
    this.pill = el("button", { type: "button", class: "v-pill v-lead", "data-t-title": "lecture.lead.title", onclick: () => this.turn() });
    document.querySelector(".v-header .v-tools").prepend(this.pill);
    fill(this.pill);
    this.push = latest(async () => {
      const told = this.over ? null : await hall("lead", "lead", { link: state() }, true);
      if (told) this.phones = told.phones;
      this.write();
      await new Promise((done) => setTimeout(done, EVERY));
    });
    this.timer = window.setInterval(this.push, AGAIN);
  }

  /** @param {boolean} open whether the way in stands on the wall at once */
  async begin(open) {
    this.turn(open);
    this.write();
    if (!(await this.wall.open("lead", "f"))) return this.end();
    tab.set("lead", String(true));
    this.push();
  }

  /** The way in, on the wall or away from it. */
  turn(open = this.wall.node.hidden) {
    this.wall.node.hidden = !open;
    this.pill.setAttribute("aria-expanded", String(open));
    this.pill.setAttribute("aria-pressed", String(open));
  }

  write() {
    if (this.over) return;
    const said = sentence("lecture.lead.count", { n: this.phones });
    this.wall.count.textContent = this.pill.textContent = said;
    if (!this.wall.ways.children.length || this.spoken !== document.documentElement.lang) {
      this.spoken = document.documentElement.lang;
      this.wall.ways.replaceChildren(way("lecture.lead.gather", () => hall("lead", "gather")), way("lecture.lead.end", () => this.end()));
    }
  }

  end() {
    this.over = true;
    clearInterval(this.timer);
    hall("lead", "part", {}, true);
    this.wall.node.remove();
    this.pill.remove();
    forget("lead");
    lead = null;
  }
}

/** Begins to lead, or shows the way in and puts it away. */
export function press() {
  if (lead) return lead.turn();
  lead = new Lead();
  lead.begin(true);
}

/** Leads on after a reload. */
export function resume() {
  lead ??= new Lead();
  lead.begin(false);
}

/** Makes room on the wall. */
export const fold = () => lead?.turn(false);

on("state", () => lead?.push());
on("lang", () => lead?.write());
