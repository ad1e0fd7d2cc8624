import assert from "node:assert/strict";
import { describe, mock, test } from "node:test";

import { openPage } from "../../support/page.js";

openPage();
const { AlertBar } = await import("../../../../static/js/room/staff/help-calls.js");

const linda = { person: "p1", name: "Linda" };
const told = { ok: true, place: "At home", phone: "020 7946 0000", emergency_name: "", emergency_phone: "", flags: [] };

async function shown(answer) {
  mock.timers.enable({ apis: ["setInterval"] });
  const link = { addEventListener() {}, send: async () => answer };
  const roster = [{ person: "p1", correct_at: "/patients/a/details" }];
  const bar = new AlertBar(
    link,
    () => {},
    {},
    { roster },
    () => {},
  );
  const facts = document.createElement("dl");
  await bar.fill(facts, "seat", linda);
  mock.timers.reset();
  return [...facts.querySelectorAll("a")].map((each) => each.getAttribute("href"));
}

describe("whom to ring about a call for help", () => {
  test("their number is a press away", async () => {
    assert.deepEqual(await shown({ ...told, phone_is_wrong: false }), ["tel:02079460000"]);
  });

  test("a number that was found wrong is not: the way to correct it is", async () => {
    assert.deepEqual(await shown({ ...told, phone_is_wrong: true }), ["/patients/a/details"]);
  });
});
