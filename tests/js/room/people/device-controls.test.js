import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";

import { openPage, press, rest } from "../../support/page.js";

openPage();
const { Own } = await import("../../../../static/js/room/people/device-controls.js");

let link;
let media;
let own;
let troubles;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  openPage('<p id="announce"></p><button id="sound"><svg></svg><span></span></button>');
  const me = { status: "admitted", may_speak: true, camera: "everyone" };
  link = Object.assign(new EventTarget(), { state: { me } });
  media = Object.assign(new EventTarget(), {
    connected: true,
    twoRooms: false,
    micOn: false,
    shows: null,
    opens: true,
    did: [],
    wishes: { pictures: true },
    me: { permissions: { canPublish: true, canPublishSources: [] } },
    cameraIs: (on, privately) => media.shows === (on ? (privately ? "facilitators" : "everyone") : null),
    setCamera: async (on, privately) => {
      media.did.push(on ? `camera for ${privately ? "facilitators" : "everyone"}` : "no camera");
      if (media.opens) media.shows = on ? (privately ? "facilitators" : "everyone") : null;
      return media.opens;
    },
    setMicrophone: async (on) => {
      media.did.push(on ? "microphone" : "no microphone");
      media.micOn = on;
    },
  });
  troubles = [];
  own = new Own(link, media, { onTrouble: (words) => troubles.push(words), tryCamera: "press Who sees me" });
});
afterEach(() => mock.timers.reset());

const me = (more) => {
  Object.assign(link.state.me, more);
  link.dispatchEvent(new Event("change"));
};
const announced = () => {
  mock.timers.tick(60);
  return document.getElementById("announce").textContent;
};

async function pressSound() {
  press(document.getElementById("sound"));
  await rest();
}

describe("my sound", () => {
  test("goes on and off with a press, and is said", async () => {
    media.shows = "everyone";
    await pressSound();
    assert.deepEqual([media.did, announced()], [["microphone"], "Your sound is on"]);
    await pressSound();
    assert.deepEqual([media.micOn, announced()], [false, "Your sound is off"]);
  });

  test("that was turned on for a private word goes off with it, and is said", async () => {
    media.shows = "everyone";
    me({ word: "w1" });
    await pressSound();
    me({ word: undefined });
    await own.follow();
    assert.deepEqual([media.micOn, announced()], [false, "Your sound is off again, as before the private word."]);
  });

  test("that was on before a private word stays on, and one turned off in it stays off", async () => {
    media.shows = "everyone";
    await pressSound();
    me({ word: "w1" });
    me({ word: undefined });
    await own.follow();
    assert.equal(media.micOn, true);
    me({ word: "w1" });
    await pressSound();
    me({ word: undefined });
    await own.follow();
    assert.equal(media.micOn, false);
  });

  test("cannot be turned on in a part where all are silent", async () => {
    me({ may_speak: false });
    await pressSound();
    assert.deepEqual(
      [media.micOn, announced()],
      [false, "Your sound is off for everyone in this part. You can use the chat."],
    );
  });

  test("goes off by itself when such a part begins, and stays off after it", async () => {
    await pressSound();
    me({ may_speak: false });
    await own.follow();
    assert.equal(announced(), "Your sound is off for this part.");
    me({ may_speak: true });
    await own.follow();
    assert.equal(media.micOn, false);
  });

  test("is turned off by a facilitator, once, and may be turned on again", async () => {
    me({ quiet_ms: 0 });
    await pressSound();
    announced();
    me({ quiet_ms: 5 });
    await own.follow();
    assert.deepEqual([media.micOn, announced()], [false, "A facilitator turned your sound off."]);
    await pressSound();
    me({ quiet_ms: 5 });
    await own.follow();
    assert.equal(media.micOn, true);
  });

  test("an old request does not silence a page that has just come", async () => {
    own.wantsSound = true;
    me({ quiet_ms: 5 });
    assert.equal(own.wantsSound, true);
  });

  test("waits for the room's permission to be on, never to be off", async () => {
    media.me.permissions.canPublish = false;
    own.wantsSound = true;
    await own.follow();
    assert.equal(media.micOn, false);
    media.micOn = true;
    own.wantsSound = false;
    await own.follow();
    assert.equal(media.micOn, false);
  });
});

describe("my camera", () => {
  test("goes to whom I chose", async () => {
    await own.follow();
    me({ camera: "facilitators" });
    await own.follow();
    me({ camera: "off" });
    await own.follow();
    assert.deepEqual(media.did, ["camera for everyone", "camera for facilitators", "no camera"]);
  });

  test("is off for who wants sound only, and outside the room nothing moves", async () => {
    media.wishes.pictures = false;
    media.shows = "everyone";
    await own.follow();
    assert.deepEqual(media.did, ["no camera"]);
    media.wishes.pictures = true;
    link.state.me.status = "lobby";
    await own.follow();
    assert.equal(media.did.length, 1);
  });

  test("waits for the room's permission, unless it goes to a room of its own", async () => {
    media.me.permissions.canPublishSources = [2];
    await own.follow();
    assert.deepEqual(media.did, []);
    me({ camera: "facilitators" });
    media.twoRooms = true;
    await own.follow();
    assert.deepEqual(media.did, ["camera for facilitators"]);
  });

  test("that does not open three times in a row is left alone, and said", async () => {
    Object.defineProperty(navigator, "mediaDevices", { value: {}, configurable: true });
    media.opens = false;
    for (let turn = 0; turn < 5; turn += 1) await own.follow();
    assert.deepEqual([media.did.length, troubles.length, own.cameraFailed], [3, 1, true]);
    assert.match(troubles[0], /press Who sees me/, "the advice names a button of this page");
    media.opens = true;
    await own.retryCamera();
    assert.equal(media.shows, "everyone");
  });

  test("turned off by a facilitator is told kindly, once", () => {
    me({ camera_stopped_ms: 0 });
    me({ camera_stopped_ms: 5 });
    me({ camera_stopped_ms: 5 });
    assert.equal(troubles.length, 1);
    assert.match(troubles[0], /You have done nothing wrong/);
  });
});

test("the last wish wins, and nothing is done to a device twice at once", async () => {
  let go;
  media.shows = "everyone";
  media.setMicrophone = (on) => {
    media.did.push(on);
    return new Promise((done) => {
      go = () => {
        media.micOn = on;
        done();
      };
    });
  };
  own.wantsSound = true;
  const first = own.follow();
  own.wantsSound = false;
  own.follow();
  await rest();
  assert.deepEqual(media.did, [true]);
  go();
  await rest();
  go();
  await first;
  assert.deepEqual([media.did, media.micOn], [[true, false], false]);
});

test("the button says what a press would do", () => {
  const words = () => document.querySelector("#sound span").textContent;
  own.draw();
  assert.equal(words(), "Turn sound on");
  media.micOn = true;
  own.draw();
  assert.equal(words(), "Turn sound off");
  media.micOn = false;
  link.state.me.may_speak = false;
  own.draw();
  assert.deepEqual([words(), document.getElementById("sound").getAttribute("aria-disabled")], ["Sound is off", "true"]);
});
