// The door of a laboratory: what it is made of comes when its act is opened, for few visitors open it at once.
import { brought } from "gallery/shell/open.js";
import { getRoom } from "gallery/shell/rooms.js";
import * as kit from "gallery/widgets/_kit.js";

/**
 * Calls `begin` once, with the code that `get` imports, when the act is first seen. What does not come is sent for
 * again when the act is seen again.
 * @template Code
 * @param {HTMLElement} element
 * @param {Props} props
 * @param {string} name of the act
 * @param {() => Promise<Code>} get
 * @param {(code: Code, root: HTMLElement, room: import("gallery/shell/rooms.js").Room) => void} begin
 */
export function opened(element, props, name, get, begin) {
  const root = kit.rootOf(element);
  const room = getRoom(props.room);
  const act = document.getElementById(`act-${props.room}-${name}`);
  let begun = false;
  const look = async () => {
    if (begun || act.hidden || !act.offsetParent) return;
    begun = true;
    const code = await brought(get).catch(() => null);
    if (code) begin(code, root, room);
    else begun = false;
  };
  room.on("show", look);
  room.on("knobs", look);
  look();
}
