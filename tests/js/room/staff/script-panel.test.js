import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { Rail } from "../../../../static/js/room/staff/script-panel.js";
import { learnServerTime } from "../../../../static/js/shared/clock.js";
import { openPage } from "../../support/page.js";
import { room } from "../../support/room.js";

const MINUTE = 60_000;
const STARTS = Date.UTC(2026, 0, 5, 17, 0);
const section = (title, minutes) => ({
  title,
  minutes,
  mic: "open",
  text: "",
  notes: "",
  prompts: [],
  spoken: [],
  phases: [],
});
const DATA = { number: 1, zone: "Europe/London", starts_ms: STARTS, ends_ms: STARTS + 30 * MINUTE };
let steady = 1_000_000;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setInterval"] });
  mock.method(performance, "now", () => steady);
  steady += 1000;
  openPage(`<small id="subtitle"></small><p id="pace" hidden><span></span></p><button id="go"></button>
    <button id="back"></button><button id="stretch"></button><ol id="script"></ol>`);
});

/** What the lead reads of the time so many minutes after the plan's start, in a part that was entered then. */
function pace(minutes, index = 0) {
  steady += 1000;
  learnServerTime(STARTS + minutes * MINUTE);
  const sections = [section("Hello", 10), section("Talk", 20)];
  const entered = STARTS + minutes * MINUTE;
  const on = { index, entered_ms: entered, deadline_ms: entered + sections[index].minutes * MINUTE };
  const link = room({ state: { status: "running", me: { seat: "lead" }, section: on } });
  new Rail(link, { ...DATA, sections, exercises: {} }, async (sent) => sent).draw();
  return document.querySelector("#pace span").textContent;
}

test("who starts within the first minute is on time", () => {
  assert.equal(pace(0), "On time. Ends 5:30pm");
  assert.equal(pace(0.7), "On time. Ends 5:30pm");
});

test("who is ahead or behind reads when it really ends, and when it was planned", () => {
  assert.equal(pace(1.2), "1 minute behind. Ends about 5:31pm, planned 5:30pm");
  assert.equal(pace(5), "5 minutes behind. Ends about 5:35pm, planned 5:30pm");
  assert.equal(pace(2, 1), "8 minutes ahead. Ends about 5:22pm, planned 5:30pm");
});
