/* Merge patches (RFC 7396): the small messages that keep the page's copy of the room up to date. */

/** @typedef {Record<string, unknown>} Plain An object of JSON, by its keys. */

/**
 * Apply `patch` to `target` in place and return it; null removes.
 * @template {object} T
 * @param {T} target
 * @param {object} patch
 * @returns {T}
 */
export function mergePatch(target, patch) {
  const into = /** @type {Plain} */ (target);
  for (const [key, value] of Object.entries(patch)) {
    const there = into[key];
    if (value === null) delete into[key];
    else if (isPlain(value)) into[key] = mergePatch(isPlain(there) ? there : {}, value);
    else into[key] = value;
  }
  return target;
}

/** @param {unknown} value @returns {value is Plain} */
function isPlain(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
