/* The socket to the room: the page's copy of the state, events that go out, and what comes back by itself. */

import { learnServerTime } from "./clock.js";
import { mergePatch } from "./merge.js";

const ANSWER_WITHIN = 6000;
const AGAIN_AFTER = 800;
const FLUSH_AGAIN = 2500;
const AWAY = "You are not connected just now. We are trying again. Nothing is lost.";

/** Fires "change" (state), "chat" (detail: message), "up", "down", "over" (detail: why this page must go). */
export class RoomLink extends EventTarget {
  constructor({ session, csrf }) {
    super();
    this.state = null;
    this.version = -1;
    this.chat = [];
    this.session = session;
    this.unsent = JSON.parse(sessionStorage.getItem(this.shelf) ?? "[]");
    this.socket = window.io({
      auth: { csrf, session, tab: crypto.randomUUID() },
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      reconnectionDelay: 250,
      reconnectionDelayMax: 1500,
      timeout: 5000,
    });
    this.listen();
    setInterval(() => this.state && this.socket.connected && this.unsent.length && this.flush(), FLUSH_AGAIN);
  }

  get shelf() { return `unsent-${this.session}`; }

  listen() {
    const { socket } = this;
    socket.on("connect", () => this.refresh());
    socket.on("patch", (message) => this.takePatch(message));
    socket.on("chat", (message) => this.takeChat(message));
    socket.on("here", (answer) => answer?.());
    socket.on("elsewhere", () => this.finish("elsewhere"));
    socket.on("signed_out", ({ error }) => this.finish("signed_out", error));
    socket.on("disconnect", (reason) => {
      this.fire("down");
      if (reason === "io server disconnect" && !this.finished) this.leaveByState();
    });
    socket.on("connect_error", (error) => {
      if (error.data?.status) this.finish("refused", error.message, error.data.status);
      else {
        this.fire("down");
        if (!socket.active) this.again();
      }
    });
  }

  async refresh() {
    const answer = await this.send("state");
    if (!answer.ok) {
      setTimeout(() => this.socket.connected && this.refresh(), FLUSH_AGAIN);
      return;
    }
    learnServerTime(answer.sent_ms);
    this.version = answer.version;
    this.state = answer.state;
    this.chat = answer.chat;
    this.checked = answer.checked;
    this.chosen = answer.chosen;
    this.fire("up");
    this.fire("history");
    this.fire("change");
    this.flush();
  }

  takePatch({ version, sent_ms, patch }) {
    learnServerTime(sent_ms);
    if (!this.state || version <= this.version) return;
    if (version !== this.version + 1) {
      this.refresh();
      return;
    }
    const wasIn = this.state.me.status;
    this.version = version;
    mergePatch(this.state, patch);
    if (wasIn !== "admitted" && this.state.me.status === "admitted") this.refresh();
    this.fire("change");
  }

  takeChat(message) {
    if (this.chat.some((one) => one.id === message.id)) return;
    this.chat.push(message);
    this.fire("chat", message);
  }

  /** Send one event. Resolves to the answer; `ok` is false with words in `error` when it did not work. */
  async send(name, data = {}) {
    if (!this.socket.connected) return { ok: false, error: AWAY, away: true };
    try {
      const answer = await this.socket.timeout(ANSWER_WITHIN).emitWithAck(name, data);
      return answer.status === 503 ? { ...answer, away: true } : answer;
    } catch {
      return { ok: false, error: AWAY, away: true };
    }
  }

  /** Write to the room. Kept on this device until the server has it; sent again by itself, never doubled. */
  async write(text, audience, small) {
    this.unsent.push({ text, audience, small, client_id: crypto.randomUUID() });
    return this.flush();
  }

  async flush() {
    if (this.flushing) return { ok: true };
    this.flushing = true;
    let answer = { ok: true };
    try {
      while (this.unsent.length) {
        this.shelve();
        answer = await this.send("chat", this.unsent[0]);
        if (answer.away) break;
        const [gone] = this.unsent.splice(0, 1);
        if (answer.ok) this.takeChat(answer.message);
        else answer.text = gone.text;
      }
    } finally {
      this.flushing = false;
      this.shelve();
      if (!this.unsent.length) this.fire("all_sent");
    }
    return answer;
  }

  shelve() {
    if (this.unsent.length) sessionStorage.setItem(this.shelf, JSON.stringify(this.unsent));
    else sessionStorage.removeItem(this.shelf);
  }

  leaveByState() {
    const status = this.state?.status === "ended" ? "ended" : this.state?.me.status;
    if (["ended", "removed", "left"].includes(status)) this.finish(status);
    else this.again();
  }

  again() { setTimeout(() => !this.finished && this.socket.connect(), AGAIN_AFTER); }

  finish(why, words = "", status = 0) {
    if (this.finished) return;
    this.finished = true;
    this.socket.disconnect();
    this.fire("over", { why, words, status });
  }

  fire(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
