// A walk around a circle, made by the shared generator.
import { Generator, Reel } from "gallery/widgets/_generator.js";
import * as kit from "gallery/widgets/_kit.js";

export default class Walk extends Generator {
  constructor(element, props, server) {
    super(element, props, server, "walk");
  }

  build() {
    this.root.replaceChildren(this.switch.node);
  }

  connect() {
    this.room.on("go", () => this.start(true));
  }

  quick() {
    return true;
  }

  async heard(answer) {
    const film = new Reel(answer);
    await film.take(answer);
    kit.emit(this.room, "film", { ...film, index: 0 });
    if (this.plays) this.room.emit("film.play", {});
  }
}
