// A labelled list that is bound to a knob of the room.
(() => {
  const { kit } = vernissage;

  class Menu {
    constructor(element, props) {
      this.root = element.querySelector(".v-w-menu");
      Object.assign(this, { props, room: vernissage.room(props.room) });
      const options = (choices) => choices.map(([value, key]) =>
        key.startsWith("=") ? kit.el("option", { value }, key.slice(1)) : kit.el("option", { value, "data-t": key }));
      const groups = Object.entries(props.groups ?? {}).map(([key, choices]) =>
        kit.el("optgroup", { "data-group": key, label: vernissage.t(key) }, ...options(choices)));
      this.select = kit.el("select", { class: "v-menu-list" }, ...options(props.choices), ...groups);
      vernissage.on("lang", () => groups.forEach((group) => { group.label = vernissage.t(group.dataset.group); }));
      this.select.addEventListener("change", () => this.room.set({ [props.knob]: this.select.value }, "menu"));
      this.root.replaceChildren(kit.el("label", { class: "v-menu" }, kit.el("span", { "data-t": props.label }), this.select));
      this.room.on("knobs", () => this.show());
      this.show();
    }

    show() {
      this.select.value = String(this.room.knobs[this.props.knob]);
    }
  }

  vernissage.widget("menu", Menu);
})();
