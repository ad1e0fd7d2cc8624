import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Goals } from "../../../../static/js/room/people/goals.js";
import { fire, openPage, press, rest, write } from "../../support/page.js";
import { room } from "../../support/room.js";

const DATA = { goals: "/groups/g/goals", sections: [{ kind: "check_in" }, { kind: "goal_review" }] };
const LINDA = { enrolment: "e1", name: "Linda Marsh", goals: [{ id: "g1", words: "Walk", seen: 2, session: 1 }] };
const JOSEPH = { enrolment: "e2", name: "Joseph Mensah", goals: [] };
/** @type {{ where: string, body: string }[]} */
let sent = [];
let answer = { ok: true, body: { ok: true } };
let people = [];

beforeEach(() => {
  openPage(`<section id="goals-box" hidden><ul id="goals"></ul><p id="goals-note"></p></section><p id="announce"></p>
    <dialog id="goal-sheet"><h2>t</h2><form id="goal-form"><label id="goal-label"></label>
    <textarea id="goal-words"></textarea><p id="goal-said"></p><button id="goal-no" type="button"></button></form></dialog>`);
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

async function shown(index, status = "running") {
  const goals = new Goals(room({ state: { status, me: { seat: "s" }, section: { index } } }), DATA, "key");
  goals.draw();
  await rest();
  return goals;
}

const byWords = (words) =>
  [...document.querySelectorAll("#goals button")].find((one) => one.textContent.includes(words));

async function save(button, words) {
  press(byWords(button));
  await write(document.querySelector("#goal-words"), words);
  fire(document.querySelector("#goal-form"), "submit");
  await rest();
}

test("goals stand beside the script only in a part that looks at them", async () => {
  await shown(0);
  assert.equal(document.querySelector("#goals-box").hidden, true);
  await shown(1, "open");
  assert.equal(document.querySelector("#goals-box").hidden, true);
  await shown(1);
  assert.equal(document.querySelector("#goals-box").hidden, false);
  assert.match(document.querySelector("#goals").textContent, /Linda Marsh.*Walk.*Session 1.*Joseph Mensah/);
});

test("a new goal goes to the person's place, other words to the goal with the version that was seen", async () => {
  await shown(1);
  await save("Write down a goal of Joseph", "Swim & dive");
  await save("Change the words: Walk", "Walk a mile");
  assert.deepEqual(sent, [
    { where: "/patients/e2/goals", body: "words=Swim+%26+dive" },
    { where: "/goals/g1", body: "words=Walk+a+mile&seen=2" },
  ]);
});

test("what was not saved says why and is still there when the sheet is opened again", async () => {
  await shown(1);
  answer = { ok: false, body: { ok: false, error: "Use at most 300 characters" } };
  await save("Write down a goal of Joseph", "Swim");
  assert.equal(document.querySelector("#goal-said").textContent, "Use at most 300 characters");
  answer = { away: true };
  await save("Write down a goal of Joseph", "Swim far");
  assert.match(document.querySelector("#goal-said").textContent, /could not reach the service/);
  press(byWords("Write down a goal of Joseph"));
  assert.equal(document.querySelector("#goal-words").value, "Swim far");
});

test("whoever writes while somebody else does sees the other words, and the next Save counts", async () => {
  await shown(1);
  answer = { ok: false, body: { ok: false, error: "Somebody changed these words while you wrote." } };
  people = [{ ...LINDA, goals: [{ ...LINDA.goals[0], words: "Walk the dog", seen: 3 }] }, JOSEPH];
  await save("Change the words: Walk", "Walk a mile");
  assert.match(document.querySelector("#goal-said").textContent, /while you wrote\. It says now: “Walk the dog”/);
  assert.equal(document.querySelector("#goal-words").value, "Walk a mile");
  answer = { ok: true, body: { ok: true } };
  fire(document.querySelector("#goal-form"), "submit");
  await rest();
  assert.deepEqual(sent.at(-1), { where: "/goals/g1", body: "words=Walk+a+mile&seen=3" });
});
