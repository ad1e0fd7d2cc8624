import assert from "node:assert/strict";
import { test } from "node:test";

import { fewWords } from "../../../../static/js/room/staff/presenter-controls.js";

const group = (patients, ...others) =>
  Object.fromEntries([...Array(patients).fill({ role: "patient", status: "admitted" }), ...others].entries());

test("before staff ask a group that is too small for counts they read so", () => {
  const say = "With fewer than 5 answers nobody sees counts, so it may be better to ask aloud.";
  assert.equal(fewWords(group(0)), `No patient is in the room. ${say}`);
  assert.equal(fewWords(group(1)), `Only 1 patient is in the room. ${say}`);
  assert.equal(fewWords(group(5)), "");
});

test("staff, guests and who still waits answer nothing", () => {
  const others = [
    { role: "facilitator", status: "admitted" },
    { role: "observer", status: "admitted" },
    { role: "patient", status: "lobby" },
  ];
  assert.match(fewWords(group(4, ...others)), /^Only 4 patients are in the room\. /);
});
