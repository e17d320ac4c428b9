// Widgets and their server: classes find their elements, calls find their sentences.
"use strict";
(() => {
  const classes = new Map();
  const waiting = new Map();
  const PATIENCE = 10000;

  /** A widget's script registers its class: new Class(element, props, server, trigger). */
  function widget(kind, made) {
    classes.set(kind, made);
    for (const start of waiting.get(kind) ?? []) start();
    waiting.delete(kind);
  }

  /** Makes the widget for an element; waits for its script if that is still on the way. */
  function mount(kind, element, props, server, trigger) {
    const start = () => {
      element.vernissage = new (classes.get(kind))(element, props, server, trigger);
      vernissage.words(element);
    };
    if (classes.has(kind)) return start();
    if (!waiting.has(kind)) waiting.set(kind, []);
    waiting.get(kind).push(start);
    setTimeout(() => classes.has(kind) || vernissage.notice(vernissage.t("page.no_widget"), "error"), PATIENCE);
  }

  /** What the last answer said about itself: milliseconds and device, for the weights' card. */
  const last = {};

  /**
   * Asks a server function. Resolves to its answer; an {error} becomes a notice and a rejection whose `key`
   * and `args` name the sentence. The server gone looks the same, with the key "page.server_gone".
   */
  async function call(server, fn, args = []) {
    let answer;
    try {
      answer = await server[fn](args);
    } catch {
      answer = undefined;
    }
    // gradio answers a failed request with nothing at all.
    const error = answer === undefined || answer === null ? { key: "page.server_gone" } : answer.error;
    if (error) {
      const text = vernissage.t(error.key, error.args);
      vernissage.notice(text, "error");
      throw Object.assign(new Error(text), error);
    }
    if (answer.ms !== undefined) Object.assign(last, { ms: answer.ms, device: answer.device ?? last.device });
    return answer;
  }

  /** One request in flight, the latest value wins: what comes in between is dropped. */
  function latest(fn) {
    let busy = false;
    let next = null;
    return async function ask(...args) {
      if (busy) {
        next = args;
        return;
      }
      busy = true;
      try {
        for (next = args; next; ) {
          const now = next;
          next = null;
          await fn(...now).catch((error) => {
            if (!error.key) console.error(error); // what has a key has been said in a notice
          });
        }
      } finally {
        busy = false;
      }
    };
  }

  Object.assign(vernissage, { widget, mount, call, latest, last });
})();
