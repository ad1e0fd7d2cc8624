import assert from "node:assert/strict";
import { test } from "node:test";

import { mergePatch } from "../../../static/js/shared/merge.js";

test("a patch changes what it names and leaves the rest", () => {
  const state = { me: { seat: "a", status: "lobby" }, version: 1 };
  mergePatch(state, { me: { status: "admitted" } });
  assert.deepEqual(state, { me: { seat: "a", status: "admitted" }, version: 1 });
});

test("null removes, at any depth, also what is not there", () => {
  const state = { poll: { id: 1, counts: { yes: 2 } }, film: { at: 3 } };
  mergePatch(state, { poll: { counts: null }, film: null, gone: null });
  assert.deepEqual(state, { poll: { id: 1 } });
});

test("a list takes the place of a list: its entries are not merged", () => {
  assert.deepEqual(mergePatch({ order: ["a", "b"] }, { order: ["c"] }), { order: ["c"] });
});

test("an object takes the place of what was none, without its nulls", () => {
  const made = mergePatch({ word: "a", list: [1], none: null }, { word: { a: 1, b: null }, list: { b: 2 }, none: {} });
  assert.deepEqual(made, { word: { a: 1 }, list: { b: 2 }, none: {} });
});

test("false, nought and an empty word are values, not removals", () => {
  assert.deepEqual(mergePatch({ on: true, at: 5, name: "a" }, { on: false, at: 0, name: "" }), {
    on: false,
    at: 0,
    name: "",
  });
});

test("the same object is given back, and the patch stays as it was", () => {
  const state = { people: {} };
  const patch = { people: { a: { name: "Ann" } } };
  const { people } = state;
  assert.equal(mergePatch(state, patch), state);
  assert.equal(state.people, people);
  state.people.a.name = "Bea";
  assert.deepEqual(patch, { people: { a: { name: "Ann" } } });
});
