import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { openFast, openSheet } from "../../../static/js/shared/sheet.js";
import { fire, openPage } from "../support/page.js";

beforeEach(() => openPage('<button id="from"></button><dialog><h2 tabindex="-1">Title</h2></dialog>'));

const sheet = () => document.querySelector("dialog");

test("focus goes to its title, and comes back to where it was", () => {
  document.getElementById("from").focus();
  openSheet(sheet());
  assert.equal(sheet().open, true);
  assert.equal(document.activeElement.textContent, "Title");
  sheet().close();
  fire(sheet(), "close");
  assert.equal(document.activeElement.id, "from");
});

test("focus is given back once: another sheet's closing takes it nowhere", () => {
  document.getElementById("from").focus();
  openSheet(sheet());
  sheet().close();
  fire(sheet(), "close");
  document.getElementById("from").blur();
  fire(sheet(), "close");
  assert.notEqual(document.activeElement?.id, "from");
});

test("a button that is gone by then is left alone", () => {
  const from = document.getElementById("from");
  from.focus();
  openSheet(sheet());
  from.remove();
  sheet().close();
  fire(sheet(), "close");
  assert.notEqual(document.activeElement, from);
});

test("one that is open is not opened again", () => {
  openSheet(sheet());
  sheet().showModal = () => assert.fail("it was opened again");
  openSheet(sheet());
});

test("Esc closes one, and not the other, which only its own buttons close", () => {
  openSheet(sheet());
  assert.equal(fire(sheet(), "cancel").defaultPrevented, false);
  sheet().close();
  openFast(sheet());
  assert.equal(fire(sheet(), "cancel").defaultPrevented, true);
});
