/* How long ago something was, as facilitators read it. */

import { serverNow } from "../../shared/clock.js";

/** How long ago a moment was, in few words. @param {number | undefined} ms on the server's clock */
export function ago(ms) {
  if (!ms) return "just now";
  const seconds = Math.max(0, Math.round((serverNow() - ms) / 1000));
  if (seconds < 60) return seconds === 1 ? "1 second ago" : `${seconds} seconds ago`;
  const minutes = Math.round(seconds / 60);
  return `${minutes} ${minutes === 1 ? "minute" : "minutes"} ago`;
}
