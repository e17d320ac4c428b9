// The frame of a room: its acts, the controls bound to its knobs, and "how it is computed".
"use strict";
(() => {
  const roomOf = (node) => {
    const holder = node.closest(".v-room");
    return holder && vernissage.room(holder.id.replace(/^room-/, ""));
  };
  const milliseconds = (ms) => vernissage.t("frame.ms", { n: vernissage.number(ms, 1) });
  /** A cell of a card: a text, a number, or {key, args}. */
  function say(value) {
    if (typeof value === "number") return vernissage.number(value, 0);
    return typeof value === "object" ? vernissage.t(value.key, value.args) : String(value);
  }

  // ---- what is shown follows the knobs ------------------------------------------------------------------
  function showActs(holder, room) {
    if (!("act" in room.knobs)) return;
    for (const act of holder.querySelectorAll(".v-act")) {
      act.hidden = act.id !== `act-${room.name}-${room.knobs.act}`;
    }
  }
  function showSegments(holder, room) {
    for (const group of holder.querySelectorAll(".v-seg[data-knob]")) {
      const buttons = [...group.querySelectorAll("[data-value]")];
      const now = String(room.knobs[group.dataset.knob]);
      for (const each of buttons) {
        const on = each.dataset.value === now;
        each.setAttribute("aria-checked", on);
        each.tabIndex = on ? 0 : -1;
      }
    }
  }
  function showTries(holder, room) {
    for (const each of holder.querySelectorAll("[data-set]")) {
      const wanted = Object.entries(JSON.parse(each.dataset.set));
      const on = wanted.length > 0 && wanted.every(([name, value]) => String(room.knobs[name]) === String(value));
      each.setAttribute("aria-pressed", on);
    }
  }
  function refresh(holder, room) {
    for (const show of [showActs, showSegments, showTries]) show(holder, room);
  }

  /** Connects a room's element, once. */
  function hang(holder) {
    const room = roomOf(holder);
    holder.dataset.hung = "yes";
    room.on("knobs", ({ changed }) => {
      refresh(holder, room);
      if (changed.has("act")) room.emit("show", { act: room.knobs.act });
    });
    return room;
  }

  vernissage.on("nodes", (node) => {
    const holders = new Set([node.closest(".v-room"), ...node.querySelectorAll(".v-room")]);
    const bound = ".v-act, .v-seg[data-knob], [data-set]";
    for (const holder of holders) {
      if (!holder || !(node.matches(bound) || node.querySelector(bound))) continue;
      refresh(holder, holder.dataset.hung ? roomOf(holder) : hang(holder));
    }
  });

  // ---- what the hand does -------------------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    const segment = event.target.closest(".v-seg [data-value]");
    const prompt = event.target.closest("[data-set]");
    if (segment) roomOf(segment).set({ [segment.parentElement.dataset.knob]: segment.dataset.value }, "segment");
    if (prompt) {
      const room = roomOf(prompt);
      room.set(JSON.parse(prompt.dataset.set), "try");
      if (prompt.dataset.emit) room.emit(prompt.dataset.emit, {});
    }
  });
  document.addEventListener("keydown", (event) => {
    const segment = event.target.closest?.(".v-seg [data-value]");
    if (!segment) return;
    const all = [...segment.parentElement.querySelectorAll("[data-value]")];
    const at = all.indexOf(segment);
    const to = {
      ArrowLeft: at - 1, ArrowUp: at - 1, ArrowRight: at + 1, ArrowDown: at + 1, Home: 0, End: all.length - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = all[(to + all.length) % all.length];
    next.click();
    // The switch of acts stands in each act: the focus goes to the one that is shown now.
    const { knob } = segment.parentElement.dataset;
    const twins = segment.closest(".v-room").querySelectorAll(`.v-seg[data-knob="${knob}"] [aria-checked=true]`);
    [...twins].find((each) => each.offsetParent)?.focus();
  });

  // ---- dialogs ------------------------------------------------------------------------------------------
  /** Opens a dialog with a title (words key) and trusted HTML; returns its body. Esc and a click beside close it. */
  function dialog(titleKey, html) {
    const box = document.createElement("dialog");
    box.className = "v-dialog";
    box.innerHTML = `<div class="v-dialog-head"><h2 data-t="${titleKey}"></h2>
      <button type="button" class="v-close" data-t-label="page.close"><svg viewBox="0 0 16 16" aria-hidden="true">
      <path d="M4 4l8 8M12 4l-8 8"/></svg></button></div><div class="v-dialog-body">${html}</div>`;
    box.addEventListener("click", (event) => {
      if (event.target === box || event.target.closest(".v-close")) box.close();
    });
    box.addEventListener("close", () => box.remove());
    document.body.append(box);
    vernissage.words(box);
    box.showModal();
    return box.querySelector(".v-dialog-body");
  }

  function element(tag, className, ...children) {
    const node = document.createElement(tag);
    node.className = className;
    node.append(...children);
    return node;
  }
  const worded = (tag, key) => element(tag, "", vernissage.t(key));

  /** "How it is computed": the lines of our code and the cards of the weights, fetched when opened. */
  class How {
    constructor(root, props, server) {
      Object.assign(this, { props, server });
      root.addEventListener("click", (event) => {
        if (event.target.closest(".v-how")) this.open(vernissage.room(props.room));
      });
    }

    async open(room) {
      const body = dialog("frame.how", "");
      const names = this.props.cards.map((name) => name.replace(/\{(\w+)\}/g, (_, knob) => room.knobs[knob]));
      const parts = [["code", [], this.listing], ["about", [names], this.card]];
      for (const [fn, args, made] of parts) {
        try {
          const answer = await vernissage.call(this.server, fn, args);
          const found = answer.code ?? answer.cards;
          if (answer.cards && found.length) body.append(worded("h3", "frame.weights"));
          body.append(...found.map((each) => made.call(this, each)));
        } catch {
          continue; // vernissage.call has said why
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
      const took = vernissage.last.ms === undefined ? [] : [["card.took", [milliseconds(vernissage.last.ms)]]];
      const device = vernissage.last.device ? [["card.device", [vernissage.last.device]]] : [];
      const lines = [...rows, ...device, ...took].map(([key, values]) => {
        const cells = values.map((value) => element("span", "", say(value)));
        return element("tr", "", worded("th", key), element("td", "", ...cells));
      });
      return element("section", "v-card", element("h4", "", title), element("table", "", ...lines));
    }
  }

  vernissage.dialog = dialog;
  vernissage.widget("how", How);
})();
