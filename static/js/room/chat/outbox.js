/* What a person wrote to the room and the server does not have yet: it goes by itself, or is given back to be changed. */

import { keptIn, Outbox } from "../../shared/outbox.js";
import { inTab } from "../../shared/store.js";
import { TypedEvents } from "../../shared/typed-events.js";
import { stateOf } from "../core/seen.js";

/** @import { RoomLink } from "../core/room-connection.js" */
/** @typedef {"group" | "facilitators"} Audience */

const AGAIN_MS = 2500;

/**
 * Who reads the words: for the group, the small group (or "" for everyone) and the time it was opened, in milliseconds.
 * @typedef {{small: string, round?: number}} Place
 */
/** @typedef {{text: string, audience: Audience, refused?: string} & Place} Words `refused` is what was given back, once it is changed. */
/** @typedef {import("../../shared/outbox.js").Entry<Words>} UnsentWords */

/**
 * Where this tab keeps what was written on somebody's seat.
 * @param {string} session
 * @param {string} seat
 */
const shelf = (session, seat) => `unsent-${session}-${seat}:`;

/**
 * What was written on this seat and did not go, the oldest first.
 * @param {string} session
 * @param {string} seat
 * @returns {UnsentWords[]}
 */
export function leftOn(session, seat) {
  return keptIn(inTab, shelf(session, seat));
}

/**
 * Nobody wants these words any more.
 * @param {string} session
 * @param {string} seat
 * @param {UnsentWords} entry
 */
export function forget(session, seat, entry) {
  inTab.drop(shelf(session, seat) + entry.key);
}

/**
 * Fires "change" when words wait, went, or were given back. An entry with an `error` was given back to its writer.
 * @extends {TypedEvents<{ change: undefined }>}
 */
export class ChatOutbox extends TypedEvents {
  /** @param {RoomLink} link */
  constructor(link) {
    super();
    this.link = link;
    this.seat = "";
    /** @type {Outbox<Words>} */
    this.outbox = new Outbox(inTab, {
      prefix: () => shelf(link.session, this.seat),
      send: (entries) => Promise.all(entries.map((entry) => this.send(entry))),
      every: AGAIN_MS,
      ready: () => Boolean(link.state && link.socket.connected),
      keepsReturned: true,
      changed: () => this.changed(),
    });
    link.addEventListener("up", () => this.begin());
    link.addEventListener("history", () => this.compare());
  }

  get entries() {
    return this.outbox.entries;
  }
  get waiting() {
    return this.outbox.waiting;
  }
  get returned() {
    return this.outbox.returned;
  }
  /** Whether words wait for a reason that the person should know of. */
  get stuck() {
    return this.outbox.stuck;
  }

  /** The state says whose page this is: what the same person left here before goes with it. */
  begin() {
    const { seat } = stateOf(this.link).me;
    if (this.seat === seat) return;
    this.seat = seat;
    this.changed();
  }

  /** The room's chat holds what we took for unsent: the answer alone was lost. */
  compare() {
    const there = new Set(this.link.chat.map((one) => one.client_id));
    for (const { key } of this.entries) if (there.has(key)) this.outbox.drop(key);
  }

  /** Write to the room. @param {string} text @param {Audience} audience @param {Place} place where the writer is */
  write(text, audience, place) {
    return this.outbox.put(crypto.randomUUID(), { text, audience, ...place });
  }

  /**
   * Send again what was given back, as `text`. Unchanged words keep their key, so that they cannot come twice.
   * @param {UnsentWords} entry
   * @param {string} text
   * @param {Place} place
   */
  again(entry, text, place) {
    const { audience } = entry;
    const same = text === (entry.refused ?? entry.text) && entry.small === place.small;
    this.outbox.drop(entry.key);
    return this.outbox.put(same ? entry.key : crypto.randomUUID(), { text, audience, ...place });
  }

  /** The writer changes what was given back. @param {UnsentWords} entry @param {string} text */
  edit(entry, text) {
    this.outbox.write({ ...entry, text, refused: entry.refused ?? entry.text });
  }

  /** The writer does not want these words any more. @param {UnsentWords} entry */
  drop(entry) {
    this.outbox.drop(entry.key);
  }

  flush() {
    return this.outbox.flush();
  }

  /** @param {UnsentWords} entry */
  async send({ key, text, audience, small, round }) {
    const answer = await this.link.send("chat", { text, audience, small, ...(round ? { round } : {}), client_id: key });
    if (answer.ok) this.link.takeChat(answer.message);
    return answer;
  }

  changed() {
    this.fire("change");
  }
}
