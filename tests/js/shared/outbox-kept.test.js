import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";

import { agoOf, keptIn } from "../../../static/js/shared/outbox.js";
import { Store } from "../../../static/js/shared/store.js";
import { AWAY, keys, OK, outboxOn, REFUSED } from "../support/outbox.js";
import { storage } from "../support/storage.js";

let kept;
beforeEach(() => {
  kept = storage();
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"] });
});
afterEach(() => mock.timers.reset());

const outbox = (...given) => outboxOn(kept, ...given);

describe("after the page loads again", () => {
  test("what was kept goes first, in the order in which it was given", async () => {
    const before = outbox({ a: [AWAY, AWAY], b: [AWAY] });
    await before.box.put("a", { words: "1" });
    await before.box.put("b", { words: "2" });
    const { box, sent, settled } = outbox();
    await box.flush();
    assert.deepEqual(sent, ["a 1", "b 2"]);
    assert.deepEqual(settled, [
      ["a", OK],
      ["b", OK],
    ]);
  });

  test("what was given back is still there to be seen to", async () => {
    await outbox({ a: [REFUSED] }, { keepsReturned: true }).box.put("a", { words: "1" });
    const { box, sent } = outbox({}, { keepsReturned: true });
    await box.flush();
    assert.deepEqual(sent, []);
    box.write({ ...box.returned[0], words: "shorter" });
    assert.equal(box.returned[0].words, "shorter");
    box.drop("a");
    assert.deepEqual(Object.keys(kept), []);
  });

  test("nobody sends what another one left on the device", async () => {
    await outbox({ a: [AWAY] }).box.put("a", { words: "1" });
    const { box, sent } = outbox({}, {}, "an");
    await box.flush();
    assert.deepEqual(sent, []);
    assert.deepEqual(Object.keys(kept), ["box-ann:a"]);
  });

  test("an entry that cannot be read is passed over", () => {
    kept.setItem("box-ann:a", "{");
    kept.setItem("box-ann:b", "{}");
    assert.deepEqual(keptIn(new Store(() => kept), "box-ann:"), []);
  });
});

describe("the order in which things were given", () => {
  test("does not depend on how long the sorting takes", () => {
    let now = 5000;
    const { box } = outbox();
    mock.method(performance, "now", () => now);
    for (const key of ["a", "b", "c", "d"]) {
      box.rule.send = async (entries) => entries.map(() => AWAY);
      box.put(key, { words: "" });
    }
    mock.restoreAll();
    mock.method(performance, "now", () => {
      now += 10;
      return now;
    });
    assert.deepEqual(keys(box.entries), ["a", "b", "c", "d"]);
    mock.restoreAll();
  });
});

describe("how long ago something was given", () => {
  const here = String(performance.timeOrigin);

  test("on this page the steady clock says it, whatever the device's clock does", () => {
    const ago = agoOf({ given: Date.now() + 3_600_000, load: here, tick: performance.now() - 5000 });
    assert.ok(ago >= 5 && ago < 60, `${ago} s`);
  });

  test("from an earlier page the device's clock says it, and never less than nothing", () => {
    mock.timers.setTime(100_000);
    assert.equal(agoOf({ given: 40_000, load: "earlier", tick: 0 }), 60);
    assert.equal(agoOf({ given: 160_000, load: "earlier", tick: 0 }), 0);
  });
});
