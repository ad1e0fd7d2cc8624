import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { afresh, openPage } from "../../support/page.js";
import { room } from "../../support/room.js";

let view;
let link;

beforeEach(async () => {
  mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  openPage(`<h1><span id="title"></span><small id="subtitle"></small></h1><div id="stage"></div><p id="announce"></p>
    <span id="stop-rule"></span><section id="now"><h2 id="now-title"></h2><p id="now-text"></p><ul id="now-prompts"></ul><button id="now-fold"></button></section>
    <p id="rest-text"></p><div id="spoken"></div>
    <button id="resting"></button><figure><img id="figure"></figure><button id="still"></button>`);
  link = room({ state: { me: { status: "admitted" }, section: { index: -1 } } });
  const { SectionView } = await afresh("room/patient/section.js");
  view = new SectionView(link, { number: 3, sections: [], stop_rule: "" }, {});
});
afterEach(() => mock.timers.reset());

const header = () => [...document.querySelectorAll("h1 *")].map((one) => one.textContent);

test("before the start the header says so", () => {
  view.draw();
  assert.deepEqual(header(), ["Session 3", "We have not started yet"]);
});

test("in a private word the header says with whom, also when nobody else is there yet", () => {
  link.state.me.word = "w1";
  link.state.people = { p1: { name: "Ann", role: "patient" } };
  view.draw();
  assert.deepEqual(header(), ["Private word", "Nobody else can hear you"]);
  link.state.people.f1 = { name: "Tom", role: "facilitator" };
  view.draw();
  assert.deepEqual(header(), ["Private word", "With Tom. Nobody else can hear you"]);
});

test("in a part where all are silent a companion reads that theirs may be on, and nobody else does", () => {
  const rest = { title: "Rest", text: "Lie down.", layout: "dim", prompts: [], spoken: [], phases: [] };
  view.data.sections.push(rest);
  Object.assign(link.state.section, { index: 0, deadline_ms: 0, entered_ms: 0 });
  view.draw();
  const words = document.getElementById("rest-text");
  assert.match(words.textContent, /^Lie down\. Everyone’s sound is off, so no one can hear you\./);
  link.state.me.may_speak = true;
  view.drawn = undefined;
  view.draw();
  assert.match(words.textContent, /^Lie down\. Patients’ sound is off\. Keep yours off while you do not interpret\./);
});
