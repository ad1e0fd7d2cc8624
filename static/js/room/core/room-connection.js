/* The socket to the room: the page's copy of the state, events that go out, and what comes back by itself. */

import { learnServerTime } from "../../shared/clock.js";
import { mergePatch } from "../../shared/merge.js";
import { TypedEvents } from "../../shared/typed-events.js";
import { verdictOf } from "../../shared/verdict.js";
import { gettext } from "../../shared/words.js";
import { joined } from "../chat/history.js";
import { ChatOutbox } from "../chat/outbox.js";

/** @import { Socket } from "socket.io-client" */
/** @import { Answer, EventName, FromRoom, ToRoom } from "../events.js" */
/** @import { CheckNumbers, MomentWord, RoomEvents, RoomView, ShownMessage } from "../state.js" */
/** @typedef {"elsewhere" | "signed_out" | "refused" | "ended" | "removed" | "left"} Why a page must go. */
/** @typedef {{ why: Why, words: string, status: number }} Over */
/**
 * @typedef {object} Heard
 * @property {undefined} change the state is another one
 * @property {ShownMessage} chat a message came
 * @property {undefined} history the chat was told anew
 * @property {{ name: string }} well_again who asked for help says that they are OK
 * @property {undefined} up
 * @property {undefined} down
 * @property {Over} over this page must go
 */
/**
 * What socket.io-client tells of a connection that failed: the room's own refusal has `data`, a site that is full answers
 * as HTTP does.
 * @typedef {Error & { data?: { status?: number }, description?: unknown, context?: XMLHttpRequest }} ConnectError
 */

const ANSWER_WITHIN = 6000;
const AGAIN_AFTER = 800;
const FLUSH_AGAIN = 2500;
/** A page that is refused so often in a row is not in the room, and stops trying. */
const MOST_REFUSALS = 2;
/** What this person says of themselves: the room's state brings it back to a page that has loaded again. */
const OWN_WORD = new Set(["check", "poll_answer"]);
/** With this header the site says that it is full; its words follow. */
const FULL = "Room-Full";
const AWAY = gettext("You are not connected just now. Please try again in a moment.");

/** @extends {TypedEvents<Heard>} */
export class RoomLink extends TypedEvents {
  /** @param {{ session: string, csrf: string }} page */
  constructor({ session, csrf }) {
    super();
    /** @type {RoomView | null} What the room shows this page; null before it has said so. */
    this.state = null;
    this.version = -1;
    /** @type {ShownMessage[]} Oldest first. */
    this.chat = [];
    /** @type {Partial<Record<MomentWord, Partial<CheckNumbers>>>} What this person has said of pain and effort. */
    this.checked = {};
    /** @type {number | null} What this person chose in the question that is in view. */
    this.chosen = null;
    /** This page has gone for good. */
    this.finished = false;
    /** @type {Set<string>} Messages that were taken back: what was on its way meanwhile does not bring them back. */
    this.takenBack = new Set();
    this.session = session;
    this.refusals = 0;
    /** Whether the state is being asked for, and whether it is wanted once more after that. */
    this.asking = false;
    this.askAgain = false;
    /** How many own words are on their way, and how many went at all. */
    this.saying = 0;
    this.said = 0;
    /** The release that the server runs, once it has said so. */
    this.release = "";
    /** @type {Socket<FromRoom, ToRoom>} */
    this.socket = window.io({
      // The room stands in the address, so that a proxy before several webs can keep its people together.
      path: `/socket.io/${session}/`,
      auth: { csrf, session, tab: crypto.randomUUID() },
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      reconnectionDelay: 250,
      reconnectionDelayMax: 1500,
      timeout: 5000,
    });
    this.listen();
    this.outbox = new ChatOutbox(this);
  }

  listen() {
    const { socket } = this;
    socket.on("connect", () => this.refresh());
    socket.on("patch", (message) => this.takePatch(message));
    socket.on("chat", (message) => this.takeChat(message));
    socket.on("taken_back", ({ id }) => this.forget([id]));
    socket.on("well_again", (said) => this.fire("well_again", said));
    socket.on("here", (answer) => answer?.());
    socket.on("elsewhere", () => this.finish("elsewhere"));
    socket.on("signed_out", ({ error }) => this.finish("signed_out", error));
    socket.on("disconnect", (reason) => {
      this.fire("down");
      if (reason === "io server disconnect" && !this.finished) this.leaveByState();
    });
    socket.on("connect_error", (/** @type {ConnectError} */ error) => {
      // A proxy answers 503 too, with a page of its own, while the site starts again: that is no refusal.
      const full = error.description === 503 && error.context?.getResponseHeader?.(FULL);
      if (full) this.finish("refused", error.context?.responseText, 503);
      else if (error.data?.status) this.finish("refused", error.message, error.data.status);
      else {
        this.fire("down");
        if (!socket.active) this.again();
      }
    });
  }

  /** Ask for the state. One at a time: of two answers that overtake each other the older one would stay on the page. */
  async refresh() {
    this.askAgain = this.asking;
    if (this.asking) return;
    this.asking = true;
    await this.ask();
    this.asking = false;
    if (this.askAgain && this.socket.connected && !this.finished) await this.refresh();
  }

  async ask() {
    const { said, saying } = this;
    const answer = await this.send("state");
    if (!answer.ok) {
      this.refusals = verdictOf(answer) === "refused" ? this.refusals + 1 : 0;
      if (this.refusals >= MOST_REFUSALS) this.finish("refused", answer.error, answer.status);
      else setTimeout(() => this.socket.connected && this.refresh(), FLUSH_AGAIN);
      return;
    }
    this.refusals = 0;
    learnServerTime(answer.sent_ms);
    this.release = answer.release;
    this.version = answer.version;
    this.state = answer.state;
    for (const id of answer.taken_back ?? []) this.takenBack.add(id);
    this.chat = joined(this.chat, answer.chat).filter((one) => !this.takenBack.has(one.id));
    if (!saying && said === this.said) {
      // Otherwise what was said meanwhile may not be in it, and this page knows better.
      this.checked = answer.checked;
      this.chosen = answer.chosen;
    }
    this.fire("up");
    this.fire("history");
    this.fire("change");
    this.outbox.flush();
  }

  /** @param {Parameters<FromRoom["patch"]>[0]} message */
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

  /** @param {ShownMessage} message */
  takeChat(message) {
    if (this.takenBack.has(message.id) || this.chat.some((one) => one.id === message.id)) return;
    this.chat.push(message);
    this.fire("chat", message);
  }

  /** These messages were taken back. @param {string[]} ids */
  forget(ids) {
    for (const id of ids) this.takenBack.add(id);
    this.chat = this.chat.filter((one) => !this.takenBack.has(one.id));
    this.fire("history");
  }

  /**
   * Send one event. Resolves to the answer; `ok` is false with words in `error` when it did not work.
   * @template {EventName} Name
   * @param {Name} name
   * @param {RoomEvents[Name]} [data]
   * @returns {Promise<Answer<Name>>}
   */
  async send(name, data) {
    if (!this.socket.connected) return { ok: false, error: AWAY, away: true };
    const own = OWN_WORD.has(name) ? 1 : 0;
    this.saying += own;
    this.said += own;
    try {
      const said = await this.socket.timeout(ANSWER_WITHIN).emitWithAck(/** @type {EventName} */ (name), data ?? {});
      const answer = /** @type {Answer<Name>} */ (said);
      return answer.status === 503 ? { ...answer, away: true } : answer;
    } catch {
      return { ok: false, error: AWAY, away: true };
    } finally {
      this.saying -= own;
    }
  }

  leaveByState() {
    const status = this.state?.status === "ended" ? "ended" : this.state?.me.status;
    if (status === "ended" || status === "removed" || status === "left") this.finish(status);
    else this.again();
  }

  again() {
    setTimeout(() => !this.finished && this.socket.connect(), AGAIN_AFTER);
  }

  /** @param {Why} why @param {string} [words] @param {number} [status] */
  finish(why, words = "", status = 0) {
    if (this.finished) return;
    this.finished = true;
    this.socket.disconnect();
    this.fire("over", { why, words, status });
  }
}
