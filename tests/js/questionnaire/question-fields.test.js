import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import {
  answered,
  answerIn,
  inputsOf,
  makeHeading,
  markError,
  numberFault,
  unmakeHeading,
} from "../../../static/js/questionnaire/question-fields.js";
import { openPage } from "../support/page.js";

beforeEach(() => openPage());

function section(kind, inside) {
  document.body.innerHTML = `<section class="btl-q" data-kind="${kind}">
    <div class="btl-q__title" tabindex="-1">How are you?</div>
    <p class="btl-qerror" hidden><span>old</span></p>${inside}</section>`;
  return document.querySelector("section");
}

const scale = '<input type="radio" name="q" value="0"><input type="radio" name="q" value="1">';
const words = (value) => `<textarea class="btl-textarea">${value}</textarea>`;
const number = (value) => `<input class="btl-input" value="${value}">`;

describe("the answer in a question", () => {
  test("is what was chosen, also nought", () => {
    const asked = section("scale", scale);
    assert.equal(answerIn(asked), null);
    inputsOf(asked)[0].checked = true;
    assert.equal(answerIn(asked), "0");
  });

  test("is the words without the spaces around them; spaces alone are none", () => {
    assert.equal(answerIn(section("text", words("  two words\n"))), "two words");
    assert.equal(answerIn(section("text", words("  \n"))), null);
    assert.equal(answerIn(section("number", number(" 7 "))), "7");
  });
});

describe("whether somebody may go on", () => {
  test("a choice has to be made", () => {
    const asked = section("choice", scale);
    assert.equal(answered(asked), false);
    inputsOf(asked)[1].checked = true;
    assert.equal(answered(asked), true);
  });

  test("words are never asked for, a number is", () => {
    assert.equal(answered(section("text", words(""))), true);
    assert.equal(answered(section("number", number(""))), false);
  });

  test("a list of ticks says something when it is empty too", () => {
    assert.equal(answered(section("ticks", '<input type="checkbox">')), true);
  });
});

describe("what is wrong with a number", () => {
  for (const [value, fine] of [
    ["0", true],
    ["999999", true],
    ["", true],
    ["1000000", false],
    ["3.5", false],
    ["-1", false],
    ["three", false],
    ["٣", true],
    ["１２", true],
  ]) {
    test(`"${value}" is ${fine ? "fine" : "not a whole number"}`, () => {
      assert.equal(numberFault(section("number", number(value))), fine ? "" : "Enter a whole number, like 3.");
    });
  }

  for (const days of ["29", "٢٩", "２９"]) {
    test(`${days} of 28 days is too many`, () => {
      const asked = section("number", number(days));
      Object.assign(asked.dataset, { lowest: "0", highest: "28" });
      assert.equal(numberFault(asked), "Your number is too high. The highest you can enter is 28.");
    });
  }

  test("words are not held to be a number", () => assert.equal(numberFault(section("text", words("3.5"))), ""));
});

test("a fault is said beside its field, which is marked, and both go again", () => {
  const asked = section("number", number("x"));
  const line = asked.querySelector(".btl-qerror");
  markError(asked, "Enter a whole number, like 3.");
  assert.deepEqual([line.hidden, line.textContent], [false, "Enter a whole number, like 3."]);
  assert.equal(inputsOf(asked)[0].getAttribute("aria-invalid"), "true");
  markError(asked, "");
  assert.equal(line.hidden, true);
  assert.equal(inputsOf(asked)[0].hasAttribute("aria-invalid"), false);
});

test("a page has one main heading: the question it shows, with the focus on it", () => {
  document.body.innerHTML =
    '<section id="a"><h1 class="btl-q__title">One</h1></section><section id="b"><div class="btl-q__title">Two</div></section>';
  makeHeading(document.getElementById("b"));
  assert.deepEqual(
    [...document.querySelectorAll("h1")].map((each) => each.textContent),
    ["Two"],
  );
  assert.equal(document.querySelector("#a .btl-q__title").tagName, "DIV");
  assert.equal(document.activeElement.textContent, "Two");
  unmakeHeading(document.getElementById("b"));
  assert.equal(document.querySelectorAll("h1").length, 0);
});
