import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";

import { afresh, openPage, pass, press, rest, write } from "../support/page.js";

const STORE = "note:1:video";

let sent;
let reply;

beforeEach(() => {
  sent = [];
  reply = { seen: "v2", saved: "Saved at 10:14am." };
  mock.timers.enable({ apis: ["setTimeout"] });
  mock.method(globalThis, "fetch", async (_, { body, headers }) => {
    sent.push(`${body.get("words")} over ${body.get("seen")} as ${headers["X-CSRFToken"]}`);
    if (reply === "no link") throw new TypeError("Failed to fetch");
    const { status = 200, ...told } = reply;
    return new Response(JSON.stringify(told), { status });
  });
});
afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

async function open(words = "", left = null) {
  openPage(`<form id="notes" action="/note" data-store="${STORE}"><input type="hidden" name="csrf_token" value="t">
    <input type="hidden" name="seen" value="v1"><textarea name="words">${words}</textarea>
    <span id="notes-saved"></span></form>`);
  if (left !== null) window.localStorage.setItem(STORE, left);
  await afresh("player/notes.js");
}

const box = () => document.querySelector("textarea");
const said = () => document.getElementById("notes-saved").textContent;
const kept = () => window.localStorage.getItem(STORE);
const choices = () => [...document.querySelectorAll(".btl-kept button")];

const type = (words) => write(box(), words);

describe("while somebody writes", () => {
  test("words are on the device at once, and with us a second after the last key", async () => {
    await open();
    await type("Pacing");
    assert.deepEqual(JSON.parse(kept()), { words: "Pacing", seen: "v1" });
    await pass(900);
    await type("Pacing helps");
    await pass(999);
    assert.deepEqual(sent, []);
    await pass(1);
    assert.deepEqual(sent, ["Pacing helps over v1 as t"]);
    assert.deepEqual([said(), kept()], ["Saved at 10:14am. We save as you type.", null]);
  });

  test("the next words are over the version that we have now", async () => {
    await open();
    await type("One");
    await pass(1000);
    await type("Two");
    await pass(1000);
    assert.deepEqual(sent, ["One over v1 as t", "Two over v2 as t"]);
  });

  test("without a link they stay on the device and go by themselves", async () => {
    reply = "no link";
    await open();
    await type("Pacing");
    await pass(1000);
    assert.match(said(), /^Not saved yet\. You are not connected\./);
    assert.notEqual(kept(), null);
    reply = { seen: "v2", saved: "Saved." };
    await pass(5000);
    assert.deepEqual([sent.length, kept()], [2, null]);
  });

  test("a refusal is said in our words", async () => {
    reply = { status: 400, error: "That is too long." };
    await open();
    await type("Pacing");
    await pass(1000);
    assert.match(said(), /^Not saved yet\. That is too long\. Your words stay/);
  });
});

describe("words that were left here before", () => {
  const left = (words, seen) => JSON.stringify({ words, seen });

  test("come back and are sent, when the note is as it was", async () => {
    await open("Old", left("Old and more", "v1"));
    assert.equal(box().value, "Old and more");
    await pass(1000);
    assert.deepEqual(sent, ["Old and more over v1 as t"]);
  });

  test("are forgotten when we have them", async () => {
    await open("Same", left("Same", "v0"));
    assert.equal(kept(), null);
  });

  test("of an older page, alone, come back into an empty note", async () => {
    await open("", "just words");
    assert.equal(box().value, "just words");
  });

  for (const [name, label, words, goes] of [
    ["the newer note stays", "Keep the newer note", "Newer", []],
    ["the note from here is sent", "Keep the note from this device", "Mine", ["Mine over v1 as t"]],
    ["both are sent as one", "Keep both", "Newer\n\nMine", ["Newer\n\nMine over v1 as t"]],
  ]) {
    test(`beside a newer note somebody chooses: ${name}`, async () => {
      await open("Newer", left("Mine", "v0"));
      assert.equal(box().readOnly, true);
      await pass(60_000);
      assert.deepEqual(sent, []);
      press(choices().find((each) => each.textContent === label));
      await rest();
      assert.deepEqual([box().value, box().readOnly, sent], [words, false, goes]);
      assert.deepEqual([kept(), choices().length], [null, 0]);
    });
  }
});

test("a newer note from another device is never written over", async () => {
  reply = { status: 409, seen: "v9", words: "Newer" };
  await open();
  await type("Mine");
  await pass(1000);
  assert.equal(choices().length, 3);
  reply = { seen: "v10", saved: "Saved." };
  press(choices()[1]);
  await rest();
  assert.equal(sent.at(-1), "Mine over v9 as t");
});
