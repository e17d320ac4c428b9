// What widgets are built of: elements, icons, buttons.

const SVG = {
  play: '<path d="M5 3.2v9.6L13 8z" fill="currentColor" stroke="none"/>',
  pause: '<path d="M5.2 3.5v9M10.8 3.5v9" stroke-width="2.6"/>',
  prev: '<path d="M10 3 5 8l5 5"/>',
  next: '<path d="m6 3 5 5-5 5"/>',
  loop: '<path d="M12.8 6.2A5 5 0 1 0 13 8.8M13 3v3.4H9.6"/>',
  bounce: '<path d="M2.5 8h11M5 5 2.5 8 5 11M11 5l2.5 3L11 11"/>',
  once: '<path d="M2.5 8h8.5M8 5l3 3-3 3M13.5 4v8"/>',
  save: '<path d="M8 2.5v7.2M4.8 7 8 10.2 11.2 7M3 13.2h10"/>',
  pen: '<path d="m3 13 .8-3.2 7-7 2.4 2.4-7 7z"/>',
  eraser: '<path d="M6.2 13h7M3 9.8 9 3.8l3.6 3.6-5.6 5.6H5.4z"/>',
  clear: '<path d="M4 4l8 8M12 4l-8 8"/>',
  camera: '<path d="M2 5h3l1.2-1.8h3.6L11 5h3v8H2z"/><circle cx="8" cy="8.8" r="2.3"/>',
  upload: '<path d="M8 10.5V3M4.8 6 8 2.8 11.2 6M3 13.2h10"/>',
  crop: '<path d="M4.5 1.8v9.7h9.7M1.8 4.5h9.7v9.7"/>',
  reset: '<path d="M3.2 6.2A5 5 0 1 1 3 8.8M3 3v3.4h3.4"/>',
};

/**
 * An element: el("button", {class: "v-button", onclick: fn, "data-t": "key"}, ...children).
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, any>} [attrs]
 * @param {...(Node | string | null | undefined)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, attrs = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attrs)) {
    if (value === undefined || value === null) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name in node && typeof value !== "string") node[name] = value;
    else if (value !== false) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== undefined && child !== null));
  return node;
}

/** @param {keyof typeof SVG} name */
export function icon(name) {
  const box = el("span", { class: "v-icon", "aria-hidden": "true" });
  box.innerHTML = `<svg viewBox="0 0 16 16" width="16" height="16">${SVG[name]}</svg>`;
  return box;
}

/**
 * A button with an icon; its name is a words key, shown as a tooltip and read aloud.
 * @param {keyof typeof SVG} name
 * @param {string} key
 * @param {(event: MouseEvent) => void} onclick
 * @param {Record<string, any>} [attrs]
 */
export function iconButton(name, key, onclick, attrs = {}) {
  return el("button", {
    type: "button", class: "v-icon-button", "data-t-label": key, "data-t-title": key, onclick, ...attrs,
  }, icon(name));
}

/**
 * One more of what data-NAME counts on an element: for whoever looks on from outside, as the tests do.
 * @param {HTMLElement} node
 * @param {string} name
 */
export function count(node, name) {
  node.dataset[name] = String(Number(node.dataset[name] ?? 0) + 1);
}

/**
 * Where a widget builds itself, in the element that gradio gives it.
 * @param {Element} element
 * @returns {HTMLElement}
 */
export const rootOf = (element) => element.querySelector(".v-widget");
