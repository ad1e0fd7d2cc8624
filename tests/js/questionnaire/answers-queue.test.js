import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";

import { AnswerQueue } from "../../../static/js/questionnaire/answers-queue.js";
import { pass, rest } from "../support/rest.js";
import { storage } from "../support/storage.js";

const RETRY_MS = 15_000;
const URL_A = "/forms/a/save";

let requests;
let replies;
beforeEach(() => {
  requests = [];
  replies = [];
  globalThis.window = Object.assign(new EventTarget(), { localStorage: storage(), sessionStorage: storage() });
  mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  mock.method(globalThis, "fetch", async (url, { headers, body }) => {
    const { answers } = JSON.parse(body);
    requests.push({ url, token: headers["X-CSRFToken"], answers });
    const reply = replies.shift() ?? {};
    if (reply === "no link") throw new TypeError("Failed to fetch");
    const { status = 200, saved = answers.map(({ key }) => key), refused = {}, text, ...more } = reply;
    return new Response(text ?? JSON.stringify({ saved, refused, ...more }), { status });
  });
});
afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
  delete globalThis.window;
});

function queue(owner = "ann") {
  const news = [];
  return { answers: new AnswerQueue(owner, "token-1", (told) => news.push(told)), news };
}

const onDevice = () => Object.keys(window.localStorage);
const questions = ({ answers }) => answers.map(({ question, value }) => `${question}=${value}`).join(" ");

test("an answer goes to its form with the page's key, and is told as saved", async () => {
  replies = [{ saved_at: "10:14am" }];
  const { answers, news } = queue();
  await answers.add("a", URL_A, "q1", "3");
  assert.deepEqual([requests[0].url, requests[0].token, questions(requests[0])], [URL_A, "token-1", "q1=3"]);
  assert.match(requests[0].answers[0].key, /^[0-9a-f]{32}$/);
  assert.deepEqual([news[0].what, news[0].saved_at, onDevice()], ["saved", "10:14am", []]);
});

test("each answer names the one that this page knew before it, and the first none", async () => {
  const { answers } = queue();
  await answers.add("a", URL_A, "q1", "3");
  await answers.add("a", URL_A, "q1", "4");
  await answers.add("a", URL_A, "q2", "1");
  const [first, second, other] = requests.map((each) => each.answers[0]);
  assert.deepEqual([first.after, second.after, other.after], ["", first.key, ""]);
});

describe("without a link", () => {
  test("answers wait on the device and go together, in the order given, when it is back", async () => {
    replies = ["no link", "no link"];
    const { answers, news } = queue();
    await answers.add("a", URL_A, "q1", "3");
    await answers.add("a", URL_A, "q2", null);
    assert.deepEqual(
      news.map(({ what }) => what),
      ["kept", "kept"],
    );
    assert.equal(onDevice().length, 2);
    window.dispatchEvent(new Event("online"));
    await rest();
    assert.equal(questions(requests.at(-1)), "q1=3 q2=null");
    assert.deepEqual(onDevice(), []);
  });

  test("they go by themselves every fifteen seconds, and nothing is asked when nothing waits", async () => {
    replies = ["no link"];
    const { answers } = queue();
    await answers.add("a", URL_A, "q1", "3");
    await pass(RETRY_MS - 1);
    assert.equal(requests.length, 1);
    await pass(1);
    assert.equal(requests.length, 2);
    await pass(10 * RETRY_MS);
    assert.equal(requests.length, 2);
  });

  test("a later page sends them as given so long ago", async () => {
    const entry = {
      key: "k1",
      response: "a",
      url: URL_A,
      question: "q1",
      value: "3",
      load: "earlier",
      tick: 5,
      after: "k0",
    };
    window.localStorage.setItem("answer:ann:k1", JSON.stringify({ ...entry, given: Date.now() - 90_000 }));
    assert.equal(await queue().answers.flush(), true);
    const [{ key, ago, after }] = requests[0].answers;
    assert.deepEqual([key, after], ["k1", "k0"]);
    assert.ok(ago >= 90 && ago < 150, `${ago} s`);
  });
});

test("a server that cannot take them is told of in its own words, and they stay", async () => {
  replies = [{ status: 503, error: "Try again soon." }];
  const { answers, news } = queue();
  await answers.add("a", URL_A, "q1", "3");
  assert.deepEqual([news[0].what, news[0].message, onDevice().length], ["stuck", "Try again soon.", 1]);
  assert.equal(await answers.flush(), true);
});

test("a page that is not the answer, as of a sign-in, is none: the answers stay", async () => {
  replies = [{ text: "<html>Sign in</html>" }];
  const { answers, news } = queue();
  await answers.add("a", URL_A, "q1", "3");
  assert.deepEqual([news[0].what, news[0].message, onDevice().length], ["stuck", undefined, 1]);
});

test("what the form refuses goes from the device, and what it does not name stays", async () => {
  const { answers, news } = queue();
  for (const [key, question] of [
    ["k1", "q1"],
    ["k2", "q2"],
    ["k3", "q3"],
  ]) {
    const entry = { key, response: "a", url: URL_A, question, value: "1", given: 0, load: "earlier", tick: 0 };
    window.localStorage.setItem(`answer:ann:${key}`, JSON.stringify(entry));
  }
  replies = [{ saved: ["k1"], refused: { k2: "This form is closed." } }];
  assert.equal(await answers.flush(), false);
  assert.deepEqual(onDevice(), ["answer:ann:k3"]);
  assert.equal(news[0].refused.k2, "This form is closed.");
});

test("a form that is stuck holds up no other", async () => {
  replies = [{ status: 404 }, {}, { status: 404 }];
  const { answers } = queue();
  answers.add("a", URL_A, "q1", "1");
  answers.add("b", "/forms/b/save", "q1", "2");
  await rest();
  assert.deepEqual(
    requests.map(({ url }) => url),
    [URL_A, "/forms/b/save", URL_A],
  );
  assert.equal(answers.waiting("a").length, 1);
  assert.deepEqual(answers.waiting("b"), []);
});

test("nobody sends what somebody else answered on the same device", async () => {
  replies = ["no link"];
  await queue("ann").answers.add("a", URL_A, "q1", "3");
  requests.length = 0;
  assert.equal(await queue("bob").answers.flush(), true);
  assert.deepEqual(requests, []);
});
