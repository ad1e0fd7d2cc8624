import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Draft } from "../../../../static/js/room/chat/draft.js";
import { inTab } from "../../../../static/js/shared/store.js";
import { fire, openPage } from "../../support/page.js";
import { room } from "../../support/room.js";

const PAGE = `<input id="message"><p id="chat-moved"></p>`;
const EVERYONE = { small: "" };
const GROUP = { small: "1", round: 5 };
let place;
let draft;

beforeEach(() => {
  openPage(PAGE);
  inTab.clear();
  place = GROUP;
  draft = new Draft(room(), () => place);
});

function type(words) {
  document.getElementById("message").value = words;
  fire(document.getElementById("message"), "input");
}

function says(audience = "group") {
  draft.aim(audience);
  return document.getElementById("chat-moved").textContent;
}

test("words begun in a small group say that everyone would read them, once all are back", () => {
  type("It hurts");
  assert.equal(says(), "");
  place = EVERYONE;
  type("It hurts a lot");
  assert.equal(says(), "You began this in small group 1. If you send it now, everyone reads it.");
  assert.equal(says("facilitators"), "");
});

test("words begun elsewhere say which small group would read them", () => {
  for (const [began, from] of [
    [EVERYONE, "the whole group"],
    [{ small: "2", round: 5 }, "small group 2"],
    [{ small: "1", round: 4 }, "an earlier small group"],
  ]) {
    type("");
    place = began;
    type("It hurts");
    place = GROUP;
    assert.equal(says(), `You began this in ${from}. If you send it now, small group 1 and your team read it.`);
  }
});

test("once they are sent or deleted, new words are for who is there", () => {
  type("It hurts");
  place = EVERYONE;
  type("");
  assert.equal(says(), "");
  type("Hello");
  assert.equal(says(), "");
});

test("a page that loads again has the words, and where they were begun", () => {
  type("It hurts");
  place = EVERYONE;
  document.body.innerHTML = PAGE;
  draft = new Draft(room(), () => place);
  draft.restore();
  assert.equal(document.getElementById("message").value, "It hurts");
  assert.match(says(), /everyone reads it/);
});
