/* Answers on their way to us, each under a key of its own: an answer sent twice is one answer. */

import { agoOf, Outbox } from "../shared/outbox.js";
import { inTab, onDevice } from "../shared/store.js";

const PREFIX = "answer:";
const RETRY_MS = 15000;

/**
 * One answer. `url` is where its form takes answers; `after` is the key of the answer that this page knew before.
 * @typedef {object} Given
 * @property {string} response
 * @property {string} url
 * @property {string} question
 * @property {string | number | null} value
 * @property {string} [after]
 */
/** @typedef {import("../shared/outbox.js").Entry<Given>} Entry */

/**
 * The server's word on what it was sent: the keys it has, and for the keys it refused the reason.
 * @typedef {object} Reply
 * @property {string[]} saved
 * @property {Record<string, string>} refused
 * @property {string} [saved_at]
 * @property {string} [closed]
 * @property {string} [support] Where whoever answers should go now.
 */
/**
 * What happened: "kept" without a link, "stuck" with the server's words, "saved" with its reply.
 * @typedef {{what: "kept", entries: Entry[]}
 *   | {what: "stuck", entries: Entry[], message?: string}
 *   | {what: "saved", entries: Entry[]} & Reply} News
 */

/* A device's clock may jump: the key of the answer that stood before says which of two is the newer. */
const known = {
  /** @param {string} prefix @param {Given} given */
  name: (prefix, { response, question }) => `known-${prefix}${response}:${question}`,
  /** @param {string} prefix @param {Given} given */
  get: (prefix, given) => inTab.get(known.name(prefix, given)) ?? "",
  /** @param {string} prefix @param {Given} given @param {string} key */
  set: (prefix, given, key) => inTab.set(known.name(prefix, given), key),
};

const newKey = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export class AnswerQueue {
  /**
   * @param {string} owner Who answers: on a shared device nobody sends another one's answers.
   * @param {string} token
   * @param {(news: News) => void} tell Hears what happened.
   */
  constructor(owner, token, tell) {
    this.prefix = `${PREFIX}${owner}:`;
    this.token = token;
    this.tell = tell;
    /** @type {Outbox<Given>} */
    this.outbox = new Outbox(onDevice, {
      prefix: () => this.prefix,
      send: (entries) => this.send(entries),
      every: RETRY_MS,
      lane: ({ url }) => url,
      most: Number.POSITIVE_INFINITY,
    });
    window.addEventListener("online", () => this.flush());
  }

  /**
   * What is kept here, oldest first; only for one form when `response` is given.
   * @param {string} [response]
   */
  waiting(response) {
    return this.outbox.waiting.filter((entry) => !response || entry.response === response);
  }

  /** @param {string} response @param {string} url @param {string} question @param {string | number | null} value */
  add(response, url, question, value) {
    const key = newKey();
    const given = { response, url, question, value };
    const after = known.get(this.prefix, given);
    known.set(this.prefix, given, key);
    return this.outbox.put(key, { ...given, after });
  }

  /** Send everything kept. Resolves to whether nothing is left. */
  async flush() {
    await this.outbox.flush();
    return this.waiting().length === 0;
  }

  /**
   * Send what waits for one form. What the server does not name stays here.
   * @param {Entry[]} entries
   * @returns {Promise<import("../shared/verdict.js").Answer[]>}
   */
  async send(entries) {
    const stay = entries.map(() => ({ ok: false, away: true }));
    const answers = entries.map((entry) => ({
      key: entry.key,
      question: entry.question,
      value: entry.value,
      ago: agoOf(entry),
      after: entry.after ?? "",
    }));
    const reply = await fetch(entries[0]?.url ?? "", {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.token },
      body: JSON.stringify({ answers }),
    }).catch(() => null);
    if (!reply) {
      this.tell({ what: "kept", entries });
      return stay;
    }
    const body = /** @type {Partial<Reply> & {error?: string}} */ (await reply.json().catch(() => ({})));
    const { saved, refused = {} } = body;
    if (!reply.ok || !saved) {
      this.tell({ what: "stuck", entries, message: body.error });
      return stay;
    }
    this.tell({ what: "saved", entries, ...body, saved, refused });
    return entries.map(({ key }) => {
      if (saved.includes(key)) return { ok: true };
      return key in refused ? { ok: false, status: 400, error: refused[key] } : { ok: false, away: true };
    });
  }
}
