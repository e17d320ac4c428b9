// The door of a laboratory: what it is made of comes when its act is opened, for few visitors open it at once.
import { getRoom } from "gallery/shell/rooms.js";
import * as kit from "gallery/widgets/_kit.js";

/**
 * Calls `begin` once, when the act is first seen.
 * @param {HTMLElement} element
 * @param {Props} props
 * @param {string} name of the act
 * @param {(root: HTMLElement, room: import("gallery/shell/rooms.js").Room) => Promise<void>} begin
 */
export function opened(element, props, name, begin) {
  const root = kit.rootOf(element);
  const room = getRoom(props.room);
  const act = document.getElementById(`act-${props.room}-${name}`);
  let begun = false;
  const look = async () => {
    if (begun || !act.offsetParent) return;
    begun = true;
    await begin(root, room);
  };
  room.on("show", look);
  room.on("knobs", look);
  look();
}
