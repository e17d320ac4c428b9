// The visitor's photos, kept in his own browser and nowhere else: one memory for all rooms, and for all pages that are open.

/** @typedef {{url: string | null, box: object | null, answer: any}} Chosen What a place shows: a photo with its square, and what the server made of it. */

const KEPT = 6; // of the latest photos
const PHOTOS = "photos";
const CHOSEN = "chosen"; // place -> Chosen

/** An IndexedDB request as a promise. */
const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = request.onblocked = () => reject(request.error);
});

class Memory {
  constructor() {
    /** What lasts as long as the page: all there is where a browser forbids storage. */
    this.here = { photos: [], chosen: new Map() };
    this.listeners = [];
    this.base = this.open().catch(() => null);
    this.channel = "BroadcastChannel" in window ? new BroadcastChannel("vernissage.photos") : null;
    this.channel?.addEventListener("message", ({ data }) => this.tell(data === "forgotten"));
  }

  /** Some browsers refuse by an error, some by throwing. */
  async open() {
    const request = indexedDB.open("vernissage", 2);
    request.onupgradeneeded = ({ oldVersion }) => {
      if (oldVersion < 1) request.result.createObjectStore(PHOTOS, { autoIncrement: true });
      request.result.createObjectStore(CHOSEN);
    };
    const base = await done(request);
    base.onversionchange = () => base.close();
    return base;
  }

  /**
   * Calls back when photos came or went: with true where they were forgotten.
   * @param {(forgotten: boolean) => void} callback
   */
  on(callback) {
    this.listeners.push(callback);
  }

  tell(forgotten) {
    if (forgotten) this.here = { photos: [], chosen: new Map() };
    for (const callback of this.listeners) callback(forgotten);
  }

  changed(forgotten = false) {
    this.tell(forgotten);
    this.channel?.postMessage(forgotten ? "forgotten" : "changed");
  }

  /** What work(store) asks of the browser's storage; undefined where there is none to be had, or no room in it. */
  async stored(name, mode, work) {
    const base = await this.base;
    if (!base) return undefined;
    try {
      const transaction = base.transaction(name, mode);
      const ended = new Promise((resolve, reject) => {
        transaction.oncomplete = resolve;
        transaction.onabort = () => reject(transaction.error);
      });
      const [result] = await Promise.all([done(work(transaction.objectStore(name))), ended]);
      return result;
    } catch {
      this.base = null; // from now on the page remembers by itself
      return undefined;
    }
  }

  /** The photos, the latest first. */
  async all() {
    const found = await this.stored(PHOTOS, "readonly", (store) => store.getAll());
    return found ? found.reverse() : [...this.here.photos];
  }

  async add(url) {
    const known = (await this.all()).filter((other) => other !== url);
    this.here.photos = [url, ...known].slice(0, KEPT);
    await this.stored(PHOTOS, "readwrite", (store) => {
      const cleared = store.clear();
      for (const each of [...this.here.photos].reverse()) store.add(each);
      return cleared;
    });
    this.changed();
  }

  /**
   * What a place showed last, in this page or in one before it.
   * @param {string} place
   * @returns {Promise<Chosen | undefined>}
   */
  async chosen(place) {
    return (await this.stored(CHOSEN, "readonly", (store) => store.get(place))) ?? this.here.chosen.get(place);
  }

  /**
   * @param {string} place
   * @param {Chosen} what
   */
  async choose(place, what) {
    this.here.chosen.set(place, what);
    await this.stored(CHOSEN, "readwrite", (store) => store.put(what, place));
  }

  async forget() {
    for (const name of [PHOTOS, CHOSEN]) await this.stored(name, "readwrite", (store) => store.clear());
    this.changed(true);
  }
}

export const photos = new Memory();
