/* What the waiting room says: who was taken aside reads whether that is still to come, or over. */

import { gettext } from "../../shared/words.js";

/** @param {import("../state.js").Me} me */
export function waitingWords({ status, word_over: over }) {
  if (status === "held" && over)
    return gettext(
      "Your private word is over. Your team will let you in when they are ready. Nobody can see or hear you now.",
    );
  if (status === "held") return gettext("A facilitator will talk to you in a moment. Nobody can see or hear you now.");
  return gettext("Your team will let you in soon. Nobody can see or hear you yet.");
}
