/* A form on its way before the session: kept on the page until the server has it, sent again by itself. Without this
   script it is sent as any form is. */

import { gettext } from "./words.js";

const AGAIN_MS = 2500;
const KEPT = gettext("Saved on this device. We send it by itself as soon as we can. Keep this page open.");
const BACK = gettext(
  "What you filled in is still here. Open the link in your message in a new tab, then come back and press again.",
);
const SIGNED_OUT = gettext("You are not signed in any more. %(back)s", { back: BACK });
const SOMEBODY_ELSE = gettext("Somebody else is signed in on this device now, so nothing was sent. %(back)s", {
  back: BACK,
});

/** @typedef {"fresh" | "signed out" | "somebody else" | "away"} Key What became of the form's key. */
/** @typedef {"taken" | "stale" | "away" | "refused"} Reply What the server made of the form. */

/**
 * Have `form` sent by this page, and go to `onward` when it was taken. `note` says so while it has to wait.
 * @param {HTMLFormElement} form
 * @param {HTMLElement} note
 * @param {string} onward
 */
export function sendPatiently(form, note, onward) {
  let sending = false;
  form.addEventListener("submit", async (event) => {
    if (form.querySelector("input[type=radio]:invalid")) return; // a choice is not made: the server's page says which
    event.preventDefault();
    if (sending) return;
    sending = true;
    const pressed = event.submitter;
    const answer = await deliver(form, pressed, note);
    sending = false;
    if (answer === "taken") location.assign(onward);
    else if (answer === "signed out") note.textContent = SIGNED_OUT;
    else if (answer === "somebody else") note.textContent = SOMEBODY_ELSE;
    else sendPlainly(form, pressed);
  });
}

/**
 * Send until there is an answer; the sign-in may end while the page waits, so its key is taken anew after each wait.
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} pressed
 * @param {HTMLElement} note
 * @returns {Promise<Reply | Key>}
 */
async function deliver(form, pressed, note) {
  let renewed = false;
  for (;;) {
    const answer = await send(form, pressed);
    if (answer === "stale" && !renewed) {
      const key = await renew(form);
      if (key === "signed out" || key === "somebody else") return key;
      renewed = key === "fresh";
      if (renewed) continue;
    } else if (answer !== "away") return answer;
    else renewed = false;
    note.textContent = KEPT;
    await new Promise((done) => setTimeout(done, AGAIN_MS));
  }
}

/**
 * Asked as a script, the server says that the sign-in has ended. Asked as a browser it leads to the sign-in, and a
 * script cannot tell that redirect from the one that says "taken".
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} pressed
 * @returns {Promise<Reply>}
 */
async function send(form, pressed) {
  try {
    const headers = { Accept: "application/json" };
    const body = new FormData(form, pressed);
    const answer = await fetch(form.action, { method: "POST", headers, body, redirect: "manual" });
    if (answer.type === "opaqueredirect") return "taken";
    const page = answer.headers.get("Content-Type")?.startsWith("text/html"); // which says what is wrong on the form
    if ([400, 403].includes(answer.status) && !page) return "stale";
    return answer.status >= 500 || answer.status === 429 ? "away" : "refused";
  } catch {
    return "away";
  }
}

/**
 * Perhaps its writer has signed in anew elsewhere: take the key of a fresh page. What one person wrote is not sent as
 * another.
 * @param {HTMLFormElement} form
 * @returns {Promise<Key>}
 */
export async function renew(form) {
  try {
    const answer = await fetch(location.href, { redirect: "manual" });
    if (answer.status >= 500 || answer.status === 429) return "away";
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const key = /** @type {HTMLInputElement | null} */ (page.querySelector("input[name=csrf_token]"));
    if (!key) return "signed out";
    if (page.body.dataset.madeFor !== document.body.dataset.madeFor) return "somebody else";
    const own = /** @type {HTMLInputElement} */ (form.elements.namedItem("csrf_token"));
    own.value = key.value;
    return "fresh";
  } catch {
    return "away";
  }
}

/**
 * The page that says why comes from the server.
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} pressed
 */
function sendPlainly(form, pressed) {
  if ((pressed instanceof HTMLButtonElement || pressed instanceof HTMLInputElement) && pressed.name) {
    const { name, value } = pressed;
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  form.submit();
}
