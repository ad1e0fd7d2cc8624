/* A form sent by script: what the service said to it. */

import { gettext } from "./words.js";

const NO_LINK = gettext("We could not reach the service. Your words are still here: press Save again.");

/**
 * What is wrong, in words; empty once it is saved. `answered` is false where nobody answered.
 * @param {string} where
 * @param {Record<string, string>} fields
 * @param {string} csrf
 * @returns {Promise<{ wrong: string, answered: boolean }>}
 */
export async function postForm(where, fields, csrf) {
  try {
    const headers = { "X-CSRFToken": csrf, Accept: "application/json" };
    const answer = await fetch(where, { method: "POST", headers, body: new URLSearchParams(fields) });
    const said = await answer.json();
    return { wrong: answer.ok ? "" : (said.error ?? NO_LINK), answered: true };
  } catch {
    return { wrong: NO_LINK, answered: false };
  }
}
