// The header: choosing a room, language, theme, link, presenter mode; and the page's keys.
"use strict";
(() => {
  const names = vernissage.house.rooms.map((each) => each.name);
  const header = document.querySelector(".v-header");
  const tabs = [...header.querySelectorAll("[data-room-tab]")];
  const root = document.documentElement;
  const button = (action) => header.querySelector(`[data-do="${action}"]`);

  // ---- rooms --------------------------------------------------------------------------------------------
  /** Opens a room: our tab, gradio's hidden tab button, the address. */
  function show(name, { push = true, focus = false } = {}) {
    vernissage.here.room = name;
    document.documentElement.dataset.room = name; // for style sheets
    for (const tab of tabs) {
      const on = tab.dataset.roomTab === name;
      tab.setAttribute("aria-selected", on);
      tab.tabIndex = on ? 0 : -1;
      if (on && focus) tab.focus();
    }
    title();
    open(name);
    vernissage.write({ now: true, push });
  }

  /** gradio's own tab must follow; before it has mounted, its configuration is told instead. */
  function open(name) {
    const own = document.getElementById(`room-${name}-button`);
    if (own) {
      if (own.getAttribute("aria-selected") !== "true") own.click();
      vernissage.room(name).emit("show", {});
      return;
    }
    const set = window.gradio_config?.components?.find((each) => each.props?.elem_id === "v-rooms");
    if (set) set.props.selected = name;
    waitForTabs();
  }
  let waiting = false;
  function waitForTabs() {
    if (waiting) return;
    waiting = true;
    vernissage.on("nodes", () => {
      if (!waiting || !document.getElementById(`room-${vernissage.here.room}-button`)) return;
      waiting = false;
      open(vernissage.here.room);
    });
  }

  function title() {
    document.title = `${vernissage.t(`${vernissage.here.room}.name`)} · ${vernissage.t("page.brand")}`;
  }

  function fromAddress({ push = false } = {}) {
    const url = new URLSearchParams(location.search);
    const given = url.get("room");
    if (given !== null && !names.includes(given)) {
      vernissage.notice(vernissage.t("page.no_room", { given: given.slice(0, 40) }));
    }
    show(names.includes(given) ? given : names[0], { push });
  }

  function arrows(event) {
    const index = tabs.indexOf(event.target.closest("[data-room-tab]"));
    const to = { ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (index < 0 || to === undefined) return;
    event.preventDefault();
    show(names[(to + names.length) % names.length], { focus: true });
  }

  // ---- tools --------------------------------------------------------------------------------------------
  /** The address to hand on. Inside a Space, the Space's own page, with the same query. */
  function link() {
    const space = location.hostname.endsWith(".hf.space") && document.referrer.match(/huggingface\.co\/spaces\/[\w.-]+\/[\w.-]+/);
    return space ? `https://${space[0]}?${vernissage.query()}` : location.href;
  }

  async function copyLink() {
    vernissage.write({ now: true });
    let done = false;
    try {
      await navigator.clipboard.writeText(link());
      done = true;
    } catch {
      done = copyOldWay(link()); // plain http from another machine has no clipboard API
    }
    vernissage.notice(vernissage.t(done ? "page.copied" : "page.not_copied"), done ? "info" : "error");
  }
  function copyOldWay(text) {
    const area = document.createElement("textarea");
    const focused = document.activeElement;
    area.value = text;
    area.className = "v-unseen";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    focused?.focus();
    return done;
  }

  const THEMES = ["system", "light", "dark"];
  const ICONS = {
    system: '<circle cx="8" cy="8" r="5.2"/><path d="M8 2.8a5.2 5.2 0 0 1 0 10.4z" fill="currentColor"/>',
    light: '<circle cx="8" cy="8" r="2.8"/><path d="M8 1.5v1.8M8 12.7v1.8M1.5 8h1.8M12.7 8h1.8M3.4 3.4l1.3 1.3M11.3 11.3l1.3 1.3M12.6 3.4l-1.3 1.3M4.7 11.3l-1.3 1.3"/>',
    dark: '<path d="M12.9 9.6A5.4 5.4 0 0 1 6.4 3.1a5.4 5.4 0 1 0 6.5 6.5z"/>',
  };
  function showTheme() {
    const mode = vernissage.theme();
    button("theme").innerHTML = `<svg viewBox="0 0 16 16" aria-hidden="true">${ICONS[mode]}</svg>`;
    button("theme").dataset.tLabel = button("theme").dataset.tTitle = `page.theme.${mode}`;
  }

  function present(on) {
    root.classList.toggle("v-present", on);
    button("present").setAttribute("aria-pressed", on);
    vernissage.emit("present", on);
  }

  const actions = {
    lang: () => {
      vernissage.setLang(vernissage.lang === "ru" ? "en" : "ru");
      vernissage.write({ now: true });
    },
    theme: () => vernissage.setTheme(THEMES[(THEMES.indexOf(vernissage.theme()) + 1) % THEMES.length]),
    link: copyLink,
    present: () => present(!root.classList.contains("v-present")),
  };

  // ---- keys ---------------------------------------------------------------------------------------------
  const HELP = [["1 … 9", "rooms"], ["P", "present"], ["Esc", "leave"], ["← → ↑ ↓", "arrows"], ["Tab", "tab"], ["?", "help"]];
  function help() {
    const rows = HELP.map(([key, word]) => `<tr><th><kbd>${key}</kbd></th><td data-t="page.keys.${word}"></td></tr>`);
    vernissage.dialog("page.keys.title", `<table class="v-keys">${rows.join("")}</table>`);
  }

  function typing(event) {
    const to = event.target;
    return to.isContentEditable || /^(TEXTAREA|SELECT)$/.test(to.tagName)
      || (to.tagName === "INPUT" && !/^(range|checkbox|radio|button|file)$/.test(to.type));
  }
  function keys(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || typing(event)) return;
    if (document.querySelector("dialog[open]")) return;
    // By place and not by letter: on a Russian keyboard the same key types another letter.
    if (event.code === "KeyP" && !event.shiftKey) actions.present();
    else if (event.key === "Escape") present(false);
    else if (event.key === "?" || (event.code === "Slash" && event.shiftKey)) help();
    else if (/^Digit[1-9]$/.test(event.code) && !event.shiftKey && names[event.code.at(-1) - 1]) {
      show(names[event.code.at(-1) - 1]);
    } else return;
    event.preventDefault();
  }

  header.addEventListener("click", (event) => {
    const tab = event.target.closest("[data-room-tab]");
    const tool = event.target.closest("[data-do]");
    if (tab) show(tab.dataset.roomTab);
    else if (tool) actions[tool.dataset.do]();
  });
  header.querySelector(".v-tabs").addEventListener("keydown", arrows);
  document.addEventListener("keydown", keys);
  addEventListener("popstate", () => {
    const url = new URLSearchParams(location.search);
    // The knobs first: showing a room writes them into the address.
    if (names.includes(url.get("room"))) vernissage.room(url.get("room")).restore(url);
    fromAddress();
  });
  vernissage.on("lang", title);
  vernissage.on("theme", showTheme);
  vernissage.show = show;
  showTheme();
  fromAddress();
})();
