/* On the list of questions: send what was answered without a link, and say so. */

import { AnswerQueue } from "./answers-queue.js";

const place = document.getElementById("questions-overview");
const line = document.getElementById("waiting");
const token = document.querySelector("input[name=csrf_token]")?.value ?? "";

const say = (words) => { line.textContent = words; line.hidden = false; };

const queue = new AnswerQueue(place.dataset.owner, token, (what, about) => {
  if (what === "kept") say("Some answers are kept on this device. We will send them when the link is back.");
  else if (what === "stuck") say(`Some answers are kept on this device. ${about.message ?? "Please sign in again."}`);
  else if (about.support) location.assign(about.support);
  else say(about.closed || Object.values(about.refused)[0] || "Your answers from before have reached us.");
});

if (queue.waiting().length) queue.flush();
