/* The page's copy of the room, for what runs only once it has come. */

/** @import { RoomView, StaffView } from "../state.js" */

/**
 * Somebody's view of the room they are in.
 * @template {RoomView} View
 * @typedef {View & Required<Pick<View, "people" | "section">>} InRoom
 */
/** @typedef {{ readonly state: RoomView | null }} Holder What holds the page's copy. */

/**
 * What the room shows this page. Throws before it has come.
 * @param {Holder} holder
 */
export function stateOf({ state }) {
  if (!state) throw new Error("The room has not told its state yet.");
  return state;
}

/**
 * What the room shows somebody who is in it. Throws where they are not.
 * @param {Holder} holder
 */
export function roomOf(holder) {
  const state = stateOf(holder);
  if (!state.people) throw new Error("This page is not in the room.");
  return /** @type {InRoom<RoomView>} */ (state);
}

/**
 * What the room shows a facilitator. Throws before they are in it.
 * @param {Holder} holder
 */
export const staffRoomOf = (holder) => /** @type {InRoom<StaffView>} */ (roomOf(holder));

/**
 * What the room shows a facilitator, or null before they are in it.
 * @param {Holder} holder
 */
export const staffRoom = (holder) => (holder.state?.people ? staffRoomOf(holder) : null);
