import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";

import { announce, byId, find, findAll, icon, make, nameOf, pageData, say } from "../../../static/js/shared/dom.js";
import { openPage, press } from "../support/page.js";

beforeEach(() => {
  openPage();
  mock.timers.enable({ apis: ["setTimeout"] });
});
afterEach(() => mock.timers.reset());

describe("an element that is made", () => {
  test("has its attributes, as words", () => {
    const made = make("input", { type: "radio", value: 0, disabled: true });
    assert.equal(made.outerHTML, '<input type="radio" value="0" disabled="">');
  });

  test("has none that is false, null or undefined, and an empty one that is empty", () => {
    const made = make("p", { hidden: false, id: null, title: undefined, class: "" });
    assert.equal(made.outerHTML, '<p class=""></p>');
  });

  test("takes words as words, never as mark-up", () => {
    const made = make("p", {}, "<img src=x onerror=alert(1)>");
    assert.equal(made.children.length, 0);
    assert.equal(made.textContent, "<img src=x onerror=alert(1)>");
  });

  test("leaves out children that are not there, and keeps an empty word and a nought", () => {
    const made = make("ul", {}, null, undefined, false, make("li"), "");
    assert.equal(made.innerHTML, "<li></li>");
    assert.equal(make("b", {}, 0).textContent, "0");
  });

  test("hears what it was told to hear", () => {
    const heard = [];
    press(make("button", { on: { click: (event) => heard.push(event.type), focus: () => heard.push("focus") } }));
    assert.deepEqual(heard, ["click"]);
  });
});

test("a drawing is hidden from screen readers and takes its size", () => {
  const drawn = icon("hand", 40);
  assert.equal(drawn.getAttribute("aria-hidden"), "true");
  assert.equal(drawn.getAttribute("width"), "40");
  assert.equal(drawn.querySelector("use").getAttribute("href"), "#icon-hand");
});

for (const [person, name] of [
  [{ name: "Linda", role: "patient" }, "Linda"],
  [{ name: "Sam", role: "companion", beside: { name: "Linda" } }, "Sam, with Linda"],
  [{ name: "Sam", role: "companion", beside: null }, "Sam"],
  [{ name: "Joan", role: "observer" }, "Joan, observer"],
]) {
  test(`${person.role} ${person.name} is shown as "${name}"`, () => assert.equal(nameOf(person), name));
}

test("an element that is there is found, one of another kind is a fault that names it", () => {
  document.body.innerHTML = '<p id="words"></p><input id="box">';
  assert.equal(byId("words").tagName, "P");
  assert.equal(find(document, "#box", HTMLInputElement).id, "box");
  assert.throws(() => find(document, "#nowhere"), /nothing at #nowhere/);
  assert.throws(() => find(document, "#words", HTMLInputElement), /nothing at #words/);
});

test("all that fit are found, in the page's order, without those of another kind", () => {
  document.body.innerHTML = '<p class="a" id="1"></p><input class="a" id="2"><p class="a" id="3"></p>';
  const ids = (found) => found.map((each) => each.id);
  assert.deepEqual(ids(findAll(document, ".a")), ["1", "2", "3"]);
  assert.deepEqual(ids(findAll(document, ".a", HTMLInputElement)), ["2"]);
});

test("words that are there already are not set again, so that nothing is read out twice", () => {
  const line = make("p", {}, "Hello");
  const words = line.firstChild;
  say(line, "Hello");
  assert.equal(line.firstChild, words);
  say(line, "Goodbye");
  assert.equal(line.textContent, "Goodbye");
});

test("the same announcement is heard a second time, because the line is empty in between", () => {
  document.body.innerHTML = '<p id="announce">Hand is up</p>';
  announce("Hand is up");
  assert.equal(byId("announce").textContent, "");
  mock.timers.tick(60);
  assert.equal(byId("announce").textContent, "Hand is up");
});

test("what the page carries is read", () => {
  document.body.innerHTML = '<script type="application/json" id="room-data">{"session": "s1"}</script>';
  assert.deepEqual(pageData(), { session: "s1" });
});
