/* Notes are saved while you type. Words that did not reach us stay on this device until they do. A newer note from
   another device is never written over: both are shown, nothing is sent, and you choose. */

import { find, make } from "../shared/dom.js";
import { inputOf, parametersOf } from "../shared/form-data.js";
import { onDevice } from "../shared/store.js";
import { gettext } from "../shared/words.js";

/** @typedef {{words: string, seen: string | null}} Left Words, and the version of the note they were written over. */

const form = find(document, "#notes", HTMLFormElement);
const saved = find(document, "#notes-saved");
const words = find(form, "textarea", HTMLTextAreaElement);
const seen = inputOf(form, "seen");
const { store = "" } = form.dataset;
const AFTER_MS = 1000;
const AGAIN_MS = 5000;
let timer = 0;
let changed = false;
let choosing = false;

/** @param {number} wait */
const later = (wait) => {
  clearTimeout(timer);
  timer = setTimeout(save, wait);
};
const keepHere = () => onDevice.write(store, { words: words.value, seen: seen.value });

function change() {
  changed = true;
  keepHere();
  if (!choosing) later(AFTER_MS);
}

async function save() {
  if (!changed || choosing) return;
  clearTimeout(timer);
  changed = false;
  try {
    const headers = { Accept: "application/json", "X-CSRFToken": inputOf(form, "csrf_token").value };
    const answer = await fetch(form.action, { method: "POST", keepalive: true, headers, body: parametersOf(form) });
    const told = await answer.json();
    if (answer.status === 409 && told.seen !== undefined) {
      choose(words.value, told.words, told.seen);
      return;
    }
    if (!answer.ok) throw new Error(told.error);
    seen.value = told.seen;
    saved.textContent = gettext("%(saved)s We save as you type.", { saved: String(told.saved) });
    if (!changed) onDevice.drop(store);
    else keepHere();
  } catch (problem) {
    changed = true;
    const told = problem instanceof Error && !(problem instanceof TypeError) ? problem.message : "";
    const why = told || gettext("You are not connected.");
    saved.textContent = gettext("Not saved yet. %(why)s Your words stay on this device, and we try again.", { why });
    later(AGAIN_MS);
  }
}

/**
 * Two notes: the one from here, and a newer one. Nothing leaves this device before one is chosen.
 * @param {string} mine
 * @param {string} newer
 * @param {string} version The newer one's.
 */
function choose(mine, newer, version) {
  choosing = true;
  words.readOnly = true;
  /** @param {string} label @param {string} text @param {boolean} send */
  const button = (label, text, send) => {
    const press = () => {
      note.remove();
      choosing = words.readOnly = false;
      words.value = text;
      seen.value = version;
      words.focus();
      if (send) {
        change();
        save();
        return;
      }
      changed = false;
      onDevice.drop(store);
      saved.textContent = gettext("We kept the newer note. We save as you type.");
    };
    return make(
      "button",
      { type: "button", class: "btl-btn btl-btn--line btl-btn--small", on: { click: press } },
      label,
    );
  };
  const note = make(
    "div",
    { class: "btl-note btl-note--wait btl-kept", role: "alert" },
    make("p", {}, gettext("You have two notes. Only you can see this one yet. It is from this device:")),
    make("p", { class: "btl-kept__words" }, mine),
    make("p", {}, gettext("This one is newer, from another device:")),
    make("p", { class: "btl-kept__words" }, newer),
    make(
      "div",
      { class: "btl-actions" },
      button(gettext("Keep the newer note"), newer, false),
      button(gettext("Keep the note from this device"), mine, true),
      button(gettext("Keep both"), `${newer}\n\n${mine}`, true),
    ),
  );
  form.before(note);
  saved.textContent = gettext("Choose which note to keep.");
}

/**
 * What is left from before: words with the note they were written over. Older pages kept the words alone.
 * @returns {Left | null}
 */
function leftHere() {
  const text = onDevice.get(store);
  if (text === null) return null;
  try {
    const left = JSON.parse(text);
    if (typeof left?.words === "string") return left;
  } catch {
    /* the words alone */
  }
  return { words: text, seen: null };
}

const left = leftHere();
if (left !== null && left.words === words.value) onDevice.drop(store);
else if (left !== null) {
  if (left.seen === seen.value || !words.value) {
    words.value = left.words;
    change();
  } else choose(left.words, words.value, seen.value);
}
form.addEventListener("input", change);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  save();
});
window.addEventListener("online", save);
window.addEventListener("pagehide", save);
document.addEventListener("visibilitychange", () => {
  if (document.hidden) save();
});
