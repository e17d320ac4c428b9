// The visitor's photos, kept in his own browser and nowhere else.

const STORE = "photos";

/** An IndexedDB request as a promise. */
const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

export class Memory {
  /** keep: how many of the latest photos stay. Where storage is forbidden, they last as long as the page. */
  constructor(keep) {
    this.keep = keep;
    this.here = [];
    this.base = this.open().catch(() => null);
  }

  open() {
    const request = indexedDB.open("vernissage", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { autoIncrement: true });
    return done(request);
  }

  async store(mode) {
    const base = await this.base;
    return base && base.transaction(STORE, mode).objectStore(STORE);
  }

  /** The photos, the latest first. */
  async all() {
    const store = await this.store("readonly");
    return store ? (await done(store.getAll())).reverse() : [...this.here];
  }

  async add(url) {
    const known = (await this.all()).filter((other) => other !== url);
    await this.replace([url, ...known].slice(0, this.keep));
  }

  async forget() {
    await this.replace([]);
  }

  async replace(urls) {
    this.here = urls;
    const store = await this.store("readwrite");
    if (!store) return;
    store.clear();
    for (const url of [...urls].reverse()) store.add(url);
    await new Promise((resolve) => {
      store.transaction.oncomplete = resolve;
      store.transaction.onabort = resolve; // a full disk: the photo is used all the same
    });
  }
}
