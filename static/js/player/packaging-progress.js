/* The page where staff look after videos: how far each one is, every two seconds while something is going on. */

import { find } from "../shared/dom.js";

const EVERY_MS = 2000;

/**
 * @typedef {object} Progress One video on its way, as the server tells of it.
 * @property {string} id
 * @property {boolean} busy
 * @property {string} words
 * @property {string} tag
 * @property {number} percent
 * @property {boolean} watch
 * @property {string} trouble
 * @property {boolean} draft
 * @property {boolean} can_cancel
 */

/** @param {HTMLElement} row @param {Progress} state */
function show(row, state) {
  /** @param {string} name */
  const part = (name) => find(row, `[data-part="${name}"]`);
  row.dataset.busy = state.busy ? "yes" : "no";
  part("words").textContent = state.words;
  part("words").className = `btl-tag${state.tag ? ` btl-tag--${state.tag}` : ""}`;
  part("bar").hidden = !state.busy;
  find(row, "progress", HTMLProgressElement).value = state.percent;
  part("percent").textContent = `${state.percent}%`;
  for (const name of ["watch", "captions"]) part(name).hidden = !state.watch;
  part("draft").hidden = !state.draft;
  row.querySelector('[data-part="cancel"]')?.toggleAttribute("hidden", !state.can_cancel);
  part("trouble").textContent = state.trouble ? `${state.trouble} Load this page again to try once more.` : "";
  part("trouble").hidden = !state.trouble;
}

/** @param {HTMLElement} list @param {string} address */
async function look(list, address) {
  if (!document.hidden) {
    const answer = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
    const states = /** @type {Progress[]} */ (answer?.ok ? await answer.json() : []);
    for (const state of states) {
      const row = list.querySelector(`[data-video="${state.id}"]`);
      if (row instanceof HTMLElement && row.dataset.busy === "yes") show(row, state);
    }
  }
  goOn(list);
}

/** @param {HTMLElement} list */
function goOn(list) {
  const { progress } = list.dataset;
  if (progress && list.querySelector('[data-busy="yes"]')) setTimeout(() => look(list, progress), EVERY_MS);
}

const list = document.getElementById("videos");
if (list) goOn(list);
