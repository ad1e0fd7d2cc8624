/* One question after the other in the page, each answer saved as it is given, with or without a link. */

import { AnswerQueue } from "./answers-queue.js";

const form = document.getElementById("questions");
const { owner, response, save, send, check } = form.dataset;
const pages = Number(form.dataset.pages);
const whole = form.dataset.number === "0";
const sections = [...form.querySelectorAll(".btl-q")];
const ticks = sections[0].dataset.kind === "ticks";
const saved = document.getElementById("saved");
const support = document.getElementById("support");
const sheet = document.getElementById("sheet");
const TYPING_PAUSE_MS = 1500;
let leaving = false; // to the support page: nothing may come before it
let current = Number(form.dataset.number);

const queue = new AnswerQueue(owner, form.elements.csrf_token.value, (what, about) => {
  if (what === "saved") {
    if (about.support) {
      leaving = true;
      location.assign(about.support);
    }
    const wrong = Object.values(about.refused);
    saved.textContent = about.closed || wrong[0] || `Saved at ${about.saved_at}. You can stop and come back.`;
  } else {
    saved.textContent = what === "kept" ? "Kept on this device. We will send it when the link is back." : `Kept on this device. ${about.message ?? "Please load the page again."}`;
    if (what === "kept" && about.entries.some(worrying)) showSupport();
  }
});

function worrying(entry) {
  const from = sections.find((section) => section.dataset.question === entry.question)?.dataset.alertFrom;
  return from !== undefined && entry.response === response && Number(entry.value) >= Number(from);
}

function showSupport() {
  if (!support || !support.hidden) return;
  support.hidden = false;
  sheet.hidden = true;
  makeHeading(support);
}

document.getElementById("carry-on")?.addEventListener("click", () => {
  support.hidden = true;
  sheet.hidden = false;
  if (whole) retag(support.querySelector(".btl-q__title"), "div");
  const place = whole ? 0 : Math.min(current + 1, pages);
  if (place) show(place, true);
});

/* ---------- Answers ---------- */

const inputsOf = (section) => [...section.querySelectorAll("input, textarea")];

function valueOf(section) {
  const chosen = section.querySelector("input[type=radio]:checked");
  if (chosen) return chosen.value;
  return section.querySelector("input:not([type=radio]), textarea")?.value.trim() || null;
}

function put(question, value) {
  if (question === "none_apply_confirmed") {
    form.elements.none.checked = value !== null;
    return;
  }
  const field = form.elements[`q-${question}`];
  if (!field) return;
  if (ticks) field.checked = value !== null;
  else field.value = value ?? "";
}

function answered(section) {
  return section.dataset.kind === "text" || ticks || valueOf(section) !== null;
}

function markError(section, message) {
  const line = section.querySelector(".btl-qerror");
  if (message) line.querySelector("span").textContent = message;
  line.hidden = !message;
  for (const field of section.querySelectorAll(".btl-input, textarea")) {
    if (message) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
}

function numberFault(section) {
  const value = valueOf(section);
  if (section.dataset.kind !== "number" || value === null || /^\d{1,6}$/.test(value)) return "";
  return "Give a whole number, like 3.";
}

function onTick(input) {
  const none = form.elements.none;
  if (input === none && none.checked) {
    for (const other of inputsOf(sections[0]).filter((each) => each !== none && each.checked)) {
      other.checked = false;
      queue.add(response, save, other.name.slice(2), null);
    }
  } else if (input !== none && input.checked && none.checked) {
    none.checked = false;
    queue.add(response, save, "none_apply_confirmed", null);
  }
  const question = input === none ? "none_apply_confirmed" : input.name.slice(2);
  queue.add(response, save, question, input.checked ? Number(input.value) : null);
  markError(sections[0], "");
}

function keep(section) {
  const { question } = section.dataset;
  const value = valueOf(section);
  const fault = numberFault(section);
  markError(section, fault);
  if (fault || kept.get(question) === value) return;
  kept.set(question, value);
  queue.add(response, save, question, value);
}

const kept = new Map(ticks ? [] : sections.map((section) => [section.dataset.question, valueOf(section)]));
let pause = 0;

form.addEventListener("change", (event) => {
  if (ticks) onTick(event.target);
  else keep(event.target.closest(".btl-q"));
});

/* Words are saved when the typing stops. The fault goes while they type: a page that moves under a finger loses a press. */
form.addEventListener("input", (event) => {
  if (!event.target.matches(".btl-input, textarea")) return;
  const section = event.target.closest(".btl-q");
  markError(section, "");
  clearTimeout(pause);
  pause = setTimeout(() => keep(section), TYPING_PAUSE_MS);
});

window.addEventListener("pagehide", () => { if (!ticks) for (const section of sections) keep(section); });

/* ---------- From question to question ---------- */

function show(number, asStep) {
  current = number;
  for (const section of sections) section.hidden = Number(section.dataset.number) !== number;
  document.getElementById("intro")?.toggleAttribute("hidden", number !== 1);
  document.getElementById("where").textContent = `question ${number} of ${pages}`;
  document.getElementById("progress").value = number - 1;
  document.getElementById("next-words").textContent = number < pages ? "Next question" : "Send these answers";
  const back = document.getElementById("back");
  back.href = number > 1 ? addressOf(number - 1) : form.dataset.overview;
  document.getElementById("back-words").textContent = number > 1 ? "Go back one question" : "Go back to Questions";
  form.action = addressOf(number);
  makeHeading(sections[number - 1]);
  if (!asStep) return;
  history.pushState({ number }, "", addressOf(number));
  for (const note of document.querySelectorAll("main > .btl-note")) note.remove();
  window.scrollTo(0, 0);
}

/* A page has one main heading: the question it shows. */
function makeHeading(part) {
  const title = part.querySelector(".btl-q__title");
  for (const other of document.querySelectorAll("h1.btl-q__title")) if (other !== title) retag(other, "div");
  retag(title, "h1").focus();
}

function retag(title, tag) {
  const made = document.createElement(tag);
  made.className = title.className;
  made.tabIndex = -1;
  made.textContent = title.textContent;
  title.replaceWith(made);
  return made;
}

function addressOf(number) {
  return location.pathname.replace(/\/(\d+|all)$/, `/${number}`);
}

async function finish() {
  if (!(await queue.flush()) && queue.waiting(response).length) {
    saved.textContent = "We cannot send yet. Your answers are kept on this device. Press the button again when the link is back.";
    return;
  }
  if (leaving) return;
  const empty = ticks ? inputsOf(sections[0]).every((input) => !input.checked) : !sections.every(answered);
  if (ticks && empty) {
    markError(sections[0], "Tick each line that is true for you. If there is none, tick the last box.");
    sections[0].querySelector(".btl-q__title").focus();
    window.scrollTo(0, 0);
  } else if (empty) location.assign(check);
  else { form.action = send; form.submit(); }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const skipping = event.submitter?.id === "skip";
  const section = sections[current - 1];
  if (!whole && !ticks && !skipping && (!answered(section) || numberFault(section))) {
    markError(section, numberFault(section) || "Choose or write an answer. You can also skip this question.");
    section.querySelector("input, textarea").focus();
    return;
  }
  if (whole || ticks || current === pages) finish();
  else show(current + 1, true);
});

document.getElementById("back").addEventListener("click", (event) => {
  if (whole || ticks || current <= 1) return;
  event.preventDefault();
  show(current - 1, true);
});

window.addEventListener("popstate", (event) => { if (!whole && !ticks) show(event.state?.number ?? Number(form.dataset.number), false); });

for (const entry of queue.waiting(response)) {
  put(entry.question, entry.value);
  kept.set(entry.question, entry.value);
}
queue.flush();
