/* Answers on their way to us. Each is kept on this device, under a key of its own, until we say that we have it.
   One entry a key: two tabs never write over each other, and an answer sent twice is one answer. */

const PREFIX = "answer:";
const RETRY_MS = 15000;

const memory = new Map();
const store = {
  set(name, value) { try { localStorage.setItem(name, value); } catch { memory.set(name, value); } },
  drop(name) { memory.delete(name); try { localStorage.removeItem(name); } catch { /* it was in memory only */ } },
  all() {
    const found = [...memory];
    try {
      for (let place = 0; place < localStorage.length; place += 1) {
        const name = localStorage.key(place);
        found.push([name, localStorage.getItem(name)]);
      }
    } catch { /* this browser keeps nothing for us */ }
    return found;
  },
};

const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export class AnswerQueue {
  /** `owner` is who answers: on a shared device nobody sends another one's answers. `tell` hears what happened. */
  constructor(owner, token, tell) {
    this.prefix = `${PREFIX}${owner}:`;
    this.token = token;
    this.tell = tell;
    this.sending = null;
    window.addEventListener("online", () => this.flush());
    setInterval(() => { if (this.waiting().length) this.flush(); }, RETRY_MS);
  }

  /** What is kept here, oldest first; only for one form when `response` is given. */
  waiting(response) {
    const entries = store.all().filter(([name]) => name.startsWith(this.prefix)).map(([name, text]) => ({ name, ...JSON.parse(text) }));
    return entries.filter((entry) => !response || entry.response === response).sort((one, other) => one.given - other.given);
  }

  add(response, url, question, value) {
    const key = newKey();
    store.set(this.prefix + key, JSON.stringify({ key, response, url, question, value, given: Date.now() }));
    return this.flush();
  }

  /** Send everything kept. Resolves to whether nothing is left. */
  async flush() {
    while (this.sending) await this.sending;
    this.sending = this.sendAll().finally(() => { this.sending = null; });
    return this.sending;
  }

  async sendAll() {
    const forms = byAddress(this.waiting());
    for (const [url, entries] of forms) await this.sendForm(url, entries);
    return this.waiting().length === 0;
  }

  async sendForm(url, entries) {
    const answers = entries.map(({ key, question, value, given }) => ({ key, question, value, ago: Math.max(0, Date.now() - given) / 1000 }));
    let reply;
    try {
      reply = await fetch(url, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.token },
        body: JSON.stringify({ answers }),
      });
    } catch {
      this.tell("kept", { entries });
      return;
    }
    const body = await reply.json().catch(() => ({}));
    if (!reply.ok) {
      this.tell("stuck", { entries, message: body.error });
      return;
    }
    for (const entry of entries) {
      if (body.saved.includes(entry.key) || entry.key in body.refused) store.drop(entry.name);
    }
    this.tell("saved", { entries, ...body });
  }
}

function byAddress(entries) {
  const forms = new Map();
  for (const entry of entries) forms.set(entry.url, [...(forms.get(entry.url) ?? []), entry]);
  return forms;
}
