// Work on the server that is pulled, a moment at a time: where nobody asks any more, nothing is computed any more.
(() => {
  const { kit } = vernissage;

  class Pull {
    /** heard(answer, first): each answer in its turn, the next is asked when it is through; ended(how): "done", "stopped" or "failed". */
    constructor(server, root, { heard, ended }) {
      Object.assign(this, { server, root, heard, ended, ticket: 0, running: false });
    }

    /** Asks `begin` with the arguments and then `more` with its token, until `done`; an earlier pull is let go. */
    async start(args) {
      const ticket = ++this.ticket;
      this.running = true;
      try {
        let answer = await vernissage.call(this.server, "begin", args);
        if (ticket !== this.ticket) return;
        const { token } = answer;
        await this.heard(answer, true);
        while (!answer.done) {
          if (ticket !== this.ticket) return;
          // A visitor who went to another room has left this one.
          if (!this.root.offsetParent) return this.stop();
          answer = await vernissage.call(this.server, "more", [token]);
          if (ticket !== this.ticket) return;
          await this.heard(answer, false);
        }
        if (ticket !== this.ticket) return;
        this.end("done");
      } catch (error) {
        if (!error.key) console.error(error); // what has a key has been said in a notice
        if (ticket === this.ticket) this.end("failed");
      }
    }

    stop() {
      if (!this.running) return;
      this.ticket += 1;
      this.end("stopped");
    }

    end(how) {
      this.running = false;
      this.ended(how);
    }
  }

  kit.Pull = Pull;
})();
