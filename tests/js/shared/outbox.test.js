import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";

import { AWAY, EVERY_MS, entry, FAULT, keys, LATER, OK, outboxOn, REFUSED, TOO_FAST_MS } from "../support/outbox.js";
import { pass, rest } from "../support/rest.js";
import { storage } from "../support/storage.js";

let kept;
beforeEach(() => {
  kept = storage();
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"] });
});
afterEach(() => mock.timers.reset());

const outbox = (...given) => outboxOn(kept, ...given);

describe("what goes", () => {
  test("what is taken is sent once and not kept any more", async () => {
    const { box, sent } = outbox();
    assert.deepEqual(await box.put("a", { words: "hello" }), OK);
    assert.deepEqual(sent, ["a hello"]);
    assert.deepEqual(box.entries, []);
    assert.deepEqual(Object.keys(kept), []);
    await pass(10 * EVERY_MS);
    assert.equal(sent.length, 1);
  });

  test("it is on the device before it goes, under a name of its own", async () => {
    const { box } = outbox({ a: [AWAY] });
    box.put("a", { words: "hello" });
    assert.deepEqual(Object.keys(kept), ["box-ann:a"]);
    await rest();
    assert.equal(box.entries[0].words, "hello");
  });

  test("many go one after the other, in the order in which they were given", async () => {
    const { box, sent } = outbox();
    for (const key of ["c", "a", "b"]) box.put(key, { words: "1" });
    await rest();
    assert.deepEqual(sent, ["c 1", "a 1", "b 1"]);
  });

  test("what came while another was on its way goes after it, without a new press", async () => {
    let answer;
    const { box, sent } = outbox({}, { send: undefined });
    box.rule.send = ([{ key }]) => {
      sent.push(key);
      return new Promise((done) => {
        answer = () => done([OK]);
      });
    };
    box.put("a", { words: "1" });
    box.put("b", { words: "2" });
    await rest();
    assert.deepEqual(sent, ["a"]);
    answer();
    await rest();
    assert.deepEqual(sent, ["a", "b"]);
    answer();
    await rest();
    assert.deepEqual(box.entries, []);
  });
});

describe("what cannot go now", () => {
  test("it stays, is told as away, and goes by itself in its turn", async () => {
    const { box, sent, settled } = outbox({ a: [AWAY, AWAY] });
    assert.deepEqual(await box.put("a", { words: "1" }), AWAY);
    assert.equal(box.stuck, true);
    box.put("b", { words: "2" });
    await rest();
    assert.deepEqual(sent, ["a 1", "a 1"]);
    await pass(EVERY_MS);
    assert.deepEqual(sent, ["a 1", "a 1", "a 1", "b 2"]);
    assert.equal(box.stuck, false);
    assert.deepEqual(settled, [
      ["a", OK],
      ["b", OK],
    ]);
  });

  test("it is not tried again while there is no chance", async () => {
    let ready = false;
    const { box, sent } = outbox({ a: [AWAY] }, { ready: () => ready });
    await box.put("a", { words: "1" });
    await pass(4 * EVERY_MS);
    assert.equal(sent.length, 1);
    ready = true;
    await pass(EVERY_MS);
    assert.deepEqual(sent, ["a 1", "a 1"]);
  });

  test("too fast is no trouble: it goes a moment later, and the next after it", async () => {
    const { box, sent } = outbox({ a: [LATER] });
    assert.deepEqual(await box.put("a", { words: "1" }), { ...LATER, away: true });
    assert.equal(box.stuck, false);
    box.put("b", { words: "2" });
    await rest();
    assert.deepEqual(sent, ["a 1"]);
    await pass(TOO_FAST_MS);
    assert.deepEqual(sent, ["a 1", "a 1", "b 2"]);
  });

  test("a lane that is stuck never holds up another", async () => {
    const { box, sent } = outbox({ a1: [AWAY] }, { lane: ({ key }) => key[0] });
    for (const key of ["a1", "a2", "b1"]) box.write(entry(key));
    await box.flush();
    assert.deepEqual(sent, ["a1 1", "b1 1"]);
    assert.deepEqual(keys(box.waiting), ["a1", "a2"]);
  });

  test("a lane goes in one message where it may, and what the answer does not name stays", async () => {
    const { box, sent } = outbox({ a1: [AWAY] }, { lane: ({ key }) => key[0], most: Number.POSITIVE_INFINITY });
    for (const key of ["a1", "b1", "a2"]) box.write(entry(key));
    await box.flush();
    assert.deepEqual(sent, ["a1 1, a2 1", "b1 1"]);
    assert.deepEqual(keys(box.waiting), ["a1"]);
  });
});

describe("what is refused", () => {
  test("whoever gave it hears why at once, and it is not kept", async () => {
    const { box, settled } = outbox({ a: [REFUSED] });
    assert.deepEqual(await box.put("a", { words: "1" }), REFUSED);
    assert.deepEqual([box.entries, settled], [[], []]);
  });

  test("where its writer is to see to it, it stays with the reason and is not sent again", async () => {
    const { box, sent } = outbox({ a: [REFUSED] }, { keepsReturned: true });
    await box.put("a", { words: "1" });
    box.put("b", { words: "2" });
    await pass(EVERY_MS);
    assert.deepEqual(sent, ["a 1", "b 2"]);
    assert.deepEqual(keys(box.returned), ["a"]);
    assert.equal(box.returned[0].error, "Too long.");
    assert.equal(box.stuck, false);
  });

  test("a refusal without a reason says so all the same", async () => {
    const { box } = outbox({ a: [{ ok: false, status: 400 }] }, { keepsReturned: true });
    await box.put("a", { words: "1" });
    assert.equal(box.returned[0].error, "This was not sent.");
  });

  test("what the server fails to take three times in a row is given back", async () => {
    const { box, sent, settled } = outbox({ a: [FAULT, FAULT, FAULT] });
    assert.deepEqual(await box.put("a", { words: "1" }), { ...FAULT, away: true });
    assert.equal(box.stuck, true);
    await pass(EVERY_MS);
    assert.equal(box.waiting[0].faults, 2);
    await pass(EVERY_MS);
    assert.equal(sent.length, 3);
    assert.deepEqual([box.entries, settled], [[], [["a", FAULT]]]);
    assert.equal(box.stuck, false);
  });

  test("faults that are not in a row do not add up", async () => {
    const { box, sent } = outbox({ a: [FAULT, FAULT, AWAY, FAULT, FAULT, OK] });
    await box.put("a", { words: "1" });
    for (let turn = 0; turn < 5; turn += 1) await pass(EVERY_MS);
    assert.equal(sent.length, 6);
    assert.deepEqual(box.entries, []);
  });
});

describe("the newest of one key counts", () => {
  test("what was not sent yet is replaced, and both who gave it hear of the newest", async () => {
    const { box, sent } = outbox({ a: [AWAY] });
    await box.put("a", { words: "old" });
    assert.deepEqual(await box.put("a", { words: "new" }), OK);
    assert.deepEqual(sent, ["a old", "a new"]);
  });

  test("what changed while the older was on its way is sent too", async () => {
    const { box, sent } = outbox();
    const older = box.put("a", { words: "old" });
    const newer = box.put("a", { words: "new" });
    assert.deepEqual(await Promise.all([older, newer]), [OK, OK]);
    assert.deepEqual(sent, ["a old", "a new"]);
    assert.deepEqual(box.entries, []);
  });

  test("a refusal of the older does not take the newer away", async () => {
    const { box, sent } = outbox({ a: [REFUSED] });
    const older = box.put("a", { words: "old" });
    box.put("a", { words: "new" });
    assert.deepEqual(await older, REFUSED);
    await rest();
    assert.deepEqual(sent, ["a old", "a new"]);
  });

  test("whoever waits for what was dropped meanwhile is not left waiting", async () => {
    let answer;
    const { box } = outbox();
    box.rule.send = () =>
      new Promise((done) => {
        answer = () => done([OK]);
      });
    box.put("a", { words: "1" });
    const second = box.put("b", { words: "2" });
    box.drop("b");
    answer();
    assert.deepEqual(await second, OK);
  });
});
