import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { afresh, openPage } from "../support/page.js";

/** The module as a page finds it that carries these words. */
async function inPage(carried) {
  openPage(carried ? `<script type="application/json" id="script-words">${JSON.stringify(carried)}</script>` : "");
  return afresh("shared/words.js");
}

const POLISH = {
  language: "pl",
  words: {
    Leave: "Wyjdź",
    "With %(name)s": "Z %(name)s",
    "%(num)s minute": { one: "%(num)s minuta", few: "%(num)s minuty", many: "%(num)s minut", other: "%(num)s minuty" },
  },
};

describe("in English", () => {
  test("words are said as they are written, with what fills them", async () => {
    const { gettext, language } = await inPage(null);
    assert.equal(language, "en-GB");
    assert.equal(gettext("Leave"), "Leave");
    assert.equal(gettext("With %(name)s", { name: "Aled" }), "With Aled");
  });

  test("one and many are told apart, and numbers have their commas", async () => {
    const { ngettext } = await inPage(null);
    assert.equal(ngettext("%(num)s minute", "%(num)s minutes", 1), "1 minute");
    assert.equal(ngettext("%(num)s minute", "%(num)s minutes", 2500), "2,500 minutes");
  });
});

describe("in the language of the page", () => {
  test("words are those that the page carries", async () => {
    const { gettext, language } = await inPage(POLISH);
    assert.equal(language, "pl");
    assert.equal(gettext("Leave"), "Wyjdź");
    assert.equal(gettext("With %(name)s", { name: "%(other)s" }), "Z %(other)s");
  });

  test("each number has the form that the language gives it", async () => {
    const { ngettext } = await inPage(POLISH);
    const said = [1, 2, 5, 22].map((num) => ngettext("%(num)s minute", "%(num)s minutes", num));
    assert.deepEqual(said, ["1 minuta", "2 minuty", "5 minut", "22 minuty"]);
  });

  test("what it has no words for stays English", async () => {
    const { gettext, ngettext } = await inPage(POLISH);
    assert.equal(gettext("toString"), "toString");
    assert.equal(ngettext("%(num)s person", "%(num)s people", 2), "2 people");
  });
});
