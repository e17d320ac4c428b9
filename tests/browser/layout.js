// What is wrong with the act that is shown: {wide, covered, cut, boxes}. Each control is scrolled into view and touched.
() => {
  /** @type {NodeListOf<HTMLElement>} */
  const acts = document.querySelectorAll(".v-act");
  const act = [...acts].find((each) => each.offsetParent);
  const name = (node) => `${node.tagName.toLowerCase()}.${node.className} ${node.textContent.trim().slice(0, 30)}`;
  const seen = (node) => node.offsetParent && node.checkVisibility() && node.getBoundingClientRect().width > 2;
  // What lies on pictures by design.
  const laid = ".v-picture-save, .v-portraits-cell, .v-curve-handle, .v-flow-handle, .v-crop *, .v-film-format, .v-unseen";
  const all = [...act.querySelectorAll("button, select, input, summary, [tabindex='0'], canvas.v-sheet, .v-formula, h2, .v-idea")]
    .filter((node) => seen(node) && !node.matches(laid));
  const scrollers = [...act.querySelectorAll("*")].filter((node) => /auto|scroll/.test(getComputedStyle(node).overflowY + getComputedStyle(node).overflowX));
  const wide = [...act.querySelectorAll("*")].filter((node) => seen(node) && node.getBoundingClientRect().right > innerWidth + 1
    && !scrollers.some((each) => each !== node && each.contains(node)) && !node.matches(".v-crop *, .v-unseen")).map(name);
  const covered = all.filter((node) => {
    node.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
    const box = node.getBoundingClientRect();
    const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    return !hit || !(node.contains(hit) || hit.contains(node) || hit.closest("label")?.contains(node));
  }).map(name);
  const cut = all.filter((node) => node.matches("button, h2, .v-idea") && node.scrollWidth > node.clientWidth + 1).map(name);
  scrollTo(0, 0);
  for (const each of scrollers) each.scrollTo(0, 0);
  const box = (selector) => [...act.querySelectorAll(selector)].find(seen)?.getBoundingClientRect().toJSON() ?? null;
  const boxes = Object.fromEntries([["stage", ".v-stage"], ["outcome", ".v-outcome"], ["film", ".v-filmrow"], ["play", ".v-film-play"], ["title", "h2"], ["try", ".v-try"]]
    .map(([key, selector]) => [key, box(selector)]));
  return { wide, covered, cut, boxes, size: [document.body.scrollWidth, document.documentElement.scrollHeight], seen: [innerWidth, innerHeight] };
}
