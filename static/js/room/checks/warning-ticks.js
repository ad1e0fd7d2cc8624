/* Warning signs on the page before a session: each tick is sent at once, so that it is kept also when its person goes to
   get help instead of joining. Without this script the form carries the ticks. */

import { find } from "../../shared/dom.js";
import { renew } from "../../shared/sending.js";
import { gettext } from "../../shared/words.js";

const AGAIN_MS = 2500;
const TOLD = gettext("Your team can see this.");
const WAITING = gettext("We could not reach your team yet. We keep trying.");

/** @param {HTMLFormElement} form @param {string} address where a tick is sent */
export function sendTicks(form, address) {
  /** @type {Map<string, number>} How often each box was turned. */
  const newest = new Map();
  form.addEventListener("change", async ({ target: box }) => {
    if (!(box instanceof HTMLInputElement) || box.name !== "flags") return;
    const turn = (newest.get(box.value) ?? 0) + 1;
    newest.set(box.value, turn);
    const told = box.closest("label")?.nextElementSibling?.querySelector("[data-told]");
    while (newest.get(box.value) === turn) {
      const taken = await send(form, address, box);
      if (told && newest.get(box.value) === turn) told.textContent = taken ? TOLD : WAITING;
      if (taken) return;
      await new Promise((done) => setTimeout(done, AGAIN_MS));
    }
  });
}

/**
 * Whether the server has taken the tick. If the page's key is of an earlier sign-in, the next try has a fresh one.
 * @param {HTMLFormElement} form
 * @param {string} address
 * @param {HTMLInputElement} box
 */
async function send(form, address, box) {
  const body = new FormData();
  body.set("csrf_token", find(form, "input[name=csrf_token]", HTMLInputElement).value);
  body.set("sign", box.value);
  if (box.checked) body.set("ticked", "y");
  try {
    const answer = await fetch(address, {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
      keepalive: true,
    });
    if ([400, 403].includes(answer.status)) await renew(form);
    return answer.ok;
  } catch {
    return false;
  }
}
