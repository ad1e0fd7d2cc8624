import assert from "node:assert/strict";
import { beforeEach, describe, mock, test } from "node:test";

import { Help } from "../../../../static/js/room/patient/help.js";
import { openPage, press, rest } from "../../support/page.js";
import { room } from "../../support/room.js";

const PAGE = `<button id="help"><span></span></button><p id="announce"></p>
  <dialog id="help-sheet"><h2 tabindex="-1"></h2><p id="help-words" tabindex="-1"></p><p id="help-who"></p>
  <button id="help-back"></button><button id="help-over"></button><button data-reason="pain"></button></dialog>`;

let window;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  window = openPage(PAGE);
});

/** The page loads again: what the tab keeps stays. */
function loadAgain() {
  window.document.body.innerHTML = PAGE;
}

const sent = (link) => link.sent.map(([name]) => name);

describe("a press on I need help", () => {
  test("that did not arrive is sent when the page has loaded again and the room is there", async () => {
    new Help(room({ answers: [0] }));
    press(window.document.getElementById("help"));
    await rest();
    loadAgain();
    const back = room();
    new Help(back);
    assert.deepEqual(sent(back), []);
    back.dispatchEvent(new Event("up"));
    await rest();
    assert.deepEqual(sent(back), ["help"]);
  });

  test("that arrived, or was taken back, is not sent again", async () => {
    for (const then of ["help-back", "help-over"]) {
      new Help(room({ answers: then === "help-over" ? [0] : [] }));
      press(window.document.getElementById("help"));
      press(window.document.getElementById(then));
      await rest();
      loadAgain();
      const back = room();
      new Help(back);
      back.dispatchEvent(new Event("up"));
      await rest();
      assert.deepEqual(sent(back), [], then);
    }
  });

  test("in one session is not sent in another", async () => {
    new Help(room({ answers: [0] }));
    press(window.document.getElementById("help"));
    await rest();
    loadAgain();
    const other = Object.assign(room(), { session: "s2" });
    new Help(other);
    other.dispatchEvent(new Event("up"));
    await rest();
    assert.deepEqual(sent(other), []);
  });
});
