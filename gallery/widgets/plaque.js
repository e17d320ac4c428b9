// Lines of text that follow the newest answer of the room.
(() => {
  const { kit } = vernissage;

  class Plaque {
    constructor(element, props) {
      this.root = element.querySelector(".v-w-plaque");
      Object.assign(this, { props, room: vernissage.room(props.room), data: null });
      this.root.classList.add("v-lines");
      this.lines = props.lines.map(() => kit.el("p"));
      this.root.replaceChildren(...this.lines);
      for (const event of props.events) {
        kit.listen(this.room, event, (data) => {
          this.data = data;
          this.write();
        });
      }
      vernissage.on("lang", () => this.write());
    }

    write() {
      if (this.data) this.props.lines.forEach((line, i) => this.lines[i].replaceChildren(...kit.rich(this.say(line))));
    }

    say(line) {
      const { data, props, room } = this;
      if (line.startsWith("@")) return kit.say({ digits: props.digits, ...data[line.slice(1)] });
      return vernissage.t(line, kit.spoken({ ...room.knobs, ...kit.plain(data) }, props.digits));
    }
  }

  vernissage.widget("plaque", Plaque);
})();
