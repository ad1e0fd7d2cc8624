import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";

import { afresh, fire, openPage, press, rest } from "../support/page.js";

let requests;
let reply;
let went;

beforeEach(() => {
  requests = [];
  reply = {};
  went = [];
  mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  mock.method(globalThis, "fetch", async (_, { body }) => {
    const { answers } = JSON.parse(body);
    requests.push(...answers.map(({ question, value }) => `${question}=${value}`));
    if (reply === "no link") throw new TypeError("Failed to fetch");
    return new Response(JSON.stringify({ saved: answers.map(({ key }) => key), refused: {}, ...reply }));
  });
});
afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

const title = (words) =>
  `<div class="btl-q__title" tabindex="-1">${words}</div><p class="btl-qerror" hidden><span></span></p>`;
const scale = (id, number, more = "") => `
  <section class="btl-q" data-number="${number}" data-question="${id}" data-kind="scale" ${more} ${number > 1 ? "hidden" : ""}>
    ${title(`Question ${number}`)}
    ${[0, 1, 2].map((value) => `<input type="radio" name="q-${id}" value="${value}">`).join("")}
  </section>`;
const text = (id, number) => `
  <section class="btl-q" data-number="${number}" data-question="${id}" data-kind="text" hidden>
    ${title("In your words")}<textarea class="btl-textarea" name="q-${id}"></textarea>
  </section>`;
const ticks = `
  <section class="btl-q" data-number="1" data-kind="ticks">${title("Tick")}
    <input type="checkbox" name="q-walk" value="1"><input type="checkbox" name="q-sit" value="1">
    <input type="checkbox" name="none" value="1">
  </section>`;

async function open(sections, { number = 1, pages = 2 } = {}) {
  openPage(
    `<a id="back" href="/questions"><span id="back-words"></span></a>
    <div id="sheet"><span id="where"></span><progress id="progress" max="2"></progress>
    <form id="questions" action="/forms/r1/${number}" data-owner="ann" data-response="r1" data-save="/save" data-send="/send"
      data-check="/check" data-overview="/questions" data-number="${number}" data-pages="${pages}">
      <input type="hidden" name="csrf_token" value="t">${sections}
      <button id="next"><span id="next-words"></span></button><button id="skip" name="skip" value="1"></button>
      <span id="saved"></span>
    </form></div>
    <div id="support" hidden><div class="btl-q__title">Thank you for telling us</div><button id="carry-on"></button></div>`,
    { url: "https://clinic.example/forms/r1/1" },
  );
  window.scrollTo = () => {};
  form().submit = () => went.push(`sent to ${form().action}`);
  mock.method(window.location, "assign", (address) => went.push(address));
  await afresh("questionnaire/questions.js");
  await rest();
}

const form = () => document.getElementById("questions");
const by = (id) => document.getElementById(id);
const shown = () =>
  [...document.querySelectorAll(".btl-q")].filter((each) => !each.hidden).map((each) => each.dataset.question);
const errors = () =>
  [...document.querySelectorAll(".btl-qerror")].filter((each) => !each.hidden).map((each) => each.textContent);

async function choose(name, value) {
  const input = document.querySelector(`[name="q-${name}"][value="${value}"]`);
  input.checked = true;
  fire(input, "change");
  await rest();
}

async function tick(name, on = true) {
  const input = document.querySelector(`[name="${name}"]`);
  input.checked = on;
  fire(input, "change");
  await rest();
}

async function next(submitter = by("next")) {
  fire(form(), "submit", { submitter });
  await rest();
}

describe("one question after the other", () => {
  test("a choice is saved as it is made, and said", async () => {
    reply = { saved_at: "10:14am" };
    await open(scale("a", 1) + scale("b", 2));
    await choose("a", 2);
    assert.deepEqual(requests, ["a=2"]);
    assert.equal(by("saved").textContent, "Saved at 10:14am. You can stop and come back.");
  });

  test("the same choice again is not sent again", async () => {
    await open(scale("a", 1) + scale("b", 2));
    await choose("a", 2);
    await choose("a", 2);
    assert.equal(requests.length, 1);
  });

  test("nobody goes on without an answer, unless they skip it", async () => {
    await open(scale("a", 1) + scale("b", 2));
    await next();
    assert.deepEqual(errors(), ["Choose or write an answer. You can also skip this question."]);
    assert.deepEqual(shown(), ["a"]);
    await next(by("skip"));
    assert.deepEqual(shown(), ["b"]);
    assert.equal(by("next-words").textContent, "Send these answers");
    assert.equal(location.pathname, "/forms/r1/2");
  });

  test("going back shows the one before, and the heading follows", async () => {
    await open(scale("a", 1) + scale("b", 2));
    await choose("a", 1);
    await next();
    press(by("back"));
    assert.deepEqual(shown(), ["a"]);
    assert.deepEqual(
      [...document.querySelectorAll("h1")].map((each) => each.textContent),
      ["Question 1"],
    );
    assert.equal(by("back-words").textContent, "Go back to Questions");
  });

  test("the last answers are sent when all are there, else the page that names what is missing is shown", async () => {
    await open(scale("a", 1) + scale("b", 2));
    await next(by("skip"));
    await choose("b", 0);
    await next();
    assert.deepEqual(went, ["/check"]);
    await choose("a", 1);
    await next();
    assert.match(went[1], /^sent to .*\/send$/);
  });

  test("typed words are saved once the typing stops", async () => {
    await open(text("t", 1), { pages: 1 });
    const box = document.querySelector("textarea");
    box.value = "Kind";
    fire(box, "input");
    mock.timers.tick(1000);
    box.value = "Kind people ";
    fire(box, "input");
    mock.timers.tick(1499);
    await rest();
    assert.deepEqual(requests, []);
    mock.timers.tick(1);
    await rest();
    assert.deepEqual(requests, ["t=Kind people"]);
  });

  test("words that were just typed go when the page goes", async () => {
    await open(text("t", 1), { pages: 1 });
    document.querySelector("textarea").value = "Kind";
    fire(window, "pagehide");
    await rest();
    assert.deepEqual(requests, ["t=Kind"]);
  });
});

test("a server that cannot take an answer is quoted, and the answer stays on the device", async () => {
  reply = { saved: undefined, error: "Please sign in again." };
  await open(scale("a", 1) + scale("b", 2));
  await choose("a", 2);
  assert.equal(by("saved").textContent, "Kept on this device. Please sign in again.");
});

test("what the form refuses is said in its words, a closed form before them", async () => {
  reply = { refused: { k: "That is not one of the choices." } };
  await open(scale("a", 1) + scale("b", 2));
  await choose("a", 2);
  assert.equal(by("saved").textContent, "That is not one of the choices.");
  reply = { closed: "This form is closed.", refused: { k: "That is not one of the choices." } };
  await choose("a", 1);
  assert.equal(by("saved").textContent, "This form is closed.");
});

describe("without a link", () => {
  test("answers are kept and put back on the page that loads again", async () => {
    reply = "no link";
    await open(scale("a", 1) + scale("b", 2));
    const device = window.localStorage;
    await choose("a", 2);
    assert.equal(by("saved").textContent, "Kept on this device. We will send it when the connection is back.");
    const left = { ...device };
    openPage();
    await open(scale("a", 1));
    for (const [name, value] of Object.entries(left)) window.localStorage.setItem(name, value);
    await afresh("questionnaire/questions.js");
    assert.equal(document.querySelector('[name="q-a"][value="2"]').checked, true);
  });

  test("nothing is sent for good before all is saved", async () => {
    reply = "no link";
    await open(scale("a", 1), { pages: 1 });
    await choose("a", 2);
    await next();
    assert.deepEqual(went, []);
    assert.match(by("saved").textContent, /^We cannot send yet/);
  });

  test("an answer that worries shows at once whom to call", async () => {
    reply = "no link";
    await open(scale("a", 1, 'data-alert-from="2"') + scale("b", 2));
    await choose("a", 1);
    assert.equal(by("support").hidden, true);
    await choose("a", 2);
    assert.deepEqual([by("support").hidden, by("sheet").hidden], [false, true]);
    press(by("carry-on"));
    assert.deepEqual([by("support").hidden, shown()], [true, ["b"]]);
  });
});

test("an answer that worries leads to support, and nothing comes before that", async () => {
  reply = { support: "/support" };
  await open(scale("a", 1), { pages: 1 });
  await choose("a", 2);
  await next();
  assert.deepEqual(went, ["/support"]);
});

describe("a list of ticks", () => {
  test("each tick is saved as it is made, and taken back", async () => {
    await open(ticks, { pages: 1 });
    await tick("q-walk");
    await tick("q-walk", false);
    assert.deepEqual(requests, ["walk=1", "walk=null"]);
  });

  test("“none of these” clears the others, and any other clears it", async () => {
    await open(ticks, { pages: 1 });
    await tick("q-walk");
    await tick("none");
    assert.equal(document.querySelector('[name="q-walk"]').checked, false);
    await tick("q-sit");
    assert.equal(document.querySelector('[name="none"]').checked, false);
    assert.deepEqual(requests.slice(1), ["walk=null", "none_apply_confirmed=1", "none_apply_confirmed=null", "sit=1"]);
  });

  test("nothing ticked is not sent: it could mean that it was not read", async () => {
    await open(ticks, { pages: 1 });
    await next();
    assert.deepEqual(
      [went, errors()],
      [[], ["Tick each line that is true for you. If none is true, tick the last box."]],
    );
    await tick("none");
    await next();
    assert.match(went[0], /send$/);
  });
});
