import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { empty, fill, read, same, WORDS } from "../../../static/js/page/draft-fields.js";
import { openPage } from "../support/page.js";

let form;
beforeEach(() => {
  openPage(`<details><form>
    <input type="hidden" name="csrf_token" value="secret"><input type="password" name="password" value="secret">
    <input type="file" name="video"><input name="title" value="A"><textarea name="text">B</textarea>
    <select name="day"><option value="mon">Mon</option><option value="tue">Tue</option></select>
    <input type="radio" name="who" value="me" checked><input type="radio" name="who" value="team">
    <input type="checkbox" name="sign" value="1"><input type="checkbox" name="sign" value="2" checked>
    <input value="nameless"><button name="go" value="1">Go</button></form></details>`);
  globalThis.Event = window.Event;
  form = document.querySelector("form");
});

const value = (name) => form.querySelector(`[name=${name}]`).value;
const ticked = (name) =>
  [...form.querySelectorAll(`[name=${name}]`)].filter((each) => each.checked).map((each) => each.value);

test("what is read is what somebody can see: no password, no file, no key, no button", () => {
  assert.deepEqual(read(form), [
    ["title", "A"],
    ["text", "B"],
    ["day", "mon"],
    ["who", "me"],
    ["sign", "2"],
  ]);
});

describe("what is put into a form", () => {
  test("is what was read from it", () => {
    const before = read(form);
    fill(form, [
      ["title", "C"],
      ["text", ""],
      ["day", "tue"],
      ["who", "team"],
      ["sign", "1"],
      ["sign", "2"],
    ]);
    assert.deepEqual([value("title"), value("text"), value("day")], ["C", "", "tue"]);
    assert.deepEqual([ticked("who"), ticked("sign")], [["team"], ["1", "2"]]);
    fill(form, before);
    assert.deepEqual(read(form), before);
  });

  test("leaves fields that it does not name, and clears boxes that it does not name", () => {
    fill(form, [["title", "C"]]);
    assert.deepEqual([value("text"), value("csrf_token"), ticked("sign")], ["B", "secret", []]);
  });

  test("tells the page of each change and opens what the form is folded in", () => {
    const changed = [];
    form.addEventListener("change", () => changed.push(1));
    fill(form, []);
    assert.ok(changed.length >= 7, `${changed.length}`);
    assert.equal(document.querySelector("details").hasAttribute("open"), true);
  });
});

test("a form is empty when no words stand in it, whatever is ticked", () => {
  assert.equal(empty(form), false);
  for (const name of ["title", "text"]) form.querySelector(`[name=${name}]`).value = "  ";
  form.querySelector("select").value = "";
  assert.equal(empty(form), true);
});

test("a field after an unticked box is looked at as itself", () => {
  document.body.innerHTML = '<form><input type="checkbox" name="a" value="1"><input name="b" value="words"></form>';
  assert.equal(empty(document.querySelector("form")), false);
});

test("two forms say the same but for what is empty", () => {
  const words = [["a", "x"]];
  assert.equal(same(words, [...words, ["b", " "]]), true);
  assert.equal(same(words, [["a", "y"]]), false);
  assert.equal(same(words, [["b", "x"]]), false);
});

test("words are typed in fields of words, not in boxes or files", () => {
  const found = [...form.querySelectorAll(WORDS)].map((each) => each.name);
  assert.deepEqual(found, ["title", "text", ""]);
});
