import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";

import { Choosing } from "../../../../static/js/room/checks/device-lists.js";
import { canRoute, Devices, routeSound } from "../../../../static/js/room/checks/devices.js";
import { fire, openPage, rest } from "../../support/page.js";

const SETTLE_MS = 600;
const device = (kind, deviceId, label = deviceId) => ({ kind, deviceId, label });
const mic = (id, label) => device("audioinput", id, label);
const camera = (id, label) => device("videoinput", id, label);
const speaker = (id, label) => device("audiooutput", id, label);

let found;
let plugged;
let devices;
let told;

beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
afterEach(() => mock.timers.reset());

async function open(list, { routes = true, html = "" } = {}) {
  found = list;
  openPage(html);
  const mediaDevices = { enumerateDevices: async () => found, addEventListener: (_, heard) => (plugged = heard) };
  Object.defineProperty(globalThis, "navigator", { value: { mediaDevices }, configurable: true, writable: true });
  globalThis.HTMLMediaElement = class {};
  if (routes) globalThis.HTMLMediaElement.prototype.setSinkId = () => {};
  devices = new Devices();
  told = [];
  devices.addEventListener("change", ({ detail: { came, went } }) =>
    told.push(`+${came.map((one) => one.deviceId)} -${went.map((one) => one.deviceId)}`),
  );
  devices.addEventListener("named", () => told.push("named"));
  await devices.ready;
}

async function plug(list) {
  found = list;
  plugged();
  mock.timers.tick(SETTLE_MS);
  await rest();
}

describe("which devices there are", () => {
  test("one that came and one that went are told, once, after it is quiet", async () => {
    await open([mic("a"), camera("c")]);
    found = [mic("b"), camera("c")];
    plugged();
    mock.timers.tick(SETTLE_MS - 1);
    plugged();
    mock.timers.tick(SETTLE_MS - 1);
    await rest();
    assert.deepEqual(told, ["named"]);
    mock.timers.tick(1);
    await rest();
    assert.deepEqual(told, ["named", "+b -a"]);
  });

  test("ids that a first permission uncovers are no change of devices", async () => {
    await open([mic("", ""), camera("", "")]);
    await plug([mic("a"), camera("c")]);
    assert.deepEqual(told, ["named", "named"]);
  });

  test("the same id of another kind is another device", async () => {
    await open([mic("a")]);
    await plug([mic("a"), speaker("a")]);
    assert.deepEqual(told.at(-1), "+a -");
  });

  test("a browser without devices has none", async () => {
    openPage();
    Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true, writable: true });
    const none = new Devices();
    await none.ready;
    assert.deepEqual(none.list, []);
  });
});

describe("what can be chosen", () => {
  test("is real devices with a name: no alias of the device's own choice, no other kind of thing", async () => {
    await open([mic("default"), mic("communications"), mic("a"), mic("b", ""), device("haptic", "h")]);
    assert.deepEqual(
      devices.of("audioinput").map((one) => one.deviceId),
      ["a"],
    );
    assert.equal(devices.list.length, 4);
  });

  test("is no loudspeaker where the browser cannot send sound to one", async () => {
    await open([speaker("s")], { routes: false });
    assert.deepEqual([devices.of("audiooutput"), canRoute()], [[], false]);
    await open([speaker("s")]);
    assert.equal(devices.of("audiooutput").length, 1);
  });
});

describe("what was chosen", () => {
  test("is remembered on this device, and asked for exactly while it is there", async () => {
    await open([mic("a"), mic("b")]);
    devices.choose("audioinput", "b");
    assert.deepEqual([devices.chosen("audioinput"), devices.wish("audioinput")], ["b", { deviceId: { exact: "b" } }]);
    assert.deepEqual(JSON.parse(window.localStorage.getItem("devices")), { audioinput: { id: "b", label: "b" } });
  });

  test("counts for nothing while it is not there", async () => {
    await open([mic("a"), mic("b")]);
    devices.choose("audioinput", "b");
    await plug([mic("a")]);
    assert.deepEqual([devices.chosen("audioinput"), devices.wish("audioinput")], ["", {}]);
    await plug([mic("a"), mic("b")]);
    assert.equal(devices.chosen("audioinput"), "b");
  });

  test("is known by its name where the browser has given it another id", async () => {
    await open([mic("a", "Headset")]);
    devices.choose("audioinput", "a");
    await plug([mic("z", "Headset"), mic("y", "Other")]);
    assert.equal(devices.chosen("audioinput"), "z");
  });

  test("is only hinted at before the browser says which devices there are", async () => {
    await open([mic("a")]);
    devices.choose("audioinput", "a");
    await plug([mic("", "")]);
    assert.deepEqual(devices.wish("audioinput"), { deviceId: { ideal: "a" } });
  });

  test("is taken back with the device's own choice, and the others stay", async () => {
    await open([mic("a"), camera("c")]);
    devices.choose("audioinput", "a");
    devices.choose("videoinput", "c");
    devices.choose("audioinput", "");
    assert.deepEqual([devices.chosen("audioinput"), devices.chosen("videoinput")], ["", "c"]);
  });
});

test("sound is sent to a loudspeaker once, and one that fails holds up no other", async () => {
  await open([speaker("s")]);
  const sent = [];
  const player = (sinkId, fails = false) => ({
    sinkId,
    setSinkId: async (id) => {
      sent.push(`${sinkId} to ${id}`);
      if (fails) throw new Error("NotFoundError");
    },
  });
  document.querySelectorAll = () => [player("", true), player("s"), player("old")];
  await routeSound("s", [player("ctx"), null, {}]);
  assert.deepEqual(sent, [" to s", "old to s", "ctx to s"]);
});

describe("the lists on the page", () => {
  const row = (kind) => `<p data-row><select data-kind="${kind}"></select></p>`;
  const html = `<div id="box">${["audioinput", "videoinput", "audiooutput"].map(row).join("")}</div>`;
  const list = (kind) => document.querySelector(`[data-kind="${kind}"]`);
  const words = (kind) => [...list(kind).options].map((each) => each.textContent);
  const hidden = (kind) => list(kind).closest("[data-row]").hidden;

  async function draw(given) {
    await open(given, { html });
    new Choosing(devices, document.getElementById("box"));
    await rest();
  }

  test("show what there is to choose from, with the device's own choice first", async () => {
    await draw([mic("a"), mic("b"), camera("c")]);
    assert.deepEqual(words("audioinput"), ["What my device chooses", "a", "b"]);
    assert.deepEqual([hidden("audioinput"), hidden("videoinput"), hidden("audiooutput")], [false, true, true]);
  });

  test("follow what is plugged in and what is chosen", async () => {
    await draw([mic("a"), mic("b")]);
    list("audioinput").value = "b";
    fire(list("audioinput"), "change");
    assert.equal(devices.chosen("audioinput"), "b");
    await plug([mic("a"), mic("b"), mic("d")]);
    assert.deepEqual([words("audioinput").length, list("audioinput").value], [4, "b"]);
  });

  test("are not there at all with nothing to choose from", async () => {
    await draw([mic("a"), camera("c")]);
    assert.equal(document.getElementById("box").hidden, true);
  });

  test("say so instead, where the page has words for it", async () => {
    await open([mic("a")], { html: html.replace("</div>", "<p data-none hidden></p></div>") });
    new Choosing(devices, document.getElementById("box"));
    await rest();
    assert.deepEqual(
      [document.querySelector("[data-none]").hidden, document.getElementById("box").hidden],
      [false, false],
    );
  });
});
