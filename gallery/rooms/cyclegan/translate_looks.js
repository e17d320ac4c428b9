// What else than the four pictures can be shown in their place; its code comes when somebody wants it.
/** @type {Record<string, () => Promise<{default: any}>>} */
const CODE = {
  identity: () => import("gallery/rooms/cyclegan/translate_identity.js"),
  sizes: () => import("gallery/rooms/cyclegan/translate_sizes.js"),
};

export class Looks {
  /**
   * four: the node of the four pictures; widget: whose element, room, server and props the others use.
   * @param {HTMLElement} four
   * @param {{room: import("gallery/shell/rooms.js").Room, server: Server, root: HTMLElement, props: Props}} widget
   */
  constructor(four, widget) {
    this.four = four;
    this.widget = widget;
    /** @type {Record<string, any>} */
    this.made = {};
  }

  /** Whether something else is wanted: only photographs have sizes. */
  wanted({ look, pair }) {
    return look in CODE && (look !== "sizes" || pair === "monet");
  }

  /**
   * Asks for what is wanted, and shows it.
   * @param {any[]} args of the question
   * @param {() => boolean} still whether it is wanted still
   */
  async show(args, still) {
    const { look } = args[0];
    const { default: Look } = await CODE[look]();
    const { room, server, root, props } = this.widget;
    this.made[look] ??= new Look(room, server, root, props);
    await this.made[look].ask(args, still);
    this.place(look);
  }

  /** That one in the place of the four pictures, or these again. */
  place(look = "") {
    this.four.hidden = look in this.made;
    for (const [name, { node }] of Object.entries(this.made)) node.hidden = name !== look;
  }
}
