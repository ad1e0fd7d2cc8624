/* An outbox for a unit test, over a server that answers as told and a device that keeps what it is given. */

import { Outbox } from "../../../static/js/shared/outbox.js";
import { Store } from "../../../static/js/shared/store.js";

export const EVERY_MS = 2500;
export const TOO_FAST_MS = 500;
export const OK = { ok: true };
export const AWAY = { ok: false, away: true };
export const LATER = { ok: false, status: 429 };
export const FAULT = { ok: false, status: 500 };
export const REFUSED = { ok: false, status: 400, error: "Too long." };

/** Over a server that answers as told, for each key in turn; anything else is taken. `kept` is the device's storage. */
export function outboxOn(kept, told = {}, rule = {}, owner = "ann") {
  const seen = { sent: [], settled: [], changes: 0 };
  const box = new Outbox(new Store(() => kept), {
    prefix: () => `box-${owner}:`,
    send: async (entries) => {
      seen.sent.push(entries.map(({ key, words }) => `${key} ${words}`).join(", "));
      return entries.map(({ key }) => told[key]?.shift() ?? OK);
    },
    every: EVERY_MS,
    changed: () => {
      seen.changes += 1;
    },
    settled: ({ key }, answer) => seen.settled.push([key, answer]),
    ...rule,
  });
  return Object.assign(seen, { box });
}

/** What an earlier page left on the device. */
export function entry(key) {
  return { key, words: "1", given: 0, load: "earlier", tick: 0 };
}

export const keys = (entries) => entries.map(({ key }) => key);
