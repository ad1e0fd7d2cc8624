import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";

import { RingList } from "../../../../static/js/room/staff/ring-list.js";
import { learnServerTime, serverNow } from "../../../../static/js/shared/clock.js";
import { openPage } from "../../support/page.js";

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 0, 1, 10);

let steady = 0;
let link;
let heard;
let list;

beforeEach(() => {
  steady += 1;
  mock.method(performance, "now", () => steady);
  mock.timers.enable({ apis: ["setInterval"] });
  learnServerTime(NOW);
  openPage('<div id="ring-box" hidden><ul id="ring-list"></ul></div>');
  link = { state: { started_ms: serverNow() - 11 * MINUTE, late: {}, people: {} } };
  heard = null;
  const roster = [
    { person: "p1", full_name: "Linda Hall", phone: "020 7946 0000" },
    { person: "p2", full_name: "Tom Reed", phone: "" },
  ];
  list = new RingList(link, { person: () => heard }, { roster });
});
afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

const here = (more) => ({ person: "p1", status: "admitted", online: true, ...more });
const why = (found) => list.why({ person: "p1" }, found && ["a", found]);

describe("a number that a call found to be wrong", () => {
  test("is not offered to ring, and the way to correct it is there", () => {
    const listed = {
      phone: "",
      phone_is_wrong: true,
      correct_at: "/patients/a/details",
      full_name: "Linda Hall",
    };
    const shown = list.number(listed);
    assert.match(shown.textContent, /^The number that we have is wrong/);
    const links = [...shown.querySelectorAll("a")].map((each) => each.getAttribute("href"));
    assert.deepEqual(links, ["/patients/a/details"]);
  });
});

describe("whom to ring", () => {
  test("who has not come ten minutes after the start, and not before", () => {
    assert.equal(why(undefined), "Not arrived");
    link.state.started_ms = serverNow() - 10 * MINUTE;
    assert.equal(why(undefined), "");
    link.state.started_ms = null;
    assert.equal(why(undefined), "");
  });

  test("who said that they are late has as long as they said, and never less than the others", () => {
    link.state.late = { p1: { minutes: 20 } };
    assert.equal(why(undefined), "");
    link.state.late = { p1: { minutes: 5 } };
    assert.equal(why(undefined), "Not arrived");
  });

  test("nobody who said that they cannot come", () => {
    link.state.not_coming = { p1: 0 };
    assert.equal(why(undefined), "");
  });

  test("who left, and who has been cut off for half a minute", () => {
    assert.equal(why(here({ status: "left", online: false })), "Left");
    assert.equal(why(here({ online: false, dropped_ms: serverNow() - 30_000 })), "");
    assert.equal(why(here({ online: false, dropped_ms: serverNow() - 31_000 })), "Cut off 31 seconds ago");
    assert.equal(why(here({ online: false })), "");
  });

  test("not who is here, by page or by sound, nor who was sent out", () => {
    assert.equal(why(here()), "");
    assert.equal(why(here({ status: "removed", online: false, dropped_ms: 1 })), "");
    heard = {};
    assert.equal(why(here({ online: false, dropped_ms: 1 })), "");
  });
});

test("each is there with a number to press, or the word that there is none", () => {
  list.draw();
  assert.equal(document.getElementById("ring-box").hidden, false);
  const [linda, tom] = document.querySelectorAll("li");
  assert.equal(linda.querySelector("a").getAttribute("href"), "tel:02079460000");
  assert.equal(tom.textContent, "Tom Reed Not arrivedNo number");
});

test("with nobody to ring the box is away", () => {
  link.state.people = { a: here(), b: here({ person: "p2" }) };
  list.draw();
  assert.equal(document.getElementById("ring-box").hidden, true);
});
