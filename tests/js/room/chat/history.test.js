import assert from "node:assert/strict";
import { test } from "node:test";

import { joined } from "../../../../static/js/room/chat/history.js";

const at = (...times) => times.map((time) => ({ id: `m${time}`, at_ms: time }));
const times = (list) => list.map((one) => one.at_ms);

test("what the room tells again is there once", () => {
  assert.deepEqual(times(joined(at(1, 2, 3), at(2, 3, 4))), [1, 2, 3, 4]);
});

test("what is older than the told part stays before it", () => {
  assert.deepEqual(times(joined(at(1, 2, 3), at(8, 9))), [1, 2, 3, 8, 9]);
});

test("what came while the part was on its way stays after it", () => {
  assert.deepEqual(times(joined(at(10), at(8, 9))), [8, 9, 10]);
});

test("what lies within the told part and is not in it was taken back", () => {
  assert.deepEqual(times(joined(at(7, 8.5, 9), at(8, 9))), [7, 8, 9]);
});

test("an empty page takes what it is told, and an empty telling takes nothing away", () => {
  assert.deepEqual(times(joined([], at(1))), [1]);
  assert.deepEqual(times(joined(at(1, 2), [])), [1, 2]);
});

test("what is as old as the first of the told part stays before it", () => {
  const own = [{ id: "own", at_ms: 8 }];
  assert.deepEqual(
    joined(own, at(8, 9)).map((one) => one.id),
    ["own", "m8", "m9"],
  );
});

test("of one moment, both are kept", () => {
  const own = [{ id: "own", at_ms: 9 }];
  assert.deepEqual(
    joined(own, at(8, 9)).map((one) => one.id),
    ["m8", "m9", "own"],
  );
});
