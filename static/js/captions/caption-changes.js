/* What can be done to a list of captions. Each answers with a new list and leaves the old one as it was. */

/** @typedef {import("./caption-times.js").Caption} Caption */
/** @typedef {{captions: Caption[], at: number}} Changed The new list, and where in it to go on. */

const NEW_MS = 3000;

/** @param {Caption[]} captions */
export const sorted = (captions) =>
  captions.toSorted((one, two) => one.start_ms - two.start_ms || one.end_ms - two.end_ms);

/**
 * A caption without words from `start_ms` to the next one, at most three seconds.
 * @param {Caption[]} captions @param {number} start_ms
 * @returns {Changed}
 */
export function added(captions, start_ms) {
  const next = captions.find((each) => each.start_ms > start_ms);
  const end_ms = Math.min(start_ms + NEW_MS, next?.start_ms ?? Number.POSITIVE_INFINITY);
  const fresh = { start_ms, end_ms, text: "", settings: "" };
  const list = sorted([...captions, fresh]);
  return { captions: list, at: list.indexOf(fresh) };
}

/** @param {Caption[]} captions @param {number} at @returns {Changed} */
export const removed = (captions, at) => ({
  captions: captions.toSpliced(at, 1),
  at: Math.min(at, captions.length - 2),
});

/**
 * One caption out of this one and the next.
 * @param {Caption[]} captions @param {number} at
 * @returns {Changed}
 */
export function joined(captions, at) {
  const [one, two] = captions.slice(at, at + 2);
  if (!one || !two) return { captions, at };
  const text = [one.text, two.text].filter((each) => each.trim()).join("\n");
  return { captions: captions.toSpliced(at, 2, { ...one, end_ms: Math.max(one.end_ms, two.end_ms), text }), at };
}

/**
 * Two captions out of one: the words at `place` in its text, or else in the middle; the time at `now_ms` where that is
 * inside it, or else by the share of its words.
 * @param {Caption[]} captions @param {number} at @param {number} place @param {number} now_ms
 * @returns {Changed}
 */
export function split(captions, at, place, now_ms) {
  const one = captions[at];
  if (!one) return { captions, at };
  const inside = place > 0 && place < one.text.length;
  const cut = inside ? place : middle(one.text);
  const share = one.text.length ? cut / one.text.length : 0.5;
  const within = now_ms > one.start_ms && now_ms < one.end_ms;
  const time = within ? now_ms : Math.round(one.start_ms + (one.end_ms - one.start_ms) * share);
  const first = { ...one, end_ms: time, text: one.text.slice(0, cut).trim() };
  const second = { ...one, start_ms: time, text: one.text.slice(cut).trim() };
  return { captions: captions.toSpliced(at, 1, first, second), at: at + 1 };
}

/**
 * The place between two words that is nearest to the middle.
 * @param {string} text
 */
function middle(text) {
  const half = text.length / 2;
  const spaces = [...text.matchAll(/\s+/g)].map((each) => each.index);
  return spaces.reduce((best, each) => (Math.abs(each - half) < Math.abs(best - half) ? each : best), text.length);
}

/**
 * Which captions are shown at `now_ms`.
 * @param {Caption[]} captions @param {number} now_ms
 */
export const shownAt = (captions, now_ms) => captions.filter((each) => each.start_ms <= now_ms && now_ms < each.end_ms);
