/* What the room's answer to something we sent means for the words in it. */

/**
 * The room's answer to an event: `ok`, or words in `error`. `away` when the room was not reached.
 * @typedef {{ok: boolean, error?: string, status?: number, away?: boolean, [more: string]: any}} Answer
 */
/** @typedef {"sent" | "away" | "later" | "fault" | "refused"} Verdict */

/**
 * "sent"; "away" (not reached: try again); "later" (too fast: soon again); "fault" (theirs: a few more tries); "refused".
 * @param {Answer} answer
 * @returns {Verdict}
 */
export function verdictOf({ ok, away, status = 0 }) {
  if (ok) return "sent";
  if (away) return "away";
  if (status === 429) return "later";
  return status >= 400 && status < 500 ? "refused" : "fault";
}
