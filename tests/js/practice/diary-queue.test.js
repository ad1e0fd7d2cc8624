import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";

import { DiaryQueue, newKey, today } from "../../../static/js/practice/diary-queue.js";
import { storage } from "../support/storage.js";

const KEY = "a".repeat(32);
const WALK = {
  edit: 0,
  day: "2026-03-12",
  item: "other",
  what: "A walk",
  minutes: 10,
  felt: "",
  note: "",
  device_day: "2026-03-12",
  url: "/practice/entries",
};

let requests;
let replies;
beforeEach(() => {
  requests = [];
  replies = [];
  globalThis.window = Object.assign(new EventTarget(), { localStorage: storage(), sessionStorage: storage() });
  mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  mock.method(globalThis, "fetch", async (_, { body }) => {
    const { entries } = JSON.parse(body);
    requests.push(entries);
    const reply = replies.shift() ?? {};
    if (reply === "no link") throw new TypeError("Failed to fetch");
    const { status = 200, saved = entries.map(({ key }) => key), refused = {} } = reply;
    return new Response(JSON.stringify({ saved, refused }), { status });
  });
});
afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
  delete globalThis.window;
});

const onDevice = () => Object.keys(window.localStorage);

describe("an entry of the diary", () => {
  test("goes with its key and the day of the device, and is then nowhere on the device", async () => {
    const answer = await new DiaryQueue("ann", "token").outbox.put(KEY, WALK);
    assert.deepEqual(answer, { ok: true });
    const { url: _, ...fields } = WALK;
    const [[{ ago, ...sent }]] = requests;
    assert.deepEqual(sent, { ...fields, key: KEY });
    assert.ok(ago >= 0);
    assert.deepEqual(onDevice(), []);
  });

  test("stays without a link or a sign-in, and all that waits goes together when the link is back", async () => {
    const queue = new DiaryQueue("ann", "token");
    replies = ["no link", { status: 403 }];
    assert.equal((await queue.outbox.put(KEY, WALK)).away, true);
    assert.equal((await queue.outbox.put("b".repeat(32), WALK)).away, true);
    assert.equal(onDevice().length, 2);
    window.dispatchEvent(new Event("online"));
    await queue.outbox.flush();
    assert.equal(requests.at(-1).length, 2);
    assert.deepEqual(onDevice(), []);
  });

  test("that is refused is given back with its words and the reason", async () => {
    const queue = new DiaryQueue("ann", "token");
    replies = [{ saved: [], refused: { [KEY]: { error: "Which day?", field: "day" } } }];
    assert.equal((await queue.outbox.put(KEY, WALK)).error, "Which day?");
    const [back] = queue.outbox.returned;
    assert.deepEqual([back.what, back.error], ["A walk", "Which day?"]);
  });

  test("of somebody else on the same device is not sent", async () => {
    replies = ["no link"];
    await new DiaryQueue("ann", "token").outbox.put(KEY, WALK);
    await new DiaryQueue("ben", "token").outbox.flush();
    assert.equal(requests.length, 1);
  });
});

test("today is the day on the clock of the device", () => {
  assert.equal(today(new Date(2026, 0, 5, 23, 59)), "2026-01-05");
  assert.match(newKey(), /^[0-9a-f]{32}$/);
});
