/* What somebody reads who asked for help: only what is so, and only the names of those who can have heard it. */

import { gettext, language } from "../../shared/words.js";

/** @import { OwnAlert } from "../state.js" */

/** Priya and Tom, or Priya or Tom. @param {string[]} names @param {"conjunction" | "disjunction"} type */
const listed = (names, type) => new Intl.ListFormat(language, { type }).format(names);

/**
 * The heading and the line below it. `pending`: the call is still on its way; `heard`: the room had it, so without an alert
 * somebody has closed it.
 * @param {OwnAlert | undefined} alert the call as the room has it
 * @param {{ pending: boolean, heard: boolean }} call
 * @returns {[heading: string, below: string]}
 */
export function helpWords(alert, { pending, heard }) {
  if (pending || (!alert && !heard)) return [gettext("We are sending this. Call 999 if you cannot wait"), ""];
  if (!alert)
    return [gettext("Your team has closed this call"), gettext("Press “I need help” again if you still need us.")];
  const { told = [], taken_by: by } = alert;
  if (by)
    return [
      gettext("%(name)s has seen this", { name: by }),
      told.includes(by)
        ? gettext("%(name)s will speak to you on your own.", { name: by })
        : gettext("%(name)s is not in the room, and will get in touch with you.", { name: by }),
    ];
  if (alert.escalated_ms)
    return [
      gettext("Nobody has answered yet"),
      gettext("We have told the person on duty as well. Call 999 if you cannot wait."),
    ];
  if (!told.length)
    return [
      gettext("Nobody from your team is in the room just now"),
      gettext("We will tell the person on duty in a few seconds. Call 999 if you cannot wait."),
    ];
  return [
    gettext("We have told %(names)s", { names: listed(told, "conjunction") }),
    gettext("%(name)s will speak to you on your own.", { name: listed(told, "disjunction") }),
  ];
}
