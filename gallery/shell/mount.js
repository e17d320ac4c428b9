// gradio's components find their code here, however late it comes.
import { opened } from "gallery/shell/open.js";
import { fill, tell } from "gallery/shell/words.js";

/**
 * Makes the widget of an element, when its room has come.
 * @param {string} script the module whose default export is the widget's class
 * @param {HTMLElement} element
 * @param {{room: string}} props
 * @param {Server} server
 * @param {(event: string, data: any) => void} trigger
 */
export async function mount(script, element, props, server, trigger) {
  await opened(props.room);
  try {
    const { default: Widget } = await import(script);
    element.vernissage = new Widget(element, props, server, trigger);
  } catch (error) {
    tell("page.no_widget", {}, "error");
    throw error;
  }
  fill(element);
}
