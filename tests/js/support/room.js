/* A room for a unit test: it answers each event with the next of `answers`, or takes it. */

/** A status is a refusal, 0 and 503 are no answer at all. */
export function room({ answers = [], state = { me: { seat: "linda" } } } = {}) {
  return Object.assign(new EventTarget(), {
    session: "s1",
    state,
    socket: { connected: true },
    chat: [],
    sent: [],
    taken: [],
    takeChat(message) {
      this.taken.push(message.text);
    },
    async send(name, data = {}) {
      this.sent.push([name, data]);
      const status = answers.shift() ?? 200;
      if (status === 200) return { ok: true, message: { text: data.text, client_id: data.client_id } };
      const away = status === 0 || status === 503;
      return { ok: false, status: status || undefined, away, error: `refused ${status}` };
    },
    tell(name) {
      this.dispatchEvent(new Event(name));
    },
  });
}
