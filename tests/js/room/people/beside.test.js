import assert from "node:assert/strict";
import { test } from "node:test";

import { besideTheirs } from "../../../../static/js/room/people/beside.js";

const sits = (seat, beside) => [
  seat,
  { person: `p-${seat}`, ...(beside ? { beside: { person: `p-${beside}` } } : {}) },
];
const order = (...people) => besideTheirs(people).map(([seat]) => seat);

test("whoever is here for somebody lies right after them, wherever that is", () => {
  assert.deepEqual(order(sits("bsl", "linda"), sits("ann"), sits("linda"), sits("typist", "linda"), sits("tom")), [
    "ann",
    "linda",
    "bsl",
    "typist",
    "tom",
  ]);
});

test("while their patient is away a companion lies as everybody does", () => {
  assert.deepEqual(order(sits("bsl", "linda"), sits("ann")), ["bsl", "ann"]);
});
