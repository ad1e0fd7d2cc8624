import assert from "node:assert/strict";
import { test } from "node:test";

import { openPage } from "../../support/page.js";

openPage();
const { tooLong } = await import("../../../../static/js/room/chat/chat.js");

test("a message that fits is sent as it is, also with a thousand faces", () => {
  assert.equal(tooLong("a".repeat(1000)), "");
  assert.equal(tooLong("\u{1F600}".repeat(1000)), "");
});

test("a longer one is not cut: it says how long it is and what to do", () => {
  const told = "Your message has 3000 characters. Up to 1000 fit. Make it shorter, or send it in two parts.";
  assert.equal(tooLong("a".repeat(3000)), told);
});
