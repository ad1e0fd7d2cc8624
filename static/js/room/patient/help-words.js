/* What somebody reads who asked for help: only what is so, and only the names of those who can have heard it. */

/** @import { OwnAlert } from "../state.js" */

/** @param {string[]} names */
const either = (names) => names.join(" or ");

/**
 * The heading and the line below it. `pending`: the call is still on its way; `heard`: the room had it, so without an alert
 * somebody has closed it.
 * @param {OwnAlert | undefined} alert the call as the room has it
 * @param {{ pending: boolean, heard: boolean }} call
 * @returns {[heading: string, below: string]}
 */
export function helpWords(alert, { pending, heard }) {
  if (pending || (!alert && !heard)) return ["We are sending this. Call 999 if you cannot wait", ""];
  if (!alert) return ["Your team has closed this call", "Press “I need help” again if you still need us."];
  const { told = [], taken_by: by } = alert;
  if (by && told.includes(by)) return [`${by} has seen this`, `${by} will speak to you on your own.`];
  if (by) return [`${by} has seen this`, `${by} is not in the room, and will get in touch with you.`];
  if (alert.escalated_ms)
    return ["Nobody has answered yet", "We have told the person on duty as well. Call 999 if you cannot wait."];
  if (!told.length)
    return [
      "Nobody from your team is in the room just now",
      "We will tell the person on duty in a few seconds. Call 999 if you cannot wait.",
    ];
  return [`We have told ${told.join(" and ")}`, `${either(told)} will speak to you on your own.`];
}
