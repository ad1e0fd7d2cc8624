/* On the list of questions: send what was answered without a link, and say so. */

import { find } from "../shared/dom.js";
import { gettext } from "../shared/words.js";
import { AnswerQueue } from "./answers-queue.js";

const place = find(document, "#questions-overview");
const line = find(document, "#waiting");
const token = document.querySelector("input[name=csrf_token]");

/** @param {string} words */
const say = (words) => {
  line.textContent = words;
  line.hidden = false;
};

const key = token instanceof HTMLInputElement ? token.value : "";
const queue = new AnswerQueue(place.dataset.owner ?? "", key, (news) => {
  if (news.what === "kept")
    say(gettext("Some answers are kept on this device. We will send them when the connection is back."));
  else if (news.what === "stuck")
    say(
      gettext("Some answers are kept on this device. %(why)s", {
        why: news.message ?? gettext("Please sign in again."),
      }),
    );
  else if (news.support) location.assign(news.support);
  else say(news.closed || Object.values(news.refused)[0] || gettext("Your answers from before have reached us."));
});

if (queue.waiting().length) queue.flush();
