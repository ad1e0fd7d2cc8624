import assert from "node:assert/strict";
import { test } from "node:test";

import { fit, fitOrScroll } from "../../../../static/js/room/people/fit.js";

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

const WALL = { gap: 10, narrowest: 1.2, under: 50, lowest: 72 };
/** What is left for the wall in a window of that size: with script and side beside it, and in exercise. */
const WINDOWS = [
  { wide: 1024, width: 720, height: 680 },
  { wide: 1280, width: 648, height: 632 },
  { wide: 1366, width: 734, height: 680 },
  { wide: 1366, width: 1030, height: 680 },
  { wide: 1920, width: 1288, height: 992 },
  { wide: 1920, width: 1568, height: 992 },
];

test("no other number of columns shows 2 to 16 people larger, and all of them fit", () => {
  for (const { width, height, wide: from } of WINDOWS) {
    for (let count = 2; count <= 16; count += 1) {
      const chosen = fitOrScroll(count, { width, height }, WALL);
      const rows = Math.ceil(count / chosen.columns);
      const words = `${count} in a window of ${from} px: ${JSON.stringify(chosen)}`;
      assert.ok(chosen.columns * chosen.width + (chosen.columns - 1) * WALL.gap <= width, words);
      assert.ok(rows * (chosen.height + WALL.under) + (rows - 1) * WALL.gap <= height, words);
      assert.ok(chosen.height >= WALL.lowest, words);
      for (let columns = 1; columns <= count; columns += 1) {
        const lines = Math.ceil(count / columns);
        const each = (width - WALL.gap * (columns - 1)) / columns;
        const high = (height - WALL.gap * (lines - 1)) / lines - WALL.under;
        const other = Math.floor(Math.min(each, (high * 16) / 9)) * Math.floor(Math.min(high, each / 1.2));
        assert.ok(other <= chosen.width * chosen.height, `${words} but ${columns} columns are larger`);
      }
    }
  }
});

test("six people at 1366 by 768 are seen twice as wide in exercise as when four always lay in a row", () => {
  const { width, height } = fitOrScroll(6, { width: 1030, height: 680 }, WALL);
  assert.ok(width >= 330 && height >= 240, `${width} x ${height}`);
});

test("the words under each tile are taken off its height", () => {
  assert.equal(fit(1, 2000, 500, 10, NARROWEST, 50).height, 450);
  assert.deepEqual(fit(2, 100, 80, 10, NARROWEST, 90), { columns: 1, width: 0, height: 0 });
});

test("where they would become too low to see, tiles keep a least height and the wall is scrolled", () => {
  const { columns, width, height } = fitOrScroll(16, { width: 720, height: 200 }, WALL);
  assert.ok(height >= WALL.lowest, `${height}`);
  assert.ok(columns * width + (columns - 1) * WALL.gap <= 720);
  assert.ok(fitOrScroll(3, { width: 100, height: 40 }, WALL).columns === 1);
});
