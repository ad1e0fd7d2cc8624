/* Answers on their way to the team: kept on this device until the server has them, then sent by themselves. */

import { Outbox } from "../../shared/outbox.js";
import { onDevice } from "../../shared/store.js";
import { TypedEvents } from "../../shared/typed-events.js";

/** @import { RoomLink } from "../core/room-connection.js" */
/** @import { AnyAnswer } from "../events.js" */
/** @import { RoomEvents } from "../state.js" */

const AGAIN_MS = 2500;

/** @typedef {"camera_choice" | "check" | "exercising" | "poll_answer"} KeptName The events that are kept until they went. */
/** @typedef {{ name: KeptName, data: RoomEvents[KeptName] }} Told An event of the room's and what it says. */
/** @typedef {{ key: string, data: RoomEvents[KeptName], answer: AnyAnswer }} Went What had been kept, and how it went. */

/**
 * One for a page. Fires "sent" when something that had been kept went, or was refused for good.
 * @extends {TypedEvents<{ sent: Went }>}
 */
export class AnswersOutbox extends TypedEvents {
  /** @param {RoomLink} link */
  constructor(link) {
    super();
    /** @type {Outbox<Told>} */
    this.outbox = new Outbox(onDevice, {
      prefix: () => `kept-${link.session}-${link.state?.me.seat}:`,
      send: (entries) => Promise.all(entries.map(({ name, data }) => link.send(name, data))),
      every: AGAIN_MS,
      ready: () => Boolean(link.state && link.socket.connected),
      lane: ({ key }) => key,
      settled: ({ key, data }, answer) => {
        this.fire("sent", { key, data, answer: /** @type {AnyAnswer} */ (answer) });
      },
    });
    link.addEventListener("up", () => this.outbox.flush());
  }

  /**
   * Send an event; the newest of one `key` counts. Resolves to the answer; with `away` it is kept here.
   * @template {KeptName} Name
   * @param {string} key
   * @param {Name} name
   * @param {RoomEvents[Name]} data
   */
  async send(key, name, data) {
    return /** @type {AnyAnswer} */ (await this.outbox.put(key, { name, data }));
  }
}
