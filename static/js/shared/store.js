/* What a page keeps in its browser. A browser may refuse, in a private window, with storage blocked or full: then it is
   kept in the page's memory, and ends with the page. */

export class Store {
  /** @param {() => Storage} open Gives the browser's own store; asking for it may throw already. */
  constructor(open) {
    this.open = open;
    /** @type {Map<string, string>} */
    this.memory = new Map();
  }

  /**
   * What is kept under `name`, or null.
   * @param {string} name
   */
  get(name) {
    const here = this.memory.get(name);
    if (here !== undefined) return here;
    try {
      return this.open().getItem(name);
    } catch {
      return null;
    }
  }

  /** @param {string} name @param {string | number} value */
  set(name, value) {
    try {
      this.open().setItem(name, String(value));
      this.memory.delete(name);
    } catch {
      this.memory.set(name, String(value));
    }
  }

  /** @param {string} name */
  drop(name) {
    this.memory.delete(name);
    try {
      this.open().removeItem(name);
    } catch {
      /* it was in memory only */
    }
  }

  /** All names under which something is kept. */
  names() {
    const kept = [...this.memory.keys()];
    try {
      kept.push(...Object.keys(this.open()));
    } catch {
      /* in memory only */
    }
    return [...new Set(kept)];
  }

  /**
   * The value that `write` kept, or `otherwise` when there is none or it cannot be read.
   * @template T
   * @param {string} name
   * @param {T} otherwise
   * @returns {T}
   */
  read(name, otherwise) {
    try {
      return JSON.parse(this.get(name) ?? "null") ?? otherwise;
    } catch {
      return otherwise;
    }
  }

  /** @param {string} name @param {unknown} value Anything that JSON can say. */
  write(name, value) {
    this.set(name, JSON.stringify(value));
  }

  clear() {
    this.memory.clear();
    try {
      this.open().clear();
    } catch {
      /* in memory only */
    }
  }

  /** Whether what is kept outlives this page. */
  get lasts() {
    try {
      this.open().setItem("try", "");
      this.open().removeItem("try");
      return this.memory.size === 0;
    } catch {
      return false;
    }
  }
}

/** For all visits on this device. */
export const onDevice = new Store(() => window.localStorage);
/** For this tab, also when its page loads again. */
export const inTab = new Store(() => window.sessionStorage);
