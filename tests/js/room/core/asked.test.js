import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { openPage } from "../../support/page.js";

openPage().LivekitClient = {}; // the library is there already: nothing is fetched
const { Asked } = await import("../../../../static/js/room/core/asked.js");

let changes;
beforeEach(() => {
  changes = 0;
});

const asked = (heeds) =>
  new Asked(
    () => {
      changes += 1;
    },
    { heeds },
  );
const qualities = (...enabled) => enabled.map((each) => ({ enabled: each }));

test("a picture for which nobody has room is not sent, until somebody asks for a size of it again", () => {
  const pictures = asked(true);
  pictures.hear({ trackSid: "a", subscribedQualities: qualities(false, false) });
  assert.deepEqual([pictures.wants({ trackSid: "a" }), pictures.wants({ trackSid: "b" })], [false, true]);
  pictures.hear({ trackSid: "a", subscribedQualities: qualities(false, true) });
  assert.deepEqual([pictures.wants({ trackSid: "a" }), changes], [true, 2]);
});

test("an engine that asks for none wherever nobody looks is not heeded", () => {
  const pictures = asked(false);
  pictures.hear({ trackSid: "a", subscribedQualities: qualities(false) });
  assert.equal(pictures.wants({ trackSid: "a" }), true);
});

test("a picture that begins anew has another name, and is sent", () => {
  const pictures = asked(true);
  pictures.hear({ trackSid: "a", subscribedQualities: [] });
  assert.deepEqual([pictures.wants({ trackSid: "a2" }), pictures.wants(undefined)], [true, true]);
});
