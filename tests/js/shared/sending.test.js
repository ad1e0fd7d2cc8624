import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";

import { renew, sendPatiently } from "../../../static/js/shared/sending.js";
import { fire, openPage, pass, rest } from "../support/page.js";

const AGAIN_MS = 2500;
const TAKEN = { type: "opaqueredirect" };
const REFUSED = { status: 400, headers: new Headers({ "Content-Type": "text/html; charset=utf-8" }) };
const STALE = { status: 400, headers: new Headers({ "Content-Type": "application/json" }) };
const DOWN = { status: 503, headers: new Headers() };

let replies;
let page;
let keys;
let went;
let plainly;

beforeEach(() => {
  replies = [];
  keys = [];
  went = [];
  plainly = [];
  page = '<body data-made-for="linda"><input name="csrf_token" value="fresh"></body>';
  mock.timers.enable({ apis: ["setTimeout"] });
  openPage(`<form action="/ready"><input type="hidden" name="csrf_token" value="old"><input type="radio" name="c" value="1">
    <button id="go" name="join" value="1"></button></form><p id="note"></p>`);
  document.body.dataset.madeFor = "linda";
  const form = document.querySelector("form");
  form.submit = () => plainly.push(form.querySelector("input[type=hidden][name=join]")?.value);
  mock.method(window.location, "assign", (address) => went.push(address));
  mock.method(globalThis, "fetch", async (_, { method, body }) => {
    if (method !== "POST")
      return page === null
        ? Promise.reject(new TypeError("away"))
        : page.status
          ? page
          : { status: 200, text: async () => page };
    keys.push(body.get("csrf_token"));
    const reply = replies.shift() ?? TAKEN;
    if (reply === "away") throw new TypeError("Failed to fetch");
    return reply;
  });
  sendPatiently(form, note(), "/room");
});
afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

const note = () => document.getElementById("note");

async function submit() {
  const event = fire(document.querySelector("form"), "submit", { submitter: document.getElementById("go") });
  await rest();
  return event;
}

test("a form that is taken leads on", async () => {
  assert.equal((await submit()).defaultPrevented, true);
  assert.deepEqual([went, plainly], [["/room"], []]);
});

test("without a link it waits on the page, says so, and goes by itself", async () => {
  replies = ["away", DOWN, { ...DOWN, status: 429 }];
  await submit();
  assert.match(note().textContent, /^Saved on this device\. We send it by itself/);
  for (let turn = 0; turn < 3; turn += 1) {
    assert.deepEqual(went, []);
    await pass(AGAIN_MS);
  }
  assert.deepEqual([went, keys.length], [["/room"], 4]);
});

test("a second press while it is on its way sends nothing", async () => {
  replies = ["away"];
  await submit();
  await submit();
  assert.equal(keys.length, 1);
});

test("a choice that is not made is the server's page's to say", async () => {
  const form = document.querySelector("form");
  mock.method(form, "querySelector", (selector) => (selector.endsWith(":invalid") ? form.elements[1] : null));
  assert.equal((await submit()).defaultPrevented, false);
  assert.deepEqual(keys, []);
});

test("what the server refuses is sent plainly, so that its page says why, with the button that was pressed", async () => {
  replies = [REFUSED];
  await submit();
  assert.deepEqual([went, plainly], [[], ["1"]]);
});

describe("a sign-in that ended while the page waited", () => {
  test("is taken anew by itself", async () => {
    replies = [STALE];
    await submit();
    assert.deepEqual([keys, went], [["old", "fresh"], ["/room"]]);
  });

  test("that is still refused is the server's to explain", async () => {
    replies = [STALE, STALE];
    await submit();
    assert.equal(plainly.length, 1);
  });

  test("is taken anew after each wait, not once for all", async () => {
    replies = [STALE, "away", STALE];
    await submit();
    await pass(AGAIN_MS);
    assert.deepEqual([keys.length, went], [4, ["/room"]]);
  });

  test("and nobody signed in since: the words stay, and the page says what to do", async () => {
    replies = [STALE];
    page = "<body><p>Sign in</p></body>";
    await submit();
    assert.match(note().textContent, /^You are not signed in any more\. What you filled in is still here\./);
    assert.deepEqual([went, plainly], [[], []]);
  });

  test("and somebody else signed in: nothing is sent as them", async () => {
    replies = [STALE];
    page = '<body data-made-for="tom"><input name="csrf_token" value="fresh"></body>';
    await submit();
    assert.match(note().textContent, /^Somebody else is signed in/);
    assert.deepEqual(keys, ["old"]);
  });

  test("and no link to ask by: it waits as without a link", async () => {
    replies = [STALE];
    page = null;
    await submit();
    assert.match(note().textContent, /^Saved on this device/);
    page = '<body data-made-for="linda"><input name="csrf_token" value="fresh"></body>';
    await pass(AGAIN_MS);
    assert.deepEqual([keys, went], [["old", "old"], ["/room"]]);
  });
});

test("a server that is down has no fresh key", async () => {
  page = { status: 503 };
  assert.equal(await renew(document.querySelector("form")), "away");
});
