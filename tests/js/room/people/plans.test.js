import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Plans } from "../../../../static/js/room/people/plans.js";
import { fire, openPage, press, rest, write } from "../../support/page.js";
import { room } from "../../support/room.js";

const KINDS = ["check_in", "home_practice", "exercise", "goal_review"];
const DATA = { plans: "/groups/g/plans", number: 2, sections: KINDS.map((kind) => ({ kind })) };
const WALK = {
  session: 1,
  what: "Walk",
  how_much: "10 minutes",
  when: "",
  sure: 6,
  said: "Walk, 10 minutes",
  went: "",
};
const LINDA = { enrolment: "e1", name: "Linda Marsh", plans: [{ ...WALK, seen: 1 }] };
const JOSEPH = { enrolment: "e2", name: "Joseph Mensah", plans: [] };
/** @type {{ where: string, body: string }[]} */
let sent = [];
let answer = { ok: true, body: { ok: true } };
let people = [];

beforeEach(() => {
  openPage(`<section id="plans-box" hidden><h2 id="plans-title"></h2><ul id="plans"></ul><p id="plans-note"></p></section>
    <p id="announce"></p><dialog id="plan-sheet"><h2>t</h2><form id="plan-form"><label id="plan-label"></label>
    <textarea id="plan-what"></textarea><input id="plan-how_much"><input id="plan-when"><input id="plan-sure">
    <p id="plan-said"></p><button id="plan-no" type="button"></button></form></dialog>`);
  sent = [];
  people = [LINDA, JOSEPH];
  answer = { ok: true, body: { ok: true } };
  globalThis.fetch = async (where, asked) => {
    if (asked?.method !== "POST") return { ok: true, json: async () => ({ people }) };
    sent.push({ where, body: String(asked.body) });
    if (answer.away) throw new TypeError("no link");
    return { ok: answer.ok, json: async () => answer.body };
  };
});

async function shown(index, { status = "running", number = 2 } = {}) {
  const state = { status, me: { seat: "s" }, section: { index } };
  const plans = new Plans(room({ state }), { ...DATA, number }, "key");
  plans.draw();
  await rest();
  return plans;
}

const box = () => document.querySelector("#plans-box");
const byWords = (words) =>
  [...document.querySelectorAll("#plans button")].find((one) => one.textContent.includes(words));

async function save(button, words) {
  press(byWords(button));
  await write(document.querySelector("#plan-what"), words);
  fire(document.querySelector("#plan-form"), "submit");
  await rest();
}

test("plans are written where they are made, and asked about where people arrive and look back", async () => {
  await shown(2);
  assert.equal(box().hidden, true);
  await shown(1, { status: "open" });
  assert.equal(box().hidden, true);
  await shown(1);
  assert.equal(box().hidden, false);
  assert.match(box().textContent, /Plans until next time.*Linda Marsh.*Write down.*Joseph Mensah.*Write down/);
  await shown(0);
  assert.match(
    box().textContent,
    /Last week’s plan: how did it go\?.*Linda Marsh.*Walk, 10 minutes.*Session 1.*Done.*Partly/,
  );
  assert.match(box().textContent, /Joseph Mensah.*No plan is written down/);
  await shown(3);
  assert.equal(box().hidden, false);
});

test("in the first session nobody is asked how a plan went", async () => {
  await shown(0, { number: 1 });
  assert.equal(box().hidden, true);
});

test("a plan goes to the person's place, for this session, with how sure they are", async () => {
  await shown(1);
  press(byWords("the plan of Linda"));
  document.querySelector("#plan-sure").value = "8";
  await write(document.querySelector("#plan-what"), "Swim & dive");
  fire(document.querySelector("#plan-form"), "submit");
  await rest();
  assert.deepEqual(sent, [{ where: "/patients/e1/plans/2", body: "what=Swim+%26+dive&how_much=&when=&sure=8&seen=0" }]);
  assert.equal(document.querySelector("#plan-sheet").open, false);
});

test("how it went goes to the plan that was asked about, and is seen as pressed", async () => {
  await shown(0);
  people = [{ ...LINDA, plans: [{ ...WALK, went: "partly", seen: 2 }] }, JOSEPH];
  press(byWords("Partly"));
  await rest();
  assert.deepEqual(sent, [{ where: "/patients/e1/plans/1/went", body: "went=partly" }]);
  assert.equal(byWords("Partly").getAttribute("aria-pressed"), "true");
  assert.equal(byWords("Done").getAttribute("aria-pressed"), "false");
});

test("words stay where they could not be saved, also through a look at another person", async () => {
  await shown(1);
  answer.away = true;
  await save("the plan of Joseph", "Dig");
  assert.match(document.querySelector("#plan-said").textContent, /Your words are still here/);
  press(document.querySelector("#plan-no"));
  press(byWords("the plan of Linda"));
  assert.equal(document.querySelector("#plan-what").value, "");
  press(byWords("the plan of Joseph"));
  assert.equal(document.querySelector("#plan-what").value, "Dig");
});

test("what somebody else wrote meanwhile is shown, and the next Save goes on from there", async () => {
  await shown(1);
  answer = { ok: false, body: { ok: false, error: "Somebody changed this plan while you wrote." } };
  people = [LINDA, { ...JOSEPH, plans: [{ ...WALK, session: 2, what: "Sing", said: "Sing", seen: 1 }] }];
  await save("the plan of Joseph", "Dig");
  assert.match(document.querySelector("#plan-said").textContent, /Somebody changed.*“Sing”/);
  answer = { ok: true, body: { ok: true } };
  fire(document.querySelector("#plan-form"), "submit");
  await rest();
  assert.match(sent.at(-1).body, /what=Dig.*seen=1/);
});

test("where plans cannot be read, the page says where they are", async () => {
  globalThis.fetch = async () => ({ ok: false, status: 500, json: async () => ({}) });
  await shown(1);
  assert.match(document.querySelector("#plans-note").textContent, /could not load the plans/);
});
