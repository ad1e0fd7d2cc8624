import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";

import { afresh, fire, openPage, pass, press, rest, write } from "../support/page.js";

const CHANGED = /This page has changed since/;
let sent;
let drafts;
let status;

beforeEach(() => {
  sent = [];
  drafts = [];
  status = 200;
  mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  mock.method(globalThis, "fetch", async (address, { body } = {}) => {
    if (address.startsWith("/drafts?")) return new Response(JSON.stringify(drafts));
    sent.push([address, JSON.parse(body)]);
    if (status === 0) throw new TypeError("Failed to fetch");
    return new Response(JSON.stringify({ error: "That is too long." }), { status });
  });
});
afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

async function open({ words = "", answered = false, more = "" } = {}) {
  const page = openPage(
    `<main><form method="post" action="/person/1"><textarea name="text">${words}</textarea>${more}</form></main>`,
    {
      url: "https://clinic.example/person/1",
    },
  );
  globalThis.Event = page.Event;
  Object.assign(page.document.body.dataset, { whose: "ana", csrf: "t", ...(answered ? { answered: "" } : {}) });
  await afresh("page/drafts.js");
  await rest();
}

const box = () => document.querySelector("textarea");
const notes = () => [...document.querySelectorAll(".btl-kept > p:first-child")].map((each) => each.textContent);
const button = (label) => [...document.querySelectorAll(".btl-kept button")].find((each) => each.textContent === label);
const draft = (text, base) => ({
  address: "/person/1",
  fields: JSON.stringify([["text", text]]),
  base: base === undefined ? "" : JSON.stringify([["text", base]]),
  when: "at 10:14am",
});

const type = (words) => write(box(), words);

describe("while somebody types", () => {
  test("words are kept a second and a half after the last key, with what stood there before", async () => {
    await open({ words: "Old" });
    await type("Old and");
    await pass(1400);
    await type("Old and new");
    await pass(1499);
    assert.deepEqual(sent, []);
    await pass(1);
    const told = { address: "/person/1", fields: [["text", "Old and new"]], base: [["text", "Old"]] };
    assert.deepEqual(sent, [["/drafts", told]]);
  });

  test("the same words are not kept twice", async () => {
    await open();
    await type("Words");
    await pass(1500);
    await type("Words");
    await pass(1500);
    assert.equal(sent.length, 1);
  });

  test("words that were just typed go with the page, and before somebody logs out", async () => {
    await open();
    await type("Words");
    fire(window, "pagehide");
    await rest();
    assert.equal(sent.length, 1);
    await type("More words");
    await window.keepDrafts();
    assert.equal(sent.length, 2);
  });

  test("a form that is sent says whose words these are, and is not kept as well", async () => {
    await open({ words: "Old" });
    await type("New");
    fire(document.querySelector("form"), "submit");
    await pass(5000);
    const hidden = (name) => document.querySelector(`[name=${name}]`).value;
    assert.deepEqual([sent, hidden("whose"), hidden("whose_base")], [[], "ana", '[["text","Old"]]']);
  });

  test("whoever was signed out is told once, and keeps the words", async () => {
    status = 403;
    await open();
    await type("Words");
    await pass(1500);
    await type("Words and");
    await pass(1500);
    assert.equal(notes().length, 1);
    assert.match(notes()[0], /^You were signed out/);
    assert.equal(box().value, "Words and");
  });

  test("words that we cannot keep say why", async () => {
    status = 400;
    await open();
    await type("Words");
    await pass(1500);
    assert.deepEqual(notes(), ["That is too long. Please save it now."]);
  });

  test("without a link nothing is said: the words are on the page", async () => {
    status = 0;
    await open();
    await type("Words");
    await pass(1500);
    assert.deepEqual(notes(), []);
  });
});

describe("words from before", () => {
  test("are back in an empty form, and can be cleared", async () => {
    drafts = [draft("Half a letter")];
    await open();
    assert.equal(box().value, "Half a letter");
    assert.deepEqual(notes(), ["You wrote this at 10:14am and did not save it. It is back in the form."]);
    press(button("Clear it"));
    await rest();
    assert.deepEqual([box().value, notes(), sent], ["", [], [["/drafts/drop", { address: "/person/1" }]]]);
  });

  test("are back where the page is as it was when they were written", async () => {
    drafts = [draft("Old and new", "Old")];
    await open({ words: "Old" });
    assert.equal(box().value, "Old and new");
  });

  test("lie beside the form where the page has changed since", async () => {
    drafts = [draft("Mine", "Old")];
    await open({ words: "Changed by Tom" });
    assert.equal(box().value, "Changed by Tom");
    assert.equal(document.querySelector(".btl-kept__words").textContent, "Mine");
    press(button("Put my words in the form"));
    await rest();
    assert.deepEqual([box().value, notes()], ["Mine", []]);
  });

  test("are not said to lie beside a page that has changed once they were put into it", async () => {
    drafts = [draft("Mine", "Old")];
    await open({ words: "Changed by Tom" });
    press(button("Put my words in the form"));
    await type("Mine and more");
    await pass(1500);
    const [, kept] = sent[0];
    assert.deepEqual(kept.base, [["text", "Changed by Tom"]]);
    drafts = [{ ...draft(""), fields: JSON.stringify(kept.fields), base: JSON.stringify(kept.base) }];
    await open({ words: "Changed by Tom" });
    assert.deepEqual([box().value, notes().filter((each) => CHANGED.test(each))], ["Mine and more", []]);
  });

  test("are back although a field in which nobody wrote begins with the time of day", async () => {
    const clock = (time) => `<input type="time" name="at" value="${time}">`;
    const [fields, base] = [
      [
        ["text", "Mine"],
        ["at", "10:14"],
      ],
      [
        ["text", ""],
        ["at", "10:14"],
      ],
    ].map((each) => JSON.stringify(each));
    drafts = [{ ...draft(""), fields, base }];
    await open({ more: clock("10:16") });
    assert.deepEqual([box().value, document.querySelector("[name=at]").value], ["Mine", "10:16"]);
    assert.match(notes()[0], /It is back in the form/);
  });

  test("lie beside the form where a field in which both wrote has changed", async () => {
    const choices = '<select name="who"><option>Ana</option><option selected>Tom</option><option>Eva</option></select>';
    const of = (text, who) =>
      JSON.stringify([
        ["text", text],
        ["who", who],
      ]);
    drafts = [{ ...draft(""), fields: of("Mine", "Eva"), base: of("", "Ana") }];
    await open({ more: choices });
    assert.match(notes()[0], CHANGED);
    assert.deepEqual([box().value, document.querySelector("select").value], ["", "Tom"]);
  });

  test("lie beside what somebody typed before we answered, and the page is not said to have changed", async () => {
    drafts = [draft("Old and new", "Old")];
    let answer;
    globalThis.fetch.mock.mockImplementationOnce(
      () =>
        new Promise((done) => {
          answer = () => done(new Response(JSON.stringify(drafts)));
        }),
    );
    await open({ words: "Old" });
    await type("Old, and typed at once");
    answer();
    await rest();
    assert.equal(box().value, "Old, and typed at once");
    assert.match(notes()[0], /Something else is in the form now/);
  });

  test("lie beside a form that is not empty when nobody knows what stood there before", async () => {
    drafts = [draft("Mine")];
    await open({ words: "Something" });
    assert.equal(box().value, "Something");
    assert.doesNotMatch(notes()[0], CHANGED);
    press(button("Clear my words"));
    await rest();
    assert.equal(sent[0][0], "/drafts/drop");
  });

  test("that say what the page says are not spoken of", async () => {
    drafts = [draft("Same", "Same")];
    await open({ words: "Same" });
    assert.deepEqual(notes(), []);
  });

  test("of another form do not come here", async () => {
    drafts = [{ ...draft("Mine"), address: "/person/2" }];
    await open();
    assert.deepEqual([box().value, notes()], ["", []]);
  });
});

test("on a page that the server gave back with faults the words stay as sent, and are kept", async () => {
  drafts = [draft("Older", "First")];
  await open({ words: "Sent just now", answered: true });
  assert.equal(box().value, "Sent just now");
  const told = { address: "/person/1", fields: [["text", "Sent just now"]], base: [["text", "First"]] };
  assert.deepEqual(sent, [["/drafts", told]]);
});

test("a form that keeps itself is left alone", async () => {
  openPage('<main><form method="post" action="/a" data-keeps-itself><textarea name="t"></textarea></form></main>');
  await afresh("page/drafts.js");
  await type("Words");
  await pass(5000);
  assert.deepEqual(sent, []);
});

describe("an answered page that is loaded again", () => {
  beforeEach(() => mock.method(performance, "getEntriesByType", () => [{ type: "reload" }]));

  test("has the words that were typed after it was sent, and does not keep the older ones instead", async () => {
    drafts = [draft("Sent, and typed on", "")];
    await open({ words: "Sent", answered: true });
    assert.equal(box().value, "Sent, and typed on");
    assert.match(notes()[0], /It is back in the form/);
    await pass(5000);
    assert.deepEqual(sent, []);
  });
});
