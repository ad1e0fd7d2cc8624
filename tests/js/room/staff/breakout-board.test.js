import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { SmallBoard } from "../../../../static/js/room/staff/breakout-board.js";
import { openPage } from "../../support/page.js";
import { room } from "../../support/room.js";

let link;
let board;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  const buttons = ["make", "open", "call", "now", "drop"].map((one) => `<button id="small-${one}"></button>`).join("");
  openPage(`<p id="announce"></p><section id="small-box"><p id="small-time"></p>
    <label><select id="small-count"></select></label>${buttons}<ul id="small-groups"></ul></section>`);
  link = room({ state: { status: "running", me: { seat: "lead" }, people: {}, alerts: {} } });
  board = new SmallBoard(link, {}, { sections: [] }, async (sent) => sent);
});
afterEach(() => mock.timers.reset());

function announced(small) {
  link.state.small = small;
  board.draw();
  mock.timers.tick(60);
  return document.getElementById("announce").textContent;
}

test("who looks after the groups hears that everyone is back, and not that they are in a group still", () => {
  announced({ open: true, groups: [] });
  document.getElementById("announce").textContent = "You are in group 1";
  assert.equal(announced({ open: true, groups: [], back_ms: 1 }), "You are in group 1");
  assert.equal(announced(undefined), "Everyone is back together.");
});

test("groups that were made and never opened bring nobody back", () => {
  announced({ open: false, groups: [] });
  assert.equal(announced(undefined), "");
});
