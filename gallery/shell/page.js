// The page's own global: words, language, theme, notices. Loaded first; house.js has made `vernissage.house`.
"use strict";
(() => {
  const house = vernissage.house;
  const root = document.documentElement;
  const LANGUAGES = Object.keys(house.words);
  const listeners = new Map();

  /** Calls back on "lang", "theme", "present" and "nodes" (elements that came into the page). */
  function on(event, callback) {
    if (!listeners.has(event)) listeners.set(event, []);
    listeners.get(event).push(callback);
  }
  function emit(event, data) {
    for (const callback of listeners.get(event) ?? []) callback(data);
  }

  // A browser may forbid storage (private windows, third-party frames): then a choice lasts for the page.
  const memory = new Map();
  const store = {
    get(name) {
      try { return localStorage.getItem(`vernissage.${name}`); } catch { return memory.get(name) ?? null; }
    },
    set(name, value) {
      try { localStorage.setItem(`vernissage.${name}`, value); } catch { memory.set(name, value); }
    },
  };

  // ---- language -----------------------------------------------------------------------------------------
  const asked = new URLSearchParams(location.search).get("lang");
  const known = (lang) => (LANGUAGES.includes(lang) ? lang : null);
  const browser = () => ((navigator.language ?? "").toLowerCase().startsWith("ru") ? "ru" : "en");
  let lang = known(asked) ?? known(store.get("lang")) ?? known(house.lang) ?? browser();
  // Only a language that somebody chose belongs into a link; otherwise each reader gets his own.
  let chosen = known(asked) !== null;

  function setLang(next) {
    if (!known(next)) return;
    lang = next;
    chosen = true;
    store.set("lang", next);
    speak();
  }
  function speak() {
    root.lang = lang;
    words(document.body);
    emit("lang", lang);
  }

  const rules = Object.fromEntries(LANGUAGES.map((code) => [code, new Intl.PluralRules(code)]));
  const FORM = { one: 0, few: 1, many: 2, other: 1 };
  function plural(n, forms) {
    return forms[Math.min(FORM[rules[lang].select(Number(n))] ?? 0, forms.length - 1)];
  }

  /** The sentence of a key in the visitor's language; numbers among args are written his way. */
  function t(key, args = {}) {
    const sentence = house.words[lang][key];
    if (sentence === undefined) {
      console.error(`no words for ${key}`);
      return key;
    }
    return sentence.replace(/\{(\w+)(?::([^{}]*))?\}/g, (_, name, forms) => {
      const value = args[name] ?? "";
      if (forms !== undefined) return plural(value, forms.split("|"));
      return typeof value === "number" ? number(value) : String(value);
    });
  }

  const formats = new Map();
  /** 0,62 or 0.62, with a true minus sign; without digits, at most two decimals. */
  function number(x, digits) {
    const name = `${lang} ${digits}`;
    if (!formats.has(name)) {
      const options = { minimumFractionDigits: digits ?? 0, maximumFractionDigits: digits ?? 2, signDisplay: "negative" };
      formats.set(name, new Intl.NumberFormat(lang === "ru" ? "ru-RU" : "en-US", { ...options, useGrouping: "min2" }));
    }
    return formats.get(name).format(x).replace("-", "\u2212");
  }

  const FILL = {
    "data-t": (node, text) => { if (node.textContent !== text) node.textContent = text; },
    "data-t-title": (node, text) => { node.title = text; },
    "data-t-label": (node, text) => node.setAttribute("aria-label", text),
    "data-t-alt": (node, text) => { node.alt = text; },
    "data-t-placeholder": (node, text) => { node.placeholder = text; },
  };
  const ANY = Object.keys(FILL).map((name) => `[${name}]`).join();

  function fill(node) {
    const args = node.dataset.tArgs ? JSON.parse(node.dataset.tArgs) : {};
    for (const [name, put] of Object.entries(FILL)) {
      const key = node.getAttribute(name);
      if (key) put(node, t(key, args));
    }
  }
  /** Fills in the words of an element and of everything below it. */
  function words(element) {
    if (element.matches?.(ANY)) fill(element);
    for (const node of element.querySelectorAll(ANY)) fill(node);
  }

  function watch() {
    const attributeFilter = [...Object.keys(FILL), "data-t-args"];
    new MutationObserver((records) => {
      for (const record of records) {
        if (record.type === "attributes") fill(record.target);
        for (const node of record.addedNodes) {
          if (node.nodeType !== Node.ELEMENT_NODE) continue;
          words(node);
          emit("nodes", node);
        }
      }
    }).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter });
  }

  // ---- theme --------------------------------------------------------------------------------------------
  const system = matchMedia("(prefers-color-scheme: dark)");
  const theme = () => store.get("theme") ?? "system";
  const dark = () => theme() === "dark" || (theme() === "system" && system.matches);

  function setTheme(next) {
    store.set("theme", next);
    paint();
  }
  function paint() {
    for (const node of [root, document.body]) {
      if (node.classList.contains("dark") !== dark()) node.classList.toggle("dark", dark());
    }
    emit("theme", dark() ? "dark" : "light");
  }
  function keepChoices() {
    system.addEventListener("change", paint);
    // gradio sets .dark and the language from the system when it mounts; the visitor's choice goes before that.
    new MutationObserver(() => {
      if (document.body.classList.contains("dark") !== dark()) paint();
    }).observe(document.body, { attributes: true, attributeFilter: ["class"] });
    new MutationObserver(() => {
      if (root.lang !== lang) root.lang = lang;
    }).observe(root, { attributes: true, attributeFilter: ["lang"] });
  }

  // ---- notices ------------------------------------------------------------------------------------------
  const queue = [];
  let timer = 0;
  /** One quiet sentence at the foot of the page; sentences that come together are shown one under another. */
  function notice(text, kind = "info") {
    const box = document.querySelector(".v-notice");
    if (queue.some((line) => line.text === text)) return;
    queue.push({ text, kind });
    const lines = queue.slice(-5).map((line) => {
      const p = document.createElement("p");
      p.className = `v-notice-${line.kind}`;
      p.textContent = line.text;
      return p;
    });
    box.replaceChildren(...lines);
    // Shown anew each time, so that it also stands before a dialog that has been opened since.
    box.hidePopover?.();
    box.showPopover?.();
    clearTimeout(timer);
    timer = setTimeout(() => {
      queue.length = 0;
      box.replaceChildren();
      box.hidePopover?.();
    }, 3000 + 45 * lines.reduce((sum, line) => sum + line.textContent.length, 0));
  }

  Object.assign(vernissage, {
    on, emit, store, t, number, words, notice, setLang, setTheme, theme, dark,
  });
  Object.defineProperty(vernissage, "lang", { get: () => lang });
  Object.defineProperty(vernissage, "langChosen", { get: () => chosen });

  watch();
  keepChoices();
  paint();
  speak();
})();
