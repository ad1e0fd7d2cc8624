import assert from "node:assert/strict";
import { test } from "node:test";

import { verdictOf } from "../../../static/js/shared/verdict.js";

const VERDICTS = [
  ["what was taken is sent", { ok: true }, "sent"],
  ["what was not reached goes away to come back", { ok: false, away: true, status: 503 }, "away"],
  ["too fast is soon again", { ok: false, status: 429 }, "later"],
  ["what is wrong in the words is refused", { ok: false, status: 400 }, "refused"],
  ["the last status of a refusal is 499", { ok: false, status: 499 }, "refused"],
  ["a fault of the server's is theirs", { ok: false, status: 500 }, "fault"],
  ["below 400 nobody has refused anything", { ok: false, status: 399 }, "fault"],
  ["an answer that says nothing is a fault of theirs", { ok: false }, "fault"],
];

for (const [name, answer, verdict] of VERDICTS) test(name, () => assert.equal(verdictOf(answer), verdict));
