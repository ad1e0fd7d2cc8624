/* A number that a call found to be wrong: it is said to be, never offered to ring, and the way to correct it is there. */

import { make } from "../../shared/dom.js";

/** @param {string} name @param {string} [correctAt] where it is put right; opens beside the room */
export function wrongNumber(name, correctAt) {
  const words = make("span", {}, "The number that we have is wrong");
  if (!correctAt) return words;
  const link = make(
    "a",
    { class: "btl-rbtn", href: correctAt, target: "_blank", rel: "noopener" },
    "Correct the number",
    make("span", { class: "nhsuk-u-visually-hidden" }, ` of ${name}, opens in a new tab`),
  );
  return make("span", {}, words, " ", link);
}
