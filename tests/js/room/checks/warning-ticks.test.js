import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { sendTicks } from "../../../../static/js/room/checks/warning-ticks.js";
import { fire, openPage, rest } from "../../support/page.js";

const AGAIN_MS = 2500;

let sent;
let statuses;

beforeEach(() => {
  sent = [];
  statuses = [];
  mock.timers.enable({ apis: ["setTimeout"] });
  openPage(`<form><input type="hidden" name="csrf_token" value="old">
    <label><input type="checkbox" name="flags" value="numb"></label><p><span data-told></span></p>
    <input type="checkbox" name="other" value="x"></form>`);
  mock.method(globalThis, "fetch", async (address, { method, body } = {}) => {
    if (method !== "POST")
      return { status: 200, text: async () => '<body><input name="csrf_token" value="fresh"></body>' };
    sent.push(`${address} ${body.get("sign")} ${body.get("ticked") ?? "off"} ${body.get("csrf_token")}`);
    const status = statuses.shift() ?? 200;
    if (status === 0) throw new TypeError("Failed to fetch");
    return { ok: status === 200, status };
  });
  sendTicks(document.querySelector("form"), "/warning");
});
afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

const told = () => document.querySelector("[data-told]").textContent;

async function tick(on, name = "flags") {
  const box = document.querySelector(`[name=${name}]`);
  box.checked = on;
  fire(box, "change");
  for (let turn = 0; turn < 5; turn += 1) await rest();
}

async function pass(ms) {
  mock.timers.tick(ms);
  for (let turn = 0; turn < 5; turn += 1) await rest();
}

test("a tick is sent at once, and taken back, and the person reads that the team has it", async () => {
  await tick(true);
  assert.equal(told(), "Your team can see this.");
  await tick(false);
  assert.deepEqual(sent, ["/warning numb y old", "/warning numb off old"]);
});

test("what is no warning sign is not sent", async () => {
  await tick(true, "other");
  assert.deepEqual(sent, []);
});

test("without a link it says so, and is tried again until it is taken", async () => {
  statuses = [0, 503];
  await tick(true);
  assert.equal(told(), "We could not reach your team yet. We keep trying.");
  await pass(AGAIN_MS);
  await pass(AGAIN_MS);
  assert.deepEqual([sent.length, told()], [3, "Your team can see this."]);
  await pass(4 * AGAIN_MS);
  assert.equal(sent.length, 3);
});

test("of two changes the newest is what is tried again", async () => {
  statuses = [0];
  await tick(true);
  await tick(false);
  await pass(4 * AGAIN_MS);
  assert.deepEqual(sent, ["/warning numb y old", "/warning numb off old"]);
});

test("a key of an earlier sign-in is taken anew for the next try", async () => {
  statuses = [400];
  await tick(true);
  await pass(AGAIN_MS);
  assert.deepEqual(sent, ["/warning numb y old", "/warning numb y fresh"]);
});
