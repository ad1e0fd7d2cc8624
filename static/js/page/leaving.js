/* Before somebody logs out: what has not reached us is sent. What cannot be sent is asked about, and then nothing of it
   stays on this device for the next person to read. */

import { DiaryQueue } from "../practice/diary-queue.js";
import { dropPages, keptFor } from "../practice/kept-pages.js";
import { AnswerQueue } from "../questionnaire/answers-queue.js";
import { make } from "../shared/dom.js";
import { inputOf, parametersOf } from "../shared/form-data.js";
import { inTab, onDevice } from "../shared/store.js";
import { gettext } from "../shared/words.js";

const OURS = ["answer:", "note:", "practice:", "kept-"];
const OWNER = /^(?:answer|practice):(.*):[^:]+$/;

/** @param {string[]} starts */
const names = (starts) => onDevice.names().filter((name) => starts.some((start) => name.startsWith(start)));
/** @param {string | null} text */
const emptyNow = (text) => text === null || text === "{}" || text === "[]";
const unsent = () => names(OURS).filter((name) => !emptyNow(onDevice.get(name)));

/** @param {string} token */
async function sendAnswers(token) {
  const owners = names(["answer:"]).flatMap((name) => OWNER.exec(name)?.[1] ?? []);
  for (const owner of new Set(owners)) await new AnswerQueue(owner, token, () => {}).flush();
}

/** @param {string} token */
async function sendDiary(token) {
  const owners = names(["practice:"]).flatMap((name) => OWNER.exec(name)?.[1] ?? []);
  for (const owner of new Set(owners)) await new DiaryQueue(owner, token).outbox.flush();
}

/** Notes are sent by the page that they are written on; here only if this is that page. */
async function sendNote() {
  const form = document.getElementById("notes");
  if (!(form instanceof HTMLFormElement)) return;
  const { store = "" } = form.dataset;
  if (!onDevice.get(store)) return;
  const headers = { Accept: "application/json" };
  const sent = fetch(form.action, { method: "POST", headers, body: parametersOf(form) });
  const answer = await sent.catch(() => null);
  if (answer?.ok) onDevice.drop(store);
}

/** @param {HTMLFormElement} form */
function ask(form) {
  const stay = () => {
    sheet.close();
    sheet.remove();
  };
  const sheet = make(
    "dialog",
    { class: "btl-leaving", "aria-labelledby": "leaving-title" },
    make("h2", { id: "leaving-title", class: "btl-h2" }, gettext("Some of your words have not reached us")),
    make(
      "p",
      { class: "btl-p" },
      gettext(
        "They are on this device only. If you log out now, we delete them here, so that nobody else can read them.",
      ),
    ),
    make(
      "div",
      { class: "btl-actions" },
      make("button", { type: "button", class: "btl-btn", on: { click: stay } }, gettext("Stay logged in")),
      make(
        "button",
        { type: "button", class: "btl-btn btl-btn--line", on: { click: () => leave(form) } },
        gettext("Delete them and log out"),
      ),
    ),
  );
  document.body.append(sheet);
  sheet.showModal();
}

/** @param {HTMLFormElement} form */
async function leave(form) {
  for (const name of names(OURS)) onDevice.drop(name);
  inTab.clear();
  await dropPages().catch(() => {});
  form.submit();
}

const form = document.getElementById("log-out");
if (form instanceof HTMLFormElement) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await /** @type {{keepDrafts?: () => Promise<unknown>}} */ (/** @type {unknown} */ (window)).keepDrafts?.();
    await sendAnswers(inputOf(form, "csrf_token").value);
    await sendDiary(inputOf(form, "csrf_token").value);
    await sendNote();
    if (unsent().length) ask(form);
    else leave(form);
  });
}

/* On a shared device nobody reads another one's pages. */
const { madeFor = "" } = document.body.dataset;
if (keptFor() && madeFor && keptFor() !== madeFor) dropPages();
