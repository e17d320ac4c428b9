// Stands in the page's head and runs before anything is painted or loaded: the theme and the language of this visitor,
// whose words are sent for at once; and the way in for gradio's components, whenever they come.
(() => {
  const root = document.documentElement;
  const house = JSON.parse(document.getElementById("v-house").textContent);
  const kept = (name) => {
    try { return localStorage.getItem(`vernissage.${name}`); } catch { return null; }
  };
  const theme = kept("theme");
  const dark = theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.classList.toggle("dark", dark);
  root.classList.toggle("v-framed", self !== top);
  const browser = (navigator.language ?? "").toLowerCase().startsWith("ru") ? "ru" : "en";
  const asked = new URLSearchParams(location.search).get("lang");
  const lang = [asked, kept("lang"), house.lang, browser].find((name) => name in house.words);
  window.vernissage = {
    house,
    lang,
    words: fetch(house.words[lang]),
    mount: (...given) => import("gallery/shell/mount.js").then(({ mount }) => mount(...given)),
  };
})();
