import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { watchUpload } from "../../../static/js/page/uploads.js";
import { fire, openPage, rest } from "../support/page.js";

const BEAT_MS = 4 * 60 * 1000;

let form;
let asked;
let ready;
let sent;

beforeEach(() => {
  asked = [];
  sent = [];
  ready = () => new Response("{}");
  mock.timers.enable({ apis: ["setInterval"] });
  mock.method(globalThis, "fetch", async (address) => {
    asked.push(address);
    return ready();
  });
  openPage('<form enctype="multipart/form-data"><input type="file" name="video"><button id="go"></button></form>');
  form = document.querySelector("form");
  form.requestSubmit = (button) => sent.push(button.id);
  watchUpload(form);
});
afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

const choose = () => Object.defineProperty(form.querySelector("input"), "files", { value: [{ name: "a.mp4" }] });
const submit = () => fire(form, "submit", { submitter: document.getElementById("go") });
const said = () => [...document.querySelectorAll("[data-not-sent]")].map((each) => each.textContent);

test("without a file the form goes as any form", () => {
  assert.equal(submit().defaultPrevented, false);
  assert.deepEqual(asked, []);
});

test("a file is sent once we have said that it will be taken, by the same button", async () => {
  choose();
  assert.equal(submit().defaultPrevented, true);
  await rest();
  assert.deepEqual([asked, sent], [["/drafts/ready"], ["go"]]);
  assert.equal(submit().defaultPrevented, false);
});

test("a long upload is being here: it says so every four minutes", async () => {
  choose();
  submit();
  await rest();
  mock.timers.tick(2 * BEAT_MS);
  assert.equal(asked.length, 3);
});

test("whoever was signed out is led to sign in, in a new tab, with the file still chosen", async () => {
  ready = () => new Response("", { status: 403 });
  choose();
  submit();
  await rest();
  assert.match(said()[0], /^You were signed out, so nothing was sent yet\./);
  assert.equal(document.querySelector("[data-not-sent] a").target, "_blank");
  assert.deepEqual(sent, []);
});

test("without a link it says so, in one line however often it is tried", async () => {
  ready = () => {
    throw new TypeError("Failed to fetch");
  };
  choose();
  for (let turn = 0; turn < 2; turn += 1) {
    submit();
    await rest();
  }
  assert.deepEqual(said(), ["You are not connected, so nothing was sent. Your file is still chosen. Try again soon."]);
});
