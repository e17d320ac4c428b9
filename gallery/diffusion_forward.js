// Forward time: another noise when asked for one, and a word where a link names a photo that stayed at home.
"use strict";
(() => {
  class Forward {
    constructor(element, props) {
      const room = vernissage.room(props.room);
      const again = () => room.set({ draw: Math.floor(Math.random() * (props.last_seed + 1)) }, "again");
      room.on("again", again);
      if (room.knobs.picture !== "own") return;
      room.set({ picture: props.first }, "restore");
      if (room.knobs.act === "forward") vernissage.notice(vernissage.t("vae.smile.photo_stays"));
    }
  }

  vernissage.widget("diffusion-forward", Forward);
})();
