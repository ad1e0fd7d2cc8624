import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { afresh, fire, openPage, press, rest } from "../support/page.js";

let link;
let sent;
let out;

beforeEach(async () => {
  link = true;
  sent = [];
  out = 0;
  mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  mock.method(globalThis, "fetch", async (address, { body }) => {
    if (!link) throw new TypeError("Failed to fetch");
    sent.push(address);
    const { answers = [] } = typeof body === "string" ? JSON.parse(body) : {};
    return new Response(JSON.stringify({ saved: answers.map(({ key }) => key), refused: {} }));
  });
  openPage(`<form id="log-out"><input type="hidden" name="csrf_token" value="t"></form>
    <form id="notes" action="/note" data-store="note:1:v"><textarea name="words">Mine</textarea></form>`);
  document.getElementById("log-out").submit = () => {
    out += 1;
  };
  await afresh("page/leaving.js");
});
afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

const device = () => Object.keys(window.localStorage).sort();

function keep(name, value) {
  window.localStorage.setItem(name, JSON.stringify(value));
}

function answer(owner, key) {
  const entry = { key, response: "r", url: "/save", question: "q", value: "1", given: 0, load: "", tick: 0 };
  keep(`answer:${owner}:${key}`, entry);
}

async function logOut() {
  fire(document.getElementById("log-out"), "submit");
  for (let turn = 0; turn < 10; turn += 1) await rest();
}

const asked = () => document.querySelector("dialog");
const choose = (label) => press([...asked().querySelectorAll("button")].find((each) => each.textContent === label));

test("with nothing unsent, one is out at once", async () => {
  await logOut();
  assert.deepEqual([out, sent, asked()], [1, [], null]);
});

test("answers and the note of this page are sent first, whoever gave the answers", async () => {
  answer("ann", "k1");
  answer("bob", "k2");
  keep("note:1:v", "Mine");
  await logOut();
  assert.deepEqual([sent.sort(), out, device()], [["/save", "/save", "https://clinic.example/note"], 1, []]);
});

test("what is typed and not kept yet is kept before", async () => {
  const order = [];
  window.keepDrafts = async () => order.push(`drafts ${out}`);
  await logOut();
  assert.deepEqual(order, ["drafts 0"]);
});

test("what cannot be sent is asked about, and whoever stays loses nothing", async () => {
  link = false;
  answer("ann", "k1");
  await logOut();
  assert.match(asked().textContent, /Some of your words have not reached us/);
  assert.equal(out, 0);
  choose("Stay logged in");
  assert.deepEqual([asked(), out, device()], [null, 0, ["answer:ann:k1"]]);
});

test("whoever goes all the same leaves nothing for the next to read", async () => {
  link = false;
  answer("ann", "k1");
  keep("note:1:v", "Mine");
  keep("kept-s1-linda:poll 1", { key: "poll 1" });
  window.localStorage.setItem("bell", "off");
  window.sessionStorage.setItem("unsent-s1-linda:k", "{}");
  await logOut();
  choose("Delete them and log out");
  for (let turn = 0; turn < 10; turn += 1) await rest();
  assert.deepEqual([out, device(), Object.keys(window.sessionStorage)], [1, ["bell"], []]);
});

test("what was kept and is empty by now is nothing to ask about", async () => {
  link = false;
  keep("kept-s1-linda", {});
  await logOut();
  assert.deepEqual([out, asked()], [1, null]);
});
