/* Entries of the practice diary on their way to us, each under a key of its own: one that is sent twice is one entry. */

import { agoOf, Outbox } from "../shared/outbox.js";
import { onDevice } from "../shared/store.js";

export const PREFIX = "practice:";
const RETRY_MS = 15000;
const MOST = 50;

/**
 * One entry as its writer gave it. `edit` counts how often it was changed on this device, `device_day` is its day there.
 * @typedef {object} Written
 * @property {number} edit
 * @property {string} day
 * @property {string} item
 * @property {string} what
 * @property {number | null} minutes
 * @property {string} felt
 * @property {string} note
 * @property {string} device_day
 * @property {string} url
 */
/** @typedef {import("../shared/outbox.js").Entry<Written>} Entry */
/** @typedef {import("../shared/verdict.js").Answer} Answer */

/** Today on this device, as an ISO date. */
export function today(now = new Date()) {
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

export const newKey = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export class DiaryQueue {
  /**
   * @param {string} owner Whose diary it is: on a shared device nobody sends another one's words.
   * @param {string} token
   * @param {() => void} [changed] Something was kept, went, or was given back.
   * @param {(answer: Answer) => void} [settled] Something from before went by itself, or was refused.
   */
  constructor(owner, token, changed = () => {}, settled = () => {}) {
    this.token = token;
    /** @type {Outbox<Written>} */
    this.outbox = new Outbox(onDevice, {
      prefix: () => `${PREFIX}${owner}:`,
      send: (entries) => this.send(entries),
      every: RETRY_MS,
      most: MOST,
      keepsReturned: true,
      changed,
      settled: (_, answer) => settled(answer),
    });
    window.addEventListener("online", () => this.outbox.flush());
  }

  /**
   * What the service does not name stays here.
   * @param {Entry[]} entries
   * @returns {Promise<Answer[]>}
   */
  async send(entries) {
    const stay = entries.map(() => ({ ok: false, away: true }));
    const sent = entries.map((entry) => ({
      key: entry.key,
      edit: entry.edit,
      day: entry.day,
      item: entry.item,
      what: entry.what,
      minutes: entry.minutes,
      felt: entry.felt,
      note: entry.note,
      device_day: entry.device_day,
      ago: agoOf(entry),
    }));
    const answer = await fetch(entries[0]?.url ?? "", {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.token },
      body: JSON.stringify({ entries: sent }),
    }).catch(() => null);
    if (!answer?.ok) return stay;
    /** @type {{saved?: string[], refused?: Record<string, {error: string}>}} */
    const { saved = [], refused = {} } = await answer.json().catch(() => ({}));
    return entries.map(({ key }) => {
      if (saved.includes(key)) return { ok: true };
      const why = refused[key];
      return why ? { ok: false, status: 400, error: why.error } : { ok: false, away: true };
    });
  }
}
