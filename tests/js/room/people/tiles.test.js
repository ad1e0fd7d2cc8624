import assert from "node:assert/strict";
import { test } from "node:test";

import { letterOf } from "../../../../static/js/room/people/tiles.js";

const LETTERS = [
  ["a name stands as its first letter", "priya", "P"],
  ["the mark that keeps a name's direction is no letter", "\u2068ليلى\u2069", "ل"],
  ["a name may begin with a number", "2nd phone", "2"],
  ["what has neither is a question", "…", "?"],
];

for (const [name, given, letter] of LETTERS) test(name, () => assert.equal(letterOf(given), letter));
