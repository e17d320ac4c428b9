// No picture of its own: asks the server when knobs or an event of the room change, and emits the answer.
(() => {
  const { kit } = vernissage;

  class Ask {
    constructor(element, props, server) {
      const room = vernissage.room(props.room);
      const asker = new kit.Asker(room, server, "ask", props.id);
      kit.follow(room, props, (args) => asker.ask(args, kit.handTime()));
    }
  }

  vernissage.widget("ask", Ask);
})();
