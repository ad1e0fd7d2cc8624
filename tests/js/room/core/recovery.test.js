import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";

import { Recovery } from "../../../../static/js/room/core/recovery.js";
import { fire, openPage, rest } from "../../support/page.js";

let now;
let link;
let media;
let recovery;
let calls;

beforeEach(() => {
  now = 1_000_000;
  calls = [];
  mock.method(performance, "now", () => now);
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"], now });
  openPage();
  const called = (name) => () => {
    calls.push(name);
  };
  link = Object.assign(new EventTarget(), {
    finished: false,
    state: { lead: "staff", me: { status: "admitted", role: "patient" }, people: { staff: person("Ana") } },
    socket: { connected: true, connect: called("connect"), io: { engine: { close: called("close") } } },
  });
  media = Object.assign(new EventTarget(), {
    connected: true,
    connection: "connected",
    needsTap: false,
    ownPaused: false,
    picturesPaused: 0,
    micOn: true,
    startSound: called("startSound"),
    anew: called("anew"),
  });
  recovery = new Recovery(link, media);
  for (const name of ["turnOn", "mend"]) {
    (name === "turnOn" ? recovery.hearing : recovery.voice)[name] = called(name);
  }
});
afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

const person = (name) => ({ name, role: "facilitator", online: true });
const up = () => link.dispatchEvent(new Event("up"));
const down = () => link.dispatchEvent(new Event("down"));
const says = () => recovery.words();

function pass(ms) {
  now += ms;
  mock.timers.tick(ms);
}

describe("what the banner says", () => {
  test("it is connecting until it was up once, and then nothing while all is well", () => {
    assert.equal(says(), "Connecting…");
    up();
    assert.equal(says(), "");
  });

  test("without the link it says whether sound and picture go on", () => {
    up();
    down();
    assert.equal(says(), "Reconnecting… Sound and picture carry on. We keep your place.");
    media.connection = "reconnecting";
    assert.equal(says(), "Reconnecting… We keep your place.");
    link.state.me.status = "lobby";
    media.connection = "connected";
    assert.equal(says(), "Reconnecting… We keep your place.");
  });

  test("without sound and picture the chat is still there", () => {
    up();
    media.connection = "reconnecting";
    assert.equal(says(), "Reconnecting sound… You can still use the chat.");
  });

  test("another network is named for twelve seconds, and the socket is hurried", () => {
    up();
    down();
    link.socket.connected = false;
    recovery.switched();
    assert.deepEqual(calls, ["connect"]);
    assert.match(says(), /^Switching network/);
    now += 11_999;
    assert.match(says(), /^Switching network/);
    now += 1;
    assert.match(says(), /^Reconnecting/);
  });

  test("a lead who dropped out is named to patients only", () => {
    up();
    link.state.people.staff.online = false;
    assert.equal(says(), "Your facilitator is reconnecting. Stay here: the group goes on.");
    link.state.me.role = "facilitator";
    assert.equal(says(), "");
    link.state.me.role = "patient";
    link.state.lead = "gone";
    assert.equal(says(), "");
  });

  test("a weak link is told: first one's own picture, then those of others", () => {
    up();
    media.picturesPaused = 1;
    assert.equal(says(), "Picture paused to protect sound");
    media.ownPaused = true;
    assert.equal(says(), "Your picture is paused because your connection is weak. Your sound goes on.");
  });

  test("in a private word it says with whom, to the patient", () => {
    up();
    link.state.me.word = "w1";
    assert.equal(says(), "Private word with Ana. The group cannot see or hear you.");
    link.state.people = {};
    assert.equal(says(), "Private word with your team. The group cannot see or hear you.");
  });
});

describe("the one tap that helps", () => {
  test("there is none while all is well", () => {
    up();
    assert.equal(recovery.tap(), null);
  });

  test("a browser that wants a press for sound gets one", () => {
    up();
    media.needsTap = true;
    const { words, act } = recovery.tap();
    act();
    assert.deepEqual([words, calls], ["Tap to hear the group", ["startSound"]]);
  });

  test("sound that stopped comes before a silent microphone", () => {
    up();
    recovery.voice.silent = true;
    assert.match(recovery.tap().words, /We can’t hear you/);
    recovery.hearing.lost = true;
    assert.equal(recovery.tap().words, "Turn sound back on");
  });

  test("nobody outside the room is asked to tap", () => {
    up();
    Object.assign(media, { needsTap: true });
    recovery.hearing.lost = true;
    link.state.me.status = "lobby";
    assert.equal(recovery.tap(), null);
  });

  test("who was taken aside with the sound off is offered to turn it on", () => {
    up();
    link.state.me.word = "w1";
    media.micOn = false;
    assert.equal(recovery.tap(), null);
    recovery.speak = () => calls.push("speak");
    const tap = recovery.tap();
    tap.act();
    assert.match(tap.says, /^Private word with Ana.*Your sound is off\.$/);
    assert.deepEqual(calls, ["speak"]);
  });
});

describe("a device that slept", () => {
  test("is noticed by a gap between two looks, unless everything runs again", () => {
    up();
    mock.timers.setTime(Date.now() + 12_001);
    media.connected = false;
    mock.timers.tick(1000);
    assert.equal(recovery.tap().words, "Welcome back, tap to rejoin");
    media.connected = true;
    mock.timers.tick(1000);
    assert.equal(recovery.tap(), null);
  });

  test("is not assumed after a short gap, nor before the page was up", () => {
    media.connected = false;
    fire(document, "resume");
    up();
    mock.timers.setTime(Date.now() + 11_000);
    mock.timers.tick(1000);
    assert.equal(recovery.tap(), null);
    fire(document, "resume");
    assert.equal(recovery.tap().words, "Welcome back, tap to rejoin");
  });

  test("rejoins with everything at once: the socket, the media and what is heard", async () => {
    up();
    media.connected = false;
    link.socket.connected = false;
    fire(document, "resume");
    recovery.tap().act();
    await rest();
    assert.deepEqual(calls, ["connect", "anew", "turnOn", "mend"]);
  });
});

describe("the network comes back", () => {
  test("a connection that hangs without knowing it is ended, and a lost one is hurried", () => {
    fire(window, "online");
    link.socket.connected = false;
    fire(window, "online");
    assert.deepEqual(calls, ["close", "connect"]);
  });

  test("a page that is over stays so", () => {
    link.socket.connected = false;
    link.finished = true;
    fire(window, "online");
    assert.deepEqual(calls, []);
  });

  test("going away is told at once", () => {
    up();
    let told = 0;
    recovery.addEventListener("change", () => {
      told += 1;
    });
    fire(window, "offline");
    assert.deepEqual([told, recovery.up], [1, false]);
    pass(1000);
  });
});
