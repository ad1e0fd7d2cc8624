import assert from "node:assert/strict";
import { test } from "node:test";

import { inputOf, parametersOf } from "../../../static/js/shared/form-data.js";
import { openPage } from "../support/page.js";

openPage(`<form><input name="a" value="1 & 2"><input name="a" value="3"><input type="checkbox" name="off" value="1">
  <input type="file" name="file"><textarea name="t">ö</textarea></form>`);
const form = document.querySelector("form");

test("fields go as an ordinary form sends them, without files", () => {
  assert.equal(parametersOf(form).toString(), "a=1+%26+2&a=3&t=%C3%B6");
});

test("an input is found by its name, and anything else is a fault that names it", () => {
  assert.equal(inputOf(form, "off").type, "checkbox");
  assert.throws(() => inputOf(form, "nothing"), /no input named nothing/);
  assert.throws(() => inputOf(form, "t"), /no input named t/);
});
