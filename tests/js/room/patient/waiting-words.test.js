import assert from "node:assert/strict";
import { test } from "node:test";

import { waitingWords } from "../../../../static/js/room/patient/waiting-words.js";

for (const [name, me, begins] of [
  ["in the waiting room one is let in soon", { status: "lobby" }, "Your team will let you in soon."],
  ["who is held reads that somebody will talk to them", { status: "held" }, "A facilitator will talk to you"],
  ["after the word they read that it is over", { status: "held", word_over: true }, "Your private word is over."],
  [
    "a word that is over matters only to who is held",
    { status: "lobby", word_over: true },
    "Your team will let you in",
  ],
]) {
  test(name, () => {
    const words = waitingWords(me);
    assert.ok(words.startsWith(begins), words);
    assert.match(words, /Nobody can see or hear you (yet|now)\.$/);
  });
}
