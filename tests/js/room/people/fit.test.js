import assert from "node:assert/strict";
import { test } from "node:test";

import { fit } from "../../../../static/js/room/people/fit.js";

const NARROWEST = 0.75;

test("one tile takes the whole room, as wide as 16 to 9 at most", () => {
  assert.deepEqual(fit(1, 1600, 900, 8, NARROWEST), { columns: 1, width: 1600, height: 900 });
  assert.deepEqual(fit(1, 4000, 900, 8, NARROWEST), { columns: 1, width: 1600, height: 900 });
});

test("on a phone held upright two tiles lie one under the other, on a wide screen side by side", () => {
  assert.equal(fit(2, 360, 640, 8, NARROWEST).columns, 1);
  assert.equal(fit(2, 1600, 600, 8, NARROWEST).columns, 2);
});

test("the gaps between tiles are taken off before they are measured", () => {
  const { columns, width, height } = fit(4, 1000, 562, 10, NARROWEST);
  assert.equal(columns, 2);
  assert.ok(2 * width + 10 <= 1000 && 2 * height + 10 <= 562, `${width} x ${height}`);
  assert.equal(height, Math.floor((562 - 10) / 2));
});

test("three in a row share what is left between two gaps", () => {
  assert.equal(fit(3, 320, 100, 10, NARROWEST).columns, 3);
  assert.equal(fit(3, 320, 100, 10, NARROWEST).width, 100);
});

test("a tile is never narrower than it may be for its height", () => {
  const { width, height } = fit(3, 300, 900, 0, NARROWEST);
  assert.ok(width / height >= NARROWEST - 0.01, `${width} x ${height}`);
});

test("ten people on a big screen have as few empty places as make the largest tiles", () => {
  const chosen = fit(10, 1920, 1080, 8, NARROWEST);
  for (let columns = 1; columns <= 10; columns += 1) {
    const rows = Math.ceil(10 / columns);
    const wide = Math.min((1920 - 8 * (columns - 1)) / columns, (((1080 - 8 * (rows - 1)) / rows) * 16) / 9);
    const high = Math.min((1080 - 8 * (rows - 1)) / rows, (1920 - 8 * (columns - 1)) / columns / NARROWEST);
    assert.ok(Math.floor(wide) * Math.floor(high) <= chosen.width * chosen.height, `${columns} columns are larger`);
  }
});

test("nobody, or no room, has tiles of no size", () => {
  assert.deepEqual(fit(0, 800, 600, 8, NARROWEST), { columns: 1, width: 0, height: 0 });
  assert.deepEqual(fit(3, 0, 0, 8, NARROWEST), { columns: 1, width: 0, height: 0 });
});
