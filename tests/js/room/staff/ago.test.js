import assert from "node:assert/strict";
import { after, before, mock, test } from "node:test";
import { ago } from "../../../../static/js/room/staff/ago.js";

const NOW = Date.UTC(2026, 0, 1);
before(() => mock.timers.enable({ apis: ["Date"], now: NOW }));
after(() => mock.timers.reset());

for (const [seconds, words] of [
  [0, "0 seconds ago"],
  [1, "1 second ago"],
  [59, "59 seconds ago"],
  [60, "1 minute ago"],
  [89, "1 minute ago"],
  [90, "2 minutes ago"],
  [3600, "60 minutes ago"],
  [-20, "0 seconds ago"],
]) {
  test(`${seconds} s are "${words}"`, () => assert.equal(ago(NOW - seconds * 1000), words));
}

test("a moment that nobody noted was just now", () => assert.equal(ago(undefined), "just now"));
