import assert from "node:assert/strict";
import { test } from "node:test";

import { helpWords } from "../../../../static/js/room/patient/help-words.js";

const SENT = { pending: false, heard: true };

test("a call that is on its way promises nobody, and names 999", () => {
  const sending = ["We are sending this. Call 999 if you cannot wait", ""];
  assert.deepEqual(helpWords(undefined, { pending: true, heard: false }), sending);
  assert.deepEqual(helpWords(undefined, { pending: false, heard: false }), sending);
  assert.deepEqual(helpWords({ told: ["Ana"] }, { pending: true, heard: true }), sending);
});

test("a call that the room had and has no more was closed by somebody", () => {
  assert.deepEqual(helpWords(undefined, SENT), [
    "Your team has closed this call",
    "Press “I need help” again if you still need us.",
  ]);
});

test("only the names of those who can have heard it are said", () => {
  assert.deepEqual(helpWords({ told: ["Ana"] }, SENT), ["We have told Ana", "Ana will speak to you on your own."]);
  assert.deepEqual(helpWords({ told: ["Ana", "Tom"] }, SENT), [
    "We have told Ana and Tom",
    "Ana or Tom will speak to you on your own.",
  ]);
});

test("with nobody in the room the person on duty is told, and 999 is named", () => {
  for (const alert of [{}, { told: [] }]) {
    const [title, line] = helpWords(alert, SENT);
    assert.equal(title, "Nobody from your team is in the room just now");
    assert.match(line, /on duty.*999/);
  }
});

test("whoever has taken it is named, and whether they are in the room", () => {
  assert.match(helpWords({ told: ["Ana"], taken_by: "Ana" }, SENT)[1], /speak to you on your own/);
  assert.match(helpWords({ told: ["Ana"], taken_by: "Tom" }, SENT)[1], /not in the room/);
});

test("a call that went up says so, unless somebody has taken it since", () => {
  assert.equal(helpWords({ told: ["Ana"], escalated_ms: 5 }, SENT)[0], "Nobody has answered yet");
  assert.equal(helpWords({ told: ["Ana"], escalated_ms: 5, taken_by: "Ana" }, SENT)[0], "Ana has seen this");
});
