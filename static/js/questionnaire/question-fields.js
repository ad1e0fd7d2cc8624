/* One question on the page: what was answered in it, what is wrong with that, and its heading. */

import { find, findAll } from "../shared/dom.js";
import { gettext } from "../shared/words.js";

const TITLE = ".btl-q__title";

/**
 * @param {HTMLElement} section
 * @returns {(HTMLInputElement | HTMLTextAreaElement)[]}
 */
export function inputsOf(section) {
  return [...section.querySelectorAll("input"), ...section.querySelectorAll("textarea")];
}

/**
 * The answer as it is kept: what was chosen, or the words without the spaces around them; null for none.
 * @param {HTMLElement} section
 */
export function answerIn(section) {
  const inputs = inputsOf(section);
  const chosen = inputs.find((each) => each.type === "radio" && each instanceof HTMLInputElement && each.checked);
  if (chosen) return chosen.value;
  return inputs.find((each) => each.type !== "radio")?.value.trim() || null;
}

/**
 * Whether somebody may go on from here. Words are never asked for; ticks say something when they are empty too.
 * @param {HTMLElement} section
 */
export function answered(section) {
  return ["text", "ticks"].includes(section.dataset.kind ?? "") || answerIn(section) !== null;
}

const DIGIT = /^\p{Nd}$/u;

/**
 * What a digit of any script counts: in each script the ten stand in a row.
 * @param {string} digit
 */
function worth(digit) {
  const point = digit.codePointAt(0) ?? 0;
  let zero = point;
  while (point - zero < 9 && DIGIT.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String(point - zero);
}

/**
 * What is wrong with a number that was written, or "". The digits may be of any script.
 * @param {HTMLElement} section
 */
export function numberFault(section) {
  const { kind, lowest, highest } = section.dataset;
  const value = answerIn(section)?.normalize("NFKC");
  if (kind !== "number" || value === undefined) return "";
  if (!/^\p{Nd}{1,6}$/u.test(value)) return gettext("Enter a whole number, like 3.");
  const number = Number([...value].map(worth).join(""));
  if (lowest && number < Number(lowest))
    return gettext("Your number is too low. The lowest you can enter is %(lowest)s.", { lowest });
  if (highest && number > Number(highest))
    return gettext("Your number is too high. The highest you can enter is %(highest)s.", { highest });
  return "";
}

/**
 * Say what is wrong beside the question, or take that away.
 * @param {HTMLElement} section
 * @param {string} message
 */
export function markError(section, message) {
  const line = find(section, ".btl-qerror");
  if (message) find(line, "span").textContent = message;
  line.hidden = !message;
  for (const field of findAll(section, ".btl-input, textarea")) {
    if (message) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
}

/**
 * A page has one main heading: the question it shows. It takes the focus.
 * @param {HTMLElement} part
 */
export function makeHeading(part) {
  const title = find(part, TITLE);
  for (const other of findAll(document, `h1${TITLE}`)) if (other !== title) retag(other, "div");
  retag(title, "h1").focus();
}

/**
 * This part is not what the page is about any more.
 * @param {HTMLElement} part
 */
export function unmakeHeading(part) {
  retag(find(part, TITLE), "div");
}

/** @param {HTMLElement} title @param {"div" | "h1"} tag */
function retag(title, tag) {
  const made = document.createElement(tag);
  made.className = title.className;
  made.tabIndex = -1;
  made.textContent = title.textContent;
  title.replaceWith(made);
  return made;
}
