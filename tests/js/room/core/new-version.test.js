import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";

import { NewVersion } from "../../../../static/js/room/core/new-version.js";
import { openPage } from "../../support/page.js";
import { noStorage } from "../../support/storage.js";

const LOOK_MS = 2000;
const SPREAD_MS = 8000;

let now;
let link;
let version;
let loaded;

beforeEach(() => {
  now = 0;
  loaded = 0;
  mock.method(performance, "now", () => now);
  mock.method(Math, "random", () => 0.5);
  mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  openPage('<p id="announce"></p><input id="message" type="text"><input id="other" type="text"><p id="unsent"></p>');
  window.sessionStorage.clear();
  mock.method(window.location, "reload", () => {
    loaded += 1;
  });
  link = {
    release: "r1",
    finished: false,
    outbox: { entries: [] },
    state: { status: "planned", me: { seat: "me", status: "lobby" }, people: {} },
  };
  version = new NewVersion(link, "r1");
});
afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

function pass(ms) {
  for (let gone = 0; gone < ms; gone += LOOK_MS) {
    now += LOOK_MS;
    mock.timers.tick(LOOK_MS);
  }
}

const write = (id, words) => {
  document.getElementById(id).value = words;
};

test("while the server runs what the page was loaded with, nothing is offered", () => {
  pass(60_000);
  assert.deepEqual([version.offer, loaded], [null, 0]);
  link.release = "";
  assert.equal(version.offer, null);
});

describe("by itself a page loads the new one", () => {
  beforeEach(() => {
    link.release = "r2";
  });

  test("where it disturbs nobody, after a while of its own, so that not all come at once", () => {
    pass(SPREAD_MS / 2);
    assert.equal(loaded, 0);
    pass(LOOK_MS);
    assert.equal(loaded, 1);
  });

  test("once only: one that is still not the new one would load for ever", () => {
    pass(SPREAD_MS);
    loaded = 0;
    pass(60_000);
    assert.equal(loaded, 0);
    link.release = "r3";
    pass(SPREAD_MS);
    assert.equal(loaded, 1);
  });

  for (const [name, change] of [
    ["in a session that is on", () => Object.assign(link.state, { status: "running" })],
    ["in a private word", () => Object.assign(link.state.me, { word: "w1" })],
    [
      "while somebody else is here",
      () => Object.assign(link.state.people, { a: { online: true, status: "admitted" } }),
    ],
    ["while somebody writes", () => write("message", "Hel")],
    [
      "while a sheet is open",
      () => document.body.append(Object.assign(document.createElement("dialog"), { open: true })),
    ],
    ["while somebody calls for help", () => Object.assign(link.state, { alerts: { a: {} } })],
    ["once this page is over", () => Object.assign(link, { finished: true })],
    ["before the room has told its state", () => Object.assign(link, { state: null })],
  ]) {
    test(`never ${name}`, () => {
      change();
      pass(60_000);
      assert.equal(loaded, 0);
    });
  }

  test("not because somebody is here who waits, or has gone", () => {
    link.state.people = {
      a: { online: true, status: "lobby" },
      b: { online: false, status: "admitted" },
      me: { online: true, status: "admitted" },
    };
    pass(SPREAD_MS);
    assert.equal(loaded, 1);
  });

  test("counting anew after each disturbance", () => {
    pass(SPREAD_MS / 2);
    link.state.status = "running";
    pass(LOOK_MS);
    link.state.status = "planned";
    pass(SPREAD_MS / 2);
    assert.equal(loaded, 0);
  });
});

describe("the offer", () => {
  beforeEach(() => {
    link.release = "r2";
    link.state.status = "running";
  });

  test("loads it with one tap, or leaves it for this release", () => {
    version.offer.act();
    assert.equal(loaded, 1);
    version.offer.no.act();
    assert.equal(version.offer, null);
    link.release = "r3";
    assert.equal(version.offer.words, "Load it now");
  });

  test("holds on while words would be lost, and says so; the chat keeps its own", () => {
    write("message", "Half a thought");
    version.offer.act();
    assert.equal(loaded, 1);
    write("other", "Half a thought");
    version.offer.act();
    mock.timers.tick(60);
    assert.equal(loaded, 1);
    assert.match(document.getElementById("announce").textContent, /^Send or clear what you are writing first/);
  });

  test("holds on for the chat too, where the browser keeps nothing", () => {
    Object.defineProperty(window, "sessionStorage", { get: noStorage });
    link.outbox.entries = [{}];
    version.offer.act();
    assert.equal(loaded, 0);
  });

  test("is not made while nothing may be shown", () => {
    assert.equal(new NewVersion(link, "r1", { resting: () => true }).offer, null);
  });
});
