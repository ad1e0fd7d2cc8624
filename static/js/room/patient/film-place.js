/* Where in the film the group is, and how far to go to be in step. Pure. The server computes the same in playback.py. */

const JUMP_S = 0.35;
const EXACT_S = 0.04;
const FASTEST = 0.1;

/** @import { FilmState } from "../state.js" */

/**
 * Seconds into the film at `nowMs` on the server's clock; never beyond its end.
 * @param {Pick<FilmState, "at_ms" | "since_ms" | "duration_ms" | "playing">} film
 * @param {number} nowMs
 */
export function placeAt(film, nowMs) {
  const ran = film.playing ? Math.max(0, nowMs - film.since_ms) : 0;
  return Math.max(0, Math.min(film.duration_ms, film.at_ms + ran)) / 1000;
}

/**
 * What brings a player that is `behind` seconds late (early when negative) into step: a jump, or a little faster.
 * @param {number} behind
 * @param {boolean} playing
 */
export function step(behind, playing) {
  if (!playing) return { jump: Math.abs(behind) > EXACT_S, rate: 1 };
  if (Math.abs(behind) > JUMP_S) return { jump: true, rate: 1 };
  const rate = Math.abs(behind) < EXACT_S ? 1 : 1 + Math.max(-FASTEST, Math.min(FASTEST, behind / 2));
  return { jump: false, rate };
}
