import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { AnswersOutbox } from "../../../../static/js/room/patient/answers-outbox.js";
import { pass, rest } from "../../support/rest.js";
import { room } from "../../support/room.js";
import { storage } from "../../support/storage.js";

const AGAIN_MS = 2500;

beforeEach(() => {
  globalThis.window = { localStorage: storage() };
  mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
});
afterEach(() => {
  mock.timers.reset();
  delete globalThis.window;
});

function answers(told, more) {
  const link = room({ answers: told, ...more });
  const kept = new AnswersOutbox(link);
  const later = [];
  kept.addEventListener("sent", ({ detail }) => later.push(detail));
  return { link, kept, later };
}

test("an answer that is taken at once is told to whoever gave it, and to nobody else", async () => {
  const { link, kept, later } = answers();
  const answer = await kept.send("before pain", "check", { pain: 4 });
  assert.equal(answer.ok, true);
  assert.deepEqual(link.sent, [["check", { pain: 4 }]]);
  assert.deepEqual([later, Object.keys(window.localStorage)], [[], []]);
});

test("without a connection it waits on the device, goes by itself, and tells that it went", async () => {
  const { link, kept, later } = answers([0]);
  const answer = await kept.send("before pain", "check", { pain: 4 });
  assert.equal(answer.away, true);
  assert.deepEqual(Object.keys(window.localStorage), ["kept-s1-linda:before pain"]);
  await pass(AGAIN_MS);
  assert.equal(link.sent.length, 2);
  assert.deepEqual(
    later.map(({ key, data, answer: { ok } }) => [key, data, ok]),
    [["before pain", { pain: 4 }, true]],
  );
});

test("of two answers to one question the newest counts", async () => {
  const { link, kept } = answers([0]);
  await kept.send("poll 1", "poll_answer", { poll: 1, choice: 0 });
  await kept.send("poll 1", "poll_answer", { poll: 1, choice: 2 });
  await pass(AGAIN_MS);
  assert.deepEqual(
    link.sent.map(([, { choice }]) => choice),
    [0, 2],
  );
});

test("one answer that fails holds up no other", async () => {
  const { link, kept } = answers([500]);
  await kept.send("before pain", "check", { pain: 4 });
  const effort = await kept.send("before effort", "check", { effort: 2 });
  assert.equal(effort.ok, true);
  assert.deepEqual(
    link.sent.map(([, told]) => Object.keys(told)[0]),
    ["pain", "pain", "effort"],
  );
});

test("a refusal is told at once with its reason, and not kept", async () => {
  const { kept, later } = answers([409]);
  const answer = await kept.send("poll 1", "poll_answer", { poll: 1, choice: 0 });
  assert.deepEqual([answer.ok, answer.away, answer.error], [false, false, "refused 409"]);
  assert.deepEqual([later, Object.keys(window.localStorage)], [[], []]);
});

test("an answer that is refused after it had waited is told, so that it is not shown as said", async () => {
  const { kept, later } = answers([0, 409]);
  await kept.send("poll 1", "poll_answer", { poll: 1, choice: 0 });
  await pass(AGAIN_MS);
  assert.deepEqual(
    later.map(({ key, answer }) => [key, answer.error]),
    [["poll 1", "refused 409"]],
  );
});

test("what an earlier page left goes as soon as the room is there, for the same seat only", async () => {
  await answers([0]).kept.send("before pain", "check", { pain: 4 });
  const tom = answers([], { state: { me: { seat: "tom" } } });
  tom.link.tell("up");
  await rest();
  assert.deepEqual(tom.link.sent, []);
  const linda = answers();
  linda.link.tell("up");
  await rest();
  assert.deepEqual(linda.link.sent, [["check", { pain: 4 }]]);
  assert.equal(linda.later.length, 1);
});

test("nothing is tried by itself before the room has told its state", async () => {
  await answers([0]).kept.send("before pain", "check", { pain: 4 });
  const { link } = answers();
  link.state = null;
  await pass(4 * AGAIN_MS);
  assert.deepEqual(link.sent, []);
});
