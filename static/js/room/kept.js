/* Answers on their way to the team: kept on this device until the server has them, then sent by themselves. */

const AGAIN_MS = 2500;

/** Fires "sent" (detail: {key, answer}) when something that had been kept went, or was refused for good. */
export class Kept extends EventTarget {
  constructor(link) {
    super();
    this.link = link;
    link.addEventListener("up", () => this.flush());
    setInterval(() => this.flush(), AGAIN_MS);
  }

  get shelf() { return `kept-${this.link.session}-${this.link.state?.me.seat}`; }
  get waiting() { return JSON.parse(localStorage.getItem(this.shelf) ?? "{}"); }

  store(entries) {
    if (Object.keys(entries).length) localStorage.setItem(this.shelf, JSON.stringify(entries));
    else localStorage.removeItem(this.shelf);
  }

  /** Send an event; the newest of one `key` counts. Resolves to the answer; with `away` it is kept here. */
  async send(key, name, data) {
    this.store({ ...this.waiting, [key]: { name, data } });
    return this.deliver(key);
  }

  async deliver(key) {
    const entry = this.waiting[key];
    const answer = await this.link.send(entry.name, entry.data);
    const now = this.waiting[key];
    if (!answer.away && JSON.stringify(now) === JSON.stringify(entry)) {
      const { [key]: gone, ...rest } = this.waiting;
      this.store(rest);
    }
    return answer;
  }

  async flush() {
    if (this.flushing || !this.link.state || !this.link.socket.connected) return;
    this.flushing = true;
    for (const key of Object.keys(this.waiting)) {
      const answer = await this.deliver(key);
      if (answer.away) break;
      this.dispatchEvent(new CustomEvent("sent", { detail: { key, answer } }));
    }
    this.flushing = false;
  }
}
