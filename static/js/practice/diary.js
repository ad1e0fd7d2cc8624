/* The practice diary: what is written stays on this device until it has reached us, also without a link. */

import { postDraft } from "../page/post-draft.js";
import { find, make } from "../shared/dom.js";
import { inputOf } from "../shared/form-data.js";
import { gettext, language, ngettext } from "../shared/words.js";
import { DiaryQueue, newKey, today } from "./diary-queue.js";
import { canKeep, dropPages, keepPages, keptFor } from "./kept-pages.js";

/** @typedef {import("./diary-queue.js").Entry} Entry */

const form = find(document, "#diary-form", HTMLFormElement);
const told = find(document, "#diary-told");
const waiting = find(document, "#diary-waiting");
const keeper = find(document, "#diary-keep");
const keptWords = find(keeper, "p");
const keepButton = find(keeper, "button", HTMLButtonElement);
const { owner = "", entries: url = "" } = form.dataset;
const { madeFor = "" } = document.body.dataset;
const PAGES = (form.dataset.pages ?? "").split(" ").filter(Boolean);
const OTHER = "other";
let edit = 0;

const queue = new DiaryQueue(owner, inputOf(form, "csrf_token").value, show, (answer) => {
  if (answer.ok && !queue.outbox.waiting.length) refresh();
});

/** @param {string} words */
function say(words) {
  told.textContent = words;
  told.hidden = false;
}

/** @param {string} name */
const chosen = (name) => form.querySelector(`input[name="${name}"]:checked`);
/** @param {string} name */
const typed = (name) => {
  const field = form.elements.namedItem(name);
  return field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement ? field.value.trim() : "";
};

/** What is in the form, or what is missing in it, in words. */
function written() {
  const item = chosen("item");
  if (!(item instanceof HTMLInputElement)) return gettext("Choose what you did");
  const felt = chosen("felt");
  const minutes = typed("minutes");
  if (minutes && !/^\d{1,3}$/.test(minutes)) return gettext("Write the minutes as a number from 0 to 720");
  const what = item.value === OTHER ? typed("what") : (item.labels?.[0]?.textContent ?? "").trim();
  if (!what) return gettext("Write what you did");
  if (!typed("day")) return gettext("Choose the day");
  return {
    edit,
    day: typed("day"),
    item: item.value,
    what,
    minutes: minutes ? Number(minutes) : null,
    felt: felt instanceof HTMLInputElement ? felt.value : "",
    note: typed("note"),
    device_day: today(),
    url,
  };
}

function clear() {
  form.reset();
  edit = 0;
  inputOf(form, "key").value = newKey();
  inputOf(form, "day").value = today();
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const entry = written();
  if (typeof entry === "string") {
    say(entry);
    return;
  }
  const key = inputOf(form, "key").value || newKey();
  clear();
  const answer = await queue.outbox.put(key, entry);
  if (answer.ok) {
    say(gettext("Saved. Thank you for writing it down."));
    postDraft("/drafts/drop", { address: new URL(form.action).pathname }).catch(() => {});
    await refresh();
  } else if (answer.away) say(gettext("Kept on this device. We send it when you are connected and signed in."));
  else say(gettext("Not saved yet. %(why)s", { why: answer.error ?? "" }));
});

/** The writer changes what has not gone. @param {Entry} entry */
function change(entry) {
  inputOf(form, "key").value = entry.key;
  edit = entry.edit + 1;
  for (const [name, value] of Object.entries({ item: entry.item, felt: entry.felt })) {
    const choice = form.querySelector(`input[name="${name}"][value="${CSS.escape(value)}"]`);
    if (choice instanceof HTMLInputElement) choice.checked = true;
  }
  const fields = { what: entry.what, minutes: entry.minutes ?? "", day: entry.day, note: entry.note };
  for (const [name, value] of Object.entries(fields)) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) field.value = String(value);
  }
  form.scrollIntoView();
}

/** Thursday 11 February 2027, for an ISO date. @param {string} day */
const dayInWords = (day) =>
  new Date(`${day}T12:00`).toLocaleDateString(language, {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
  });

/** @param {Entry} entry */
function row(entry) {
  const minutes = entry.minutes === null ? "" : `, ${ngettext("%(num)s minute", "%(num)s minutes", entry.minutes)}`;
  const look = "btl-btn btl-btn--line btl-btn--small";
  const day = dayInWords(entry.day);
  const more = make("span", { class: "nhsuk-u-visually-hidden" }, `: ${entry.what}, ${day}`);
  const again = more.cloneNode(true);
  return make(
    "div",
    { class: "btl-under" },
    make("p", { class: "btl-p" }, `${day}: `, make("strong", {}, make("bdi", {}, entry.what)), minutes),
    entry.note && make("p", { class: "btl-p btl-said" }, entry.note),
    entry.error && make("p", { class: "btl-note btl-note--wait" }, entry.error),
    make(
      "div",
      { class: "btl-actions" },
      make("button", { type: "button", class: look, on: { click: () => change(entry) } }, gettext("Change"), more),
      make(
        "button",
        { type: "button", class: look, on: { click: () => queue.outbox.drop(entry.key) } },
        gettext("Delete"),
        again,
      ),
    ),
  );
}

function show() {
  const { entries } = queue.outbox;
  waiting.hidden = entries.length === 0;
  find(waiting, "div").replaceChildren(...entries.map(row));
}

/** The list as the service has it now. */
async function refresh() {
  const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const list = page.querySelector("#diary-list");
  if (list) find(document, "#diary-list").replaceWith(list);
  if (keptFor() === madeFor) await keepPages(madeFor, PAGES);
}

function showKept() {
  const kept = keptFor() === madeFor;
  keptWords.textContent = kept
    ? gettext("Your diary and your week are kept on this device. You can read and write them without internet.")
    : gettext("No internet on the way? Keep your diary and your week on this device. Do this on your own phone only.");
  keepButton.textContent = kept ? gettext("Do not keep them here") : gettext("Keep them on this device");
}

keepButton.addEventListener("click", async () => {
  if (keptFor() === madeFor) await dropPages();
  else if (!(await keepPages(madeFor, PAGES))) say(gettext("We could not keep the pages. Please try again."));
  showKept();
});

if (!inputOf(form, "day").matches("[aria-invalid]")) inputOf(form, "day").value = today();
keeper.hidden = !canKeep();
show();
showKept();
if (queue.outbox.waiting.length) queue.outbox.flush();
if (keptFor() === madeFor && navigator.onLine) keepPages(madeFor, PAGES);
