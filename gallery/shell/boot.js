// Stands in the page's head and runs before anything is painted or loaded: the theme and the language of this visitor,
// whose words are sent for at once; and the way in for gradio's components, whenever they come.
(() => {
  const root = document.documentElement;
  const house = JSON.parse(document.getElementById("v-house").textContent);
  const kept = (name) => {
    try { return localStorage.getItem(`vernissage.${name}`); } catch { return null; }
  };
  const asked = new URLSearchParams(location.search);
  const embed = asked.get("embed") === "1";
  if (embed) root.classList.add("v-embed", "v-present");
  const theme = (embed && asked.get("theme")) || kept("theme");
  const dark = theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.classList.toggle("dark", dark);
  root.classList.toggle("v-framed", self !== top);
  const browser = (navigator.language ?? "").toLowerCase().startsWith("ru") ? "ru" : "en";
  const lang = [asked.get("lang"), kept("lang"), house.lang, browser].find((name) => name in house.words);
  window.vernissage = {
    house,
    lang,
    words: fetch(house.words[lang]),
    mount: (...given) => import("gallery/shell/mount.js").then(({ mount }) => mount(...given)),
  };

  // The room that is asked for is sent for beside the shell, not after it.
  const { imports } = JSON.parse(document.querySelector("script[type=importmap]").textContent);
  const room = house.rooms.find(({ name }) => name === asked.get("room")) ?? house.rooms[0];
  const preload = (/** @type {Record<string, string>} */ attributes) => {
    document.head.append(Object.assign(document.createElement("link"), attributes));
  };
  for (const script of room.scripts) preload({ rel: "modulepreload", href: imports[script] });
  for (const href of room.styles) preload({ rel: "preload", as: "style", href });
  preload({ rel: "preload", as: "fetch", crossOrigin: "anonymous", href: room.words[lang] });
})();
