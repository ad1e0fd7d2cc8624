/* One question after the other in the page, each answer saved as it is given, with or without a link. */

import { find, findAll } from "../shared/dom.js";
import { inputOf } from "../shared/form-data.js";
import { gettext } from "../shared/words.js";
import { AnswerQueue } from "./answers-queue.js";
import { answered, answerIn, inputsOf, makeHeading, markError, numberFault, unmakeHeading } from "./question-fields.js";

/** @typedef {import("./answers-queue.js").News} News */
/** @typedef {import("./answers-queue.js").Entry} Entry */

const TYPING_PAUSE_MS = 1500;
/** The key of "none of these is true for me" in a list of ticks. */
const NONE = "none_apply_confirmed";

const form = find(document, "#questions", HTMLFormElement);
const { owner = "", response = "", save = "", send = "", check = "", overview = "" } = form.dataset;
const pages = Number(form.dataset.pages);
const whole = form.dataset.number === "0";
const sections = findAll(form, ".btl-q");
const onlySection = find(form, ".btl-q");
const ticks = onlySection.dataset.kind === "ticks";
const saved = find(document, "#saved");
const support = document.getElementById("support");
const sheet = find(document, "#sheet");
let leaving = false; // to the support page: nothing may come before it
let current = Number(form.dataset.number);

const queue = new AnswerQueue(owner, inputOf(form, "csrf_token").value, (news) => {
  saved.textContent = wordsFor(news);
  if (news.what === "saved" && news.support) {
    leaving = true;
    location.assign(news.support);
  }
  if (news.what === "kept" && news.entries.some(worrying)) showSupport();
});

/** @param {News} news */
function wordsFor(news) {
  if (news.what === "kept") return gettext("Kept on this device. We will send it when the connection is back.");
  if (news.what === "stuck")
    return gettext("Kept on this device. %(why)s", { why: news.message ?? gettext("Please load the page again.") });
  const [wrong] = Object.values(news.refused);
  return (
    news.closed || wrong || gettext("Saved at %(time)s. You can stop and come back.", { time: news.saved_at ?? "" })
  );
}

/** @param {Entry} entry */
function worrying(entry) {
  const from = sections.find((section) => section.dataset.question === entry.question)?.dataset.alertFrom;
  return from !== undefined && entry.response === response && Number(entry.value) >= Number(from);
}

function showSupport() {
  if (!support?.hidden) return;
  support.hidden = false;
  sheet.hidden = true;
  makeHeading(support);
}

document.getElementById("carry-on")?.addEventListener("click", () => {
  if (!support) return;
  support.hidden = true;
  sheet.hidden = false;
  if (whole) unmakeHeading(support);
  const place = whole ? 0 : Math.min(current + 1, pages);
  if (place) show(place, true);
});

/* ---------- Answers ---------- */

/**
 * Show on the page what was answered.
 * @param {string} question
 * @param {string | number | null} value
 */
function put(question, value) {
  const name = question === NONE ? "none" : `q-${question}`;
  const words = String(value ?? "");
  for (const field of sections.flatMap(inputsOf).filter((each) => each.name === name)) {
    if (field instanceof HTMLInputElement && field.type === "checkbox") field.checked = value !== null;
    else if (field instanceof HTMLInputElement && field.type === "radio") field.checked = field.value === words;
    else field.value = words;
  }
}

/** @param {HTMLInputElement} input */
function onTick(input) {
  const none = inputOf(form, "none");
  /** @param {HTMLInputElement} other */
  const clear = (other) => {
    other.checked = false;
    queue.add(response, save, questionOf(other), null);
  };
  if (input === none && none.checked) {
    for (const other of findAll(onlySection, "input", HTMLInputElement)) {
      if (other !== none && other.checked) clear(other);
    }
  } else if (input !== none && input.checked && none.checked) clear(none);
  queue.add(response, save, questionOf(input), input.checked ? Number(input.value) : null);
  markError(onlySection, "");
}

/** @param {HTMLInputElement} input */
function questionOf(input) {
  return input.name === "none" ? NONE : input.name.slice("q-".length);
}

/** @param {HTMLElement} section */
function keep(section) {
  const { question = "" } = section.dataset;
  const value = answerIn(section);
  const fault = numberFault(section);
  markError(section, fault);
  if (fault || kept.get(question) === value) return;
  kept.set(question, value);
  queue.add(response, save, question, value);
}

/** @type {Map<string, string | number | null>} The answers that this page has seen, by their question. */
const kept = new Map(ticks ? [] : sections.map((section) => [section.dataset.question ?? "", answerIn(section)]));
let pause = 0;

/** @param {Event} event */
function sectionOf({ target }) {
  const section = target instanceof Element ? target.closest(".btl-q") : null;
  return section instanceof HTMLElement ? section : null;
}

form.addEventListener("change", (event) => {
  const section = sectionOf(event);
  if (ticks && event.target instanceof HTMLInputElement) onTick(event.target);
  else if (section) keep(section);
});

/* Words are saved when the typing stops. The fault goes while they type: a page that moves under a finger loses a press. */
form.addEventListener("input", (event) => {
  const section = sectionOf(event);
  if (!section || !(event.target instanceof Element) || !event.target.matches(".btl-input, textarea")) return;
  markError(section, "");
  clearTimeout(pause);
  pause = setTimeout(() => keep(section), TYPING_PAUSE_MS);
});

window.addEventListener("pagehide", () => {
  if (!ticks) for (const section of sections) keep(section);
});

/* ---------- From question to question ---------- */

const backLink = find(document, "#back", HTMLAnchorElement);

/** @param {number} number @param {boolean} asStep Whether somebody went there, not the browser's own buttons. */
function show(number, asStep) {
  const section = sections[number - 1];
  if (!section) return;
  current = number;
  for (const each of sections) each.hidden = Number(each.dataset.number) !== number;
  document.getElementById("intro")?.toggleAttribute("hidden", number !== 1);
  find(document, "#where").textContent = gettext("question %(number)s of %(all)s", { number, all: pages });
  find(document, "#progress", HTMLProgressElement).value = number - 1;
  find(document, "#next-words").textContent = number < pages ? gettext("Next question") : gettext("Send these answers");
  backLink.href = number > 1 ? addressOf(number - 1) : overview;
  find(document, "#back-words").textContent =
    number > 1 ? gettext("Go back one question") : gettext("Go back to Questions");
  form.action = addressOf(number);
  makeHeading(section);
  if (!asStep) return;
  history.pushState({ number }, "", addressOf(number));
  for (const note of document.querySelectorAll("main > .btl-note")) note.remove();
  window.scrollTo(0, 0);
}

/** @param {number} number */
function addressOf(number) {
  return location.pathname.replace(/\/(\d+|all)$/, `/${number}`);
}

async function finish() {
  if (!(await queue.flush()) && queue.waiting(response).length) {
    saved.textContent = gettext(
      "We cannot send yet. Your answers are kept on this device. Press the button again when the connection is back.",
    );
    return;
  }
  if (leaving) return;
  const unticked = ticks && findAll(onlySection, "input", HTMLInputElement).every((input) => !input.checked);
  if (unticked) {
    markError(onlySection, gettext("Tick each line that is true for you. If none is true, tick the last box."));
    find(onlySection, ".btl-q__title").focus();
    window.scrollTo(0, 0);
  } else if (!sections.every(answered)) location.assign(check);
  else {
    form.action = send;
    form.submit();
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const skipping = event.submitter?.id === "skip";
  const section = sections[current - 1];
  if (section && !whole && !ticks && !skipping && (!answered(section) || numberFault(section))) {
    markError(section, numberFault(section) || gettext("Choose or write an answer. You can also skip this question."));
    inputsOf(section)[0]?.focus();
    return;
  }
  if (whole || ticks || current === pages) finish();
  else show(current + 1, true);
});

backLink.addEventListener("click", (event) => {
  if (whole || ticks || current <= 1) return;
  event.preventDefault();
  show(current - 1, true);
});

window.addEventListener("popstate", (event) => {
  if (!whole && !ticks) show(event.state?.number ?? Number(form.dataset.number), false);
});

for (const entry of queue.waiting(response)) {
  put(entry.question, entry.value);
  kept.set(entry.question, entry.value);
}
queue.flush();
