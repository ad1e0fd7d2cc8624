import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";

import { Check } from "../../../../static/js/room/patient/check.js";
import { openPage } from "../../support/page.js";

let kept;
let link;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  openPage(`<p id="announce"></p><div id="check-bar" hidden><button id="check-open"></button><p id="check-said"></p></div>
    <dialog id="check-sheet"><h2 id="check-title"></h2><p id="check-effort-words"></p><div id="check-pain"></div>
    <div id="check-effort"></div><p id="check-note"></p><button id="check-done"></button></dialog>
    <div id="check-group" hidden><div id="check-pictures"></div></div>`);
  kept = new EventTarget();
  link = { checked: {}, state: { people: {}, me: {}, checks: {} } };
  new Check(link, { section: { kind: "check_in" } }, kept).draw();
});
afterEach(() => mock.timers.reset());

const went = (detail) => kept.dispatchEvent(new CustomEvent("sent", { detail }));
const said = () => document.getElementById("check-said").textContent;
const note = () => document.getElementById("check-note").textContent;

describe("numbers that waited on the device", () => {
  test("are shown as said once they went, also where the room's state came before them", () => {
    went({ key: "before pain", data: { pain: 4 }, answer: { ok: true } });
    assert.deepEqual([said(), note()], ["You told us: pain 4.", "Your team has it."]);
  });

  test("are not shown as said once they are refused for good", () => {
    link.checked = { before: { pain: 4, effort: 2 } };
    went({ key: "before pain", data: { pain: 4 }, answer: { ok: false, error: "This part is over." } });
    assert.deepEqual([said(), note()], ["You told us: effort 2.", "This part is over."]);
  });

  test("of something else are not spoken of here", () => {
    went({ key: "poll 1", data: { poll: "1", choice: 0 }, answer: { ok: true } });
    assert.equal(note(), "");
  });
});
