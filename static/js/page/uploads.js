/* Before a file is sent we ask whether it will be taken; while it is on its way, that is being here. */

import { make } from "../shared/dom.js";
import { gettext } from "../shared/words.js";
import { postDraft } from "./post-draft.js";

const BEAT_MS = 4 * 60 * 1000;
const ready = () => postDraft("/drafts/ready", {}).catch(() => null);

/** @param {HTMLFormElement} form */
export function watchUpload(form) {
  let asked = false;
  form.addEventListener("submit", async (event) => {
    if (asked || !hasFile(form)) return;
    event.preventDefault();
    const answer = await ready();
    if (answer?.ok) {
      asked = true;
      setInterval(ready, BEAT_MS);
      form.requestSubmit(event.submitter);
    } else if (answer) {
      const link = make("a", { href: "/staff/sign-in", target: "_blank" }, gettext("Sign in in a new tab"));
      const after = gettext(", come back here, and press the button again. Your file is still chosen.");
      lineOf(form).replaceChildren(gettext("You were signed out, so nothing was sent yet. "), link, after);
    } else {
      const words = gettext("You are not connected, so nothing was sent. Your file is still chosen. Try again soon.");
      lineOf(form).textContent = words;
    }
  });
}

/** @param {HTMLFormElement} form */
function hasFile(form) {
  return [...form.querySelectorAll("input")].some((each) => each.files?.length);
}

/**
 * Where the form says why it was not sent.
 * @param {HTMLFormElement} form
 */
function lineOf(form) {
  const there = form.querySelector("[data-not-sent]");
  if (there) return there;
  const made = make("p", { class: "btl-note btl-note--alert", role: "alert", "data-not-sent": true });
  form.append(made);
  return made;
}
