/* How a page and the room speak to each other over Socket.IO: what socket.io-client is told of it, and the answers as
   `RoomLink.send` gives them. What each event and message carries is in state.d.ts, which is made from the Python types. */

import type { Refusal, RoomEvents, RoomMessages, RoomReplies, Warned } from "./state.js";

export type EventName = keyof RoomEvents;

type ReplyTo<Name extends EventName> = Name extends keyof RoomReplies ? RoomReplies[Name] : unknown;

/** An event that was carried out. */
export type Done = { ok: true; away?: undefined; error?: undefined; status?: undefined } & Warned;

/** An event that was not; with `away` it has not reached the room, or the room its database. */
export type Failed = { ok: false; away?: boolean; warning?: undefined } & Pick<Refusal, "error"> & Partial<Refusal>;

/** What `send` resolves to. */
export type Answer<Name extends EventName = EventName> = (Done & ReplyTo<Name>) | Failed;

/** Any answer, as far as every answer goes. */
export type AnyAnswer = Done | Failed;

/** What the room tells a page by itself. */
export type FromRoom = {
  [Name in Exclude<keyof RoomMessages, "here">]: (message: RoomMessages[Name]) => void;
} & { here: (answer?: () => void) => void };

/** What a page sends. */
export type ToRoom = Record<EventName, (data: object, answer: (said: unknown) => void) => void>;
