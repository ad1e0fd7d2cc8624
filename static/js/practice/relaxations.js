/* Relaxations: each can be kept on this device, to play it without a link. */

import { find } from "../shared/dom.js";
import { canKeep, dropSound, hasSound, keepPages, keepSound } from "./kept-pages.js";

const list = find(document, "#relaxations");
const told = find(document, "#sound-told");
const { madeFor = "" } = document.body.dataset;
const pages = (list.dataset.pages ?? "").split(" ").filter(Boolean);

/** @param {HTMLButtonElement} button @param {boolean} kept */
function show(button, kept) {
  find(button, "[data-keep]").hidden = kept;
  find(button, "[data-kept]").hidden = !kept;
  button.setAttribute("aria-pressed", String(kept));
}

for (const button of list.querySelectorAll("button")) {
  const { sound } = button.dataset;
  if (!canKeep() || !sound) continue;
  button.hidden = false;
  hasSound(sound).then((kept) => show(button, kept));
  button.addEventListener("click", async () => {
    told.hidden = true;
    button.disabled = true;
    if (await hasSound(sound)) await dropSound(sound);
    else if (!(await keepPages(madeFor, pages)) || !(await keepSound(sound))) {
      told.textContent = told.dataset.failed ?? "";
      told.hidden = false;
    }
    button.disabled = false;
    show(button, await hasSound(sound));
  });
}
