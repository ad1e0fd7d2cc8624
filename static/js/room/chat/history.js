/* The chat as this page knows it, when the room tells it again after a reconnect. */

/** @import { ShownMessage } from "../state.js" */

/**
 * What this page has from before the newest part stays on it, and so does what came while that part was on its way.
 * @param {ShownMessage[]} own
 * @param {ShownMessage[]} told the newest part of the chat, oldest first
 */
export function joined(own, told) {
  const known = new Set(told.map((one) => one.id));
  const more = own.filter((one) => !known.has(one.id));
  const begins = told[0]?.at_ms ?? Infinity;
  const ends = told.at(-1)?.at_ms ?? Infinity;
  return [
    ...more.filter((one) => one.at_ms <= begins),
    ...told,
    ...more.filter((one) => one.at_ms > begins && one.at_ms >= ends),
  ];
}
