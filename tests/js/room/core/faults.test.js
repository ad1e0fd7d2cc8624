import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { afresh } from "../../support/page.js";

const AGENTS = {
  ios: "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1",
  android: "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/126.0.0.0 Mobile Safari/537.36",
  edge: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
  firefox: "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
  safari: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15",
  chrome: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36",
};

async function onDevice(userAgent, more = { mediaDevices: {} }) {
  const value = { userAgent, maxTouchPoints: 0, ...more };
  Object.defineProperty(globalThis, "navigator", { value, configurable: true, writable: true });
  return afresh("room/core/faults.js");
}

const named = (name) => Object.assign(new Error("refused"), { name });

describe("which browser this is", () => {
  for (const [browser, agent] of Object.entries(AGENTS)) {
    test(`${browser} is known`, async () => {
      const { browserOf } = await onDevice(agent);
      assert.equal(browserOf(agent), browser);
    });
  }

  test("an iPad that calls itself a Mac is known by its screen", async () => {
    const { browserOf } = await onDevice(AGENTS.safari);
    assert.equal(browserOf(AGENTS.safari, 5), "ios");
    assert.equal(browserOf(AGENTS.safari, 1), "safari");
  });

  test("a browser on an iPhone is an iPhone, whoever made it", async () => {
    const { browserOf } = await onDevice(AGENTS.ios);
    assert.equal(browserOf("Mozilla/5.0 (iPhone) AppleWebKit CriOS/126.0 Mobile Safari/604.1"), "ios");
  });

  test("anything unknown gets the commonest advice", async () => {
    const { browserOf } = await onDevice("");
    assert.equal(browserOf(""), "chrome");
  });
});

describe("which fault it is", () => {
  for (const [name, fault] of [
    ["NotAllowedError", "blocked"],
    ["SecurityError", "blocked"],
    ["NotReadableError", "busy"],
    ["AbortError", "busy"],
    ["NotFoundError", "none"],
    ["OverconstrainedError", "none"],
    ["TypeError", "other"],
  ]) {
    test(`${name} means ${fault}`, async () => {
      const { faultOf, isDeviceFault } = await onDevice(AGENTS.chrome);
      assert.equal(faultOf(named(name)), fault);
      assert.equal(isDeviceFault(named(name)), fault !== "other");
    });
  }

  test("no error at all is some other fault, and none of the device's", async () => {
    const { faultOf, isDeviceFault } = await onDevice(AGENTS.chrome);
    assert.equal(faultOf(null), "other");
    assert.equal(isDeviceFault(undefined), false);
  });

  test("a page that is not secure has no devices, whatever the error", async () => {
    const { faultOf, isDeviceFault } = await onDevice(AGENTS.chrome, {});
    assert.equal(faultOf(named("NotAllowedError")), "insecure");
    assert.equal(isDeviceFault(null), true);
  });
});

describe("what is said of it", () => {
  test("how to allow the camera is said for this very browser", async () => {
    for (const [agent, part] of [
      [AGENTS.ios, "open Settings, then Apps"],
      [AGENTS.firefox, "remove the word Blocked"],
      [AGENTS.safari, "In the menu at the top choose Safari"],
    ]) {
      const { wordsFor } = await onDevice(agent);
      const [title, advice] = wordsFor("blocked", "camera");
      assert.equal(title, "Your camera is blocked.");
      assert.ok(advice.includes(part) && advice.endsWith("and press Try again."), advice);
    }
  });

  test("the button that is there is the one that is named", async () => {
    const { wordsFor } = await onDevice(AGENTS.chrome);
    assert.equal(
      wordsFor("busy", "microphone", "press Turn sound on")[1],
      "Close other video apps, then press Turn sound on.",
    );
  });

  test("without a camera one can hear and talk, without a microphone see and write", async () => {
    const { wordsFor } = await onDevice(AGENTS.chrome);
    assert.ok(wordsFor("none", "camera")[1].endsWith("You can still hear and talk."));
    assert.ok(wordsFor("none", "microphone")[1].endsWith("You can still see and write."));
  });

  test("a fault that nobody thought of has words too", async () => {
    const { wordsFor } = await onDevice(AGENTS.chrome);
    assert.equal(wordsFor("unheard of", "camera")[0], "Your camera did not start.");
  });

  test("every fault has a title and an advice", async () => {
    const { wordsFor } = await onDevice(AGENTS.chrome);
    for (const fault of ["blocked", "busy", "none", "screen", "insecure", "silent", "path", "other"]) {
      const words = wordsFor(fault, "camera");
      assert.deepEqual(
        words.map((each) => /^[A-Z].*\.$/.test(each)),
        [true, true],
        fault,
      );
    }
  });
});
