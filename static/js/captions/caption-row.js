/* One caption in the editor: its times, its words, what can be done to it, and what is to be said about it. */

import { make } from "../shared/dom.js";
import { milliseconds, shown } from "./caption-times.js";

/** @typedef {import("./caption-times.js").Caption} Caption */
/** @typedef {"start_ms" | "end_ms"} When */
/** @typedef {{at: number, kind: string, words: string, stops: boolean}} Finding */
/**
 * What a row asks for.
 * @typedef {object} Asked
 * @property {(caption: Caption) => void} play
 * @property {(caption: Caption, when: When, value: number) => void} time
 * @property {(caption: Caption, when: When) => void} timeNow
 * @property {(caption: Caption, text: string) => void} type
 * @property {(caption: Caption, place: number) => void} split
 * @property {(caption: Caption) => void} join
 * @property {(caption: Caption) => void} remove
 */

const NO_TIME = "Write a time like 1:02.5";

/** @param {Caption} caption @param {number} at Counted from 0. @param {boolean} last @param {Asked} asked */
export function rowOf(caption, at, last, asked) {
  const id = `caption-${at}`;
  const words = make("textarea", {
    class: "nhsuk-textarea btl-cue__words",
    id: `${id}-words`,
    rows: 2,
    "data-field": "words",
  });
  words.value = caption.text;
  words.addEventListener("input", () => asked.type(caption, words.value));
  let place = 0;
  words.addEventListener("blur", () => {
    place = words.selectionStart;
  });
  /** @param {string} name @param {() => void} press */
  const button = (name, press) =>
    make(
      "button",
      { type: "button", class: "btl-btn btl-btn--line btl-btn--small", on: { click: press } },
      name,
      make("span", { class: "nhsuk-u-visually-hidden" }, ` caption ${at + 1}`),
    );
  return make(
    "li",
    { class: "btl-cue", "data-at": at },
    make(
      "div",
      { class: "btl-cue__times" },
      make("strong", { id }, `Caption ${at + 1}`),
      timeOf(caption, "start_ms", at, asked),
      timeOf(caption, "end_ms", at, asked),
    ),
    make("label", { class: "nhsuk-u-visually-hidden", for: `${id}-words` }, `Words of caption ${at + 1}`),
    words,
    make("ul", { class: "btl-cue__findings", "data-part": "findings" }),
    make(
      "div",
      { class: "btl-actions" },
      button("Play", () => asked.play(caption)),
      button("Start here", () => asked.timeNow(caption, "start_ms")),
      button("End here", () => asked.timeNow(caption, "end_ms")),
      button("Split", () => asked.split(caption, place)),
      !last && button("Join with the next", () => asked.join(caption)),
      button("Remove", () => asked.remove(caption)),
    ),
  );
}

/** @param {Caption} caption @param {When} when @param {number} at @param {Asked} asked */
function timeOf(caption, when, at, asked) {
  const id = `caption-${at}-${when}`;
  const field = make("input", {
    class: "nhsuk-input btl-cue__time",
    id,
    inputmode: "decimal",
    autocomplete: "off",
    "data-field": when,
  });
  field.value = shown(caption[when]);
  const wrong = make("span", { class: "btl-error", id: `${id}-wrong` });
  field.addEventListener("change", () => {
    const value = milliseconds(field.value);
    wrong.textContent = value === null ? NO_TIME : "";
    field.toggleAttribute("aria-invalid", value === null);
    if (value === null) field.setAttribute("aria-describedby", wrong.id);
    else if (value !== caption[when]) asked.time(caption, when, value);
  });
  return make(
    "span",
    {},
    make(
      "label",
      { for: id },
      `${when === "start_ms" ? "From" : "To"}`,
      make("span", { class: "nhsuk-u-visually-hidden" }, `, caption ${at + 1}`),
    ),
    " ",
    field,
    wrong,
  );
}

/**
 * Say about a row what there is to say.
 * @param {Element} row @param {Finding[]} findings
 */
export function tell(row, findings) {
  const list = row.querySelector("[data-part=findings]");
  list?.replaceChildren(
    ...findings.map((each) =>
      make("li", {}, each.stops ? make("strong", {}, `${each.words} It stops publishing.`) : each.words),
    ),
  );
}
