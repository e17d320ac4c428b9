// What the page's head loads: the shell of the gallery. Rooms and widgets come when they are opened.
import "gallery/shell/frame.js";
import "gallery/shell/mount.js";
import { startHeader } from "gallery/shell/header.js";
import { keepTheme } from "gallery/shell/page.js";
import { getRoom } from "gallery/shell/rooms.js";
import { keepSpeaking } from "gallery/shell/words.js";

keepSpeaking();
keepTheme();
startHeader();
window.vernissage.room = getRoom; // for the browser's console
