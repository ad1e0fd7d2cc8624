import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";

import { Order } from "../../../../static/js/room/people/order.js";

let now;
let box;
let order;
beforeEach(() => {
  now = 20_000;
  mock.method(performance, "now", () => now);
  box = new EventTarget();
  order = new Order(box);
});
afterEach(() => mock.restoreAll());

const patient = (name, more = {}) => ({ name, role: "patient", ...more });

function lie(people, { me = "me", lead = null, speakers = [] } = {}) {
  return order.of(people, { me, lead, speakers }).join(" ");
}

describe("who lies where", () => {
  test("you first, then the helper, then raised hands by age, then who talked last, then names", () => {
    const people = {
      z: patient("Zoe"),
      b: patient("Bob"),
      late: patient("Ann", { hand_ms: 200 }),
      early: patient("Will", { hand_ms: 100 }),
      staff: { name: "Tom", role: "facilitator" },
      me: patient("Yan", { hand_ms: 1 }),
      talks: patient("Ugo"),
    };
    assert.equal(lie(people, { speakers: ["talks"] }), "me staff early late talks b z");
  });

  test("whoever is here for you stays beside you, also while others raise a hand or talk", () => {
    const people = {
      bsl: { name: "Zara", role: "companion", yours: true },
      staff: { name: "Tom", role: "facilitator" },
      hand: patient("Ann", { hand_ms: 1 }),
      me: patient("Yan"),
    };
    assert.equal(lie(people, { speakers: ["hand"] }), "me bsl staff hand");
  });

  test("the lead has a place elsewhere", () => {
    const people = { lead: { name: "Ana", role: "facilitator" }, a: patient("Al") };
    assert.equal(lie(people, { lead: "lead" }), "a");
  });

  test("of two who talked, the last is first", () => {
    const people = { a: patient("Al"), b: patient("Bo") };
    lie(people, { speakers: ["a"] });
    now += 11_000;
    assert.equal(lie(people, { speakers: ["b"] }), "b a");
  });

  test("names are in their language's order, not by capital letters", () => {
    assert.equal(lie({ 1: patient("zoe"), 2: patient("Ömer"), 3: patient("Pat") }), "2 3 1");
  });
});

describe("when tiles move", () => {
  const still = { a: patient("Al"), b: patient("Bo") };
  const raised = { a: patient("Al"), b: patient("Bo", { hand_ms: 1 }) };

  test("not within ten seconds of the last move", () => {
    assert.equal(lie(still), "a b");
    now += 10_000;
    assert.equal(lie(raised), "a b");
    now += 1;
    assert.equal(lie(raised), "b a");
  });

  test("never under a pointer", () => {
    lie(still);
    box.dispatchEvent(new Event("pointerenter"));
    now += 60_000;
    assert.equal(lie(raised), "a b");
    box.dispatchEvent(new Event("pointerleave"));
    assert.equal(lie(raised), "b a");
  });

  test("at once for somebody new", () => {
    lie(still);
    now += 100;
    assert.equal(lie({ ...raised, c: patient("Cy") }), "b a c");
  });

  test("whoever leaves makes room without the others moving", () => {
    lie({ ...still, c: patient("Cy") });
    now += 100;
    assert.equal(lie({ b: patient("Bo"), c: patient("Cy", { hand_ms: 1 }) }), "b c");
  });

  test("looking again with nothing changed does not count as a move", () => {
    lie(still);
    now += 11_000;
    lie(still);
    now += 1;
    assert.equal(lie(raised), "b a");
  });
});
