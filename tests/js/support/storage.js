/* A browser's storage in memory: its entries are its own keys, as localStorage has them. */

class FakeStorage {
  getItem(name) {
    return Object.hasOwn(this, name) ? this[name] : null;
  }
  setItem(name, value) {
    this[name] = String(value);
  }
  removeItem(name) {
    delete this[name];
  }
  clear() {
    for (const name of Object.keys(this)) delete this[name];
  }
}

/** A browser's storage that works. */
export const storage = () => new FakeStorage();

/** One that refuses to keep anything, as a private window's does. */
export function fullStorage() {
  const full = new FakeStorage();
  full.setItem = () => {
    throw new Error("QuotaExceededError");
  };
  Object.defineProperty(full, "setItem", { enumerable: false });
  return full;
}

/** One that may not even be asked for. */
export function noStorage() {
  throw new Error("SecurityError");
}
