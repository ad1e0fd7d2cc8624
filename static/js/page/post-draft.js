/* How a page's form talks to us while it is being filled in. */

/**
 * @param {string} address
 * @param {object} told
 * @param {RequestInit} [more]
 */
export function postDraft(address, told, more) {
  const { csrf = "" } = document.body.dataset;
  const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrf };
  return fetch(address, { method: "POST", headers, body: JSON.stringify(told), ...more });
}
