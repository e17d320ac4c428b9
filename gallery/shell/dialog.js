// Windows over the page.
import { closest } from "gallery/shell/page.js";
import { fill } from "gallery/shell/words.js";

/**
 * Opens a dialog with a title (words key) and trusted HTML; returns its body. Esc and a click beside close it.
 * @param {string} titleKey
 * @param {string} html
 * @returns {HTMLElement}
 */
export function dialog(titleKey, html) {
  const box = document.createElement("dialog");
  box.className = "v-dialog";
  box.innerHTML = `<div class="v-dialog-head"><h2 data-t="${titleKey}"></h2>
    <button type="button" class="v-close" data-t-label="page.close"><svg viewBox="0 0 16 16" aria-hidden="true">
    <path d="M4 4l8 8M12 4l-8 8"/></svg></button></div><div class="v-dialog-body">${html}</div>`;
  box.addEventListener("click", (event) => {
    if (event.target === box || closest(event, ".v-close")) box.close();
  });
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  fill(box);
  box.showModal();
  return box.querySelector(".v-dialog-body");
}
