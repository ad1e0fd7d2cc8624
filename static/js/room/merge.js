/* Merge patches (RFC 7396): the small messages that keep the page's copy of the room up to date. */

/** Apply `patch` to `target` in place and return it; null removes. */
export function mergePatch(target, patch) {
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete target[key];
    else if (isPlain(value)) target[key] = mergePatch(isPlain(target[key]) ? target[key] : {}, value);
    else target[key] = value;
  }
  return target;
}

function isPlain(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
