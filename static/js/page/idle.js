/* Staff are signed out after half an hour without anything happening. Two minutes before, the page says so. Whoever does
   something here is not idle, also where nothing of it is sent by itself; what is typed is kept in any case. */

import { make } from "../shared/dom.js";
import { onDevice } from "../shared/store.js";

const WARN_MS = 28 * 60_000;
const OVER_MS = 30 * 60_000;
const SAY_EVERY_MS = 5 * 60_000;
const LOOK_EVERY_MS = 5_000;
const SEEN = "seen-at"; // of all tabs: they share one sign-in
const { stillHere = "", answered } = document.body.dataset;

/** @type {HTMLDialogElement | null} */
let sheet = null;
const seen = () => onDevice.set(SEEN, String(Date.now()));
const quiet = () => Date.now() - Number(onDevice.get(SEEN) ?? 0);

function close() {
  sheet?.close();
  sheet?.remove();
  sheet = null;
}

/** Tells us that somebody is here. Where the sign-in has ended, the page goes to where one signs in. */
async function say() {
  seen();
  const answer = await fetch(stillHere, { headers: { Accept: "application/json" } }).catch(() => null);
  if (answer?.status === 403) leave();
}

function stay() {
  close();
  say();
}

function leave() {
  location.replace(answered === undefined ? `${location.pathname}${location.search}` : "/");
}

function warn() {
  sheet = make(
    "dialog",
    { class: "btl-leaving", "aria-labelledby": "idle-title" },
    make("h2", { id: "idle-title", class: "btl-h2" }, "Are you still there?"),
    make("p", { class: "btl-p" }, "You will be signed out in two minutes. What you typed is kept."),
    make("button", { type: "button", class: "btl-btn", on: { click: stay } }, "Stay signed in"),
  );
  sheet.addEventListener("cancel", stay);
  document.body.append(sheet);
  sheet.showModal();
}

async function over() {
  clearInterval(looking);
  await /** @type {{keepDrafts?: () => Promise<unknown>}} */ (/** @type {unknown} */ (window)).keepDrafts?.();
  leave();
}

function look() {
  if (quiet() < WARN_MS) close();
  else if (quiet() >= OVER_MS) over();
  else if (!sheet) warn();
}

seen();
const looking = setInterval(look, LOOK_EVERY_MS);
for (const happened of ["keydown", "pointerdown", "wheel"]) {
  const doing = () => {
    if (!sheet && quiet() > SAY_EVERY_MS && quiet() < WARN_MS) say();
  };
  window.addEventListener(happened, doing, { passive: true });
}
