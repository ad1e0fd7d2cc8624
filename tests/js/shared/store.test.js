import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { Store } from "../../../static/js/shared/store.js";
import { fullStorage, noStorage, storage } from "../support/storage.js";

function over(kept) {
  return new Store(() => kept);
}

describe("where the browser keeps things", () => {
  test("what is set is in the browser's own store, as words", () => {
    const kept = storage();
    over(kept).set("volume", 40);
    assert.equal(kept.getItem("volume"), "40");
    assert.equal(over(kept).get("volume"), "40");
  });

  test("what was never kept is null, and an empty word is not", () => {
    const store = over(storage());
    store.set("draft", "");
    assert.equal(store.get("nothing"), null);
    assert.equal(store.get("draft"), "");
  });

  test("what is dropped is gone, and dropping it twice harms nothing", () => {
    const kept = storage();
    const store = over(kept);
    store.set("a", "1");
    store.drop("a");
    store.drop("a");
    assert.deepEqual(Object.keys(kept), []);
  });

  test("what is written is read back, and anything unreadable counts as none", () => {
    const kept = storage();
    const store = over(kept);
    store.write("list", [1, { a: "ö" }]);
    assert.deepEqual(store.read("list", []), [1, { a: "ö" }]);
    kept.setItem("broken", "{");
    kept.setItem("null", "null");
    assert.equal(store.read("broken", "none"), "none");
    assert.equal(store.read("null", "none"), "none");
    assert.equal(store.read("absent", "none"), "none");
  });

  test("false and nought are what was kept, not none", () => {
    const store = over(storage());
    store.write("off", false);
    store.write("nought", 0);
    assert.equal(store.read("off", true), false);
    assert.equal(store.read("nought", 7), 0);
  });

  test("it outlives the page, and trying leaves nothing behind", () => {
    const kept = storage();
    assert.equal(over(kept).lasts, true);
    assert.deepEqual(Object.keys(kept), []);
  });

  test("clearing takes everything", () => {
    const kept = storage();
    const store = over(kept);
    store.set("a", "1");
    store.clear();
    assert.deepEqual(store.names(), []);
  });
});

for (const [why, open] of [
  ["its storage is full", () => fullStorage],
  ["it may not be asked at all", () => noStorage],
]) {
  describe(`where the browser keeps nothing, because ${why}`, () => {
    const store = () => {
      const made = open();
      const kept = made === noStorage ? null : made();
      return new Store(kept ? () => kept : noStorage);
    };

    test("the page keeps it in memory, as words", () => {
      const held = store();
      held.set("volume", 40);
      assert.equal(held.get("volume"), "40");
      assert.deepEqual(held.names(), ["volume"]);
      held.write("list", [1]);
      assert.deepEqual(held.read("list", []), [1]);
    });

    test("it says that this ends with the page", () => {
      assert.equal(store().lasts, false);
    });

    test("what is dropped or cleared is gone", () => {
      const held = store();
      held.set("a", "1");
      held.set("b", "2");
      held.drop("a");
      assert.equal(held.get("a"), null);
      held.clear();
      assert.equal(held.get("b"), null);
    });
  });
}

test("what had to be in memory gives way to what the browser keeps again", () => {
  const kept = storage();
  let full = true;
  const store = new Store(() => (full ? fullStorage() : kept));
  store.set("a", "old");
  assert.equal(store.lasts, false);
  full = false;
  store.set("a", "new");
  assert.equal(kept.getItem("a"), "new");
  assert.equal(store.get("a"), "new");
  assert.deepEqual(store.names(), ["a"]);
  assert.equal(store.lasts, true);
});
