// Forward time: another noise when asked for one, the picture that was made last as x_0, and a word where a link names a
// photo that stayed at home.
"use strict";
(() => {
  const { kit } = vernissage;

  class Forward {
    constructor(element, props) {
      const room = vernissage.room(props.room);
      const again = () => room.set({ draw: Math.floor(Math.random() * (props.last_seed + 1)) }, "again");
      room.on("again", again);
      this.offer(element.querySelector(".v-w-diffusion-forward"), room);
      if (room.knobs.picture !== "own") return;
      room.set({ picture: props.first }, "restore");
      if (room.knobs.act === "forward") vernissage.notice(vernissage.t("vae.smile.photo_stays"));
    }

    /** What "reverse" made last, of any model, walks the way back into noise. */
    offer(root, room) {
      let made = null;
      const button = kit.el("button", { type: "button", class: "v-button", hidden: true, "data-t": "diffusion.forward.made", onclick: () => {
        room.set({ picture: "own" }, "photo");
        kit.emit(room, "photo", { face: made });
      } });
      root.replaceChildren(button);
      kit.listen(room, "reverse.made", ({ face }) => {
        made = face;
        button.hidden = false;
      });
    }
  }

  vernissage.widget("diffusion-forward", Forward);
})();
