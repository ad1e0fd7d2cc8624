/* What somebody gave us and the server does not have yet. One rule for all of it: each is kept under a key of its own,
   also when the page loads again, and goes once, the oldest first; what is refused is given back to whoever gave it.
   One entry a name in the store, so that two tabs never write over each other. Logging out clears it (page/leaving.js). */

import { verdictOf } from "./verdict.js";
import { gettext } from "./words.js";

const TOO_FAST_MS = 500;
const MOST_FAULTS = 3;
const NO_REASON = gettext("This was not sent.");

/** @typedef {import("./verdict.js").Answer} Answer */
/** @typedef {import("./store.js").Store} Store */

/**
 * What is noted beside what was given. `given` is the device's clock, `tick` and `turn` count within one page's `load`.
 * `error` says why it was given back; `faults` counts what the server got wrong with it in a row.
 * @typedef {{key: string, given: number, load: string, tick: number, turn?: number, faults?: number, error?: string}} Kept
 */
/**
 * @template {object} What
 * @typedef {What & Kept} Entry
 */

/**
 * @template {object} What
 * @typedef {object} Rule How one kind of thing goes.
 * @property {() => string} prefix Whose it is: the names in the store begin with this.
 * @property {(entries: Entry<What>[]) => Promise<Answer[]>} send Resolves to one answer for each. Never rejects.
 * @property {number} every Milliseconds after which what still waits is tried again.
 * @property {() => boolean} [ready] Whether trying again has a chance.
 * @property {(entry: Entry<What>) => string} [lane] What waits in one lane never holds up another.
 * @property {number} [most] How many of a lane go at once.
 * @property {boolean} [keepsReturned] Whether what is given back stays here until its writer has seen to it.
 * @property {() => void} [changed] Something was kept, went, or was given back.
 * @property {(entry: Entry<What>, answer: Answer) => void} [settled] It went by itself later, or was refused then.
 */

/* A device's clock may jump. Within one page time is counted by the browser's own steady clock. */
const LOAD = String(performance.timeOrigin);
let turns = 0;

/**
 * How long ago something was given, in seconds. To compare two, give both the same `now` of the page's steady clock.
 * @param {Kept} entry
 * @param {number} now
 */
export function agoOf({ given, load, tick }, now = performance.now()) {
  return Math.max(0, load === LOAD ? now - tick : Date.now() - given) / 1000;
}

/**
 * What is kept in `store` under names that begin with `prefix`, the oldest first.
 * @template {object} What
 * @param {Store} store
 * @param {string} prefix
 * @returns {Entry<What>[]}
 */
export function keptIn(store, prefix) {
  const now = performance.now();
  const names = store.names().filter((name) => name.startsWith(prefix));
  const entries = names.map((name) => store.read(name, /** @type {Entry<What> | null} */ (null)));
  return entries
    .filter((entry) => entry !== null)
    .filter((entry) => entry.key)
    .sort((one, other) => agoOf(other, now) - agoOf(one, now) || (one.turn ?? 0) - (other.turn ?? 0));
}

/** @template {object} What */
export class Outbox {
  /** @param {Store} store @param {Rule<What>} rule */
  constructor(store, rule) {
    this.store = store;
    this.rule = rule;
    /** Whether something waits for a reason that the person should know of. */
    this.stuck = false;
    /** @type {Promise<void> | null} */
    this.flushing = null;
    this.onceMore = false;
    /** @type {{key: string, turn: number, tell: (answer: Answer) => void}[]} */
    this.askers = [];
    const { ready = () => true } = rule;
    setInterval(() => {
      if (ready() && this.waiting.length) this.flush();
    }, rule.every);
  }

  get entries() {
    return /** @type {Entry<What>[]} */ (keptIn(this.store, this.rule.prefix()));
  }
  get waiting() {
    return this.entries.filter((entry) => !entry.error);
  }
  get returned() {
    return this.entries.filter((entry) => entry.error);
  }

  /**
   * Keep `what` and send it; the newest of one key counts. Resolves to the first answer; with `away` it is kept here.
   * @param {string} key
   * @param {What} what
   * @returns {Promise<Answer>}
   */
  put(key, what) {
    turns += 1;
    const turn = turns;
    this.write({ ...what, key, given: Date.now(), load: LOAD, tick: performance.now(), turn });
    this.rule.changed?.();
    return new Promise((tell) => {
      this.askers.push({ key, turn, tell });
      this.flush();
    });
  }

  /**
   * Change what is kept, where it stands.
   * @param {Entry<What>} entry
   */
  write(entry) {
    this.store.write(this.rule.prefix() + entry.key, entry);
  }

  /**
   * Whoever gave it does not want it any more, or the server has it.
   * @param {string} key
   */
  drop(key) {
    this.store.drop(this.rule.prefix() + key);
    this.rule.changed?.();
  }

  /** Send what waits. Runs once at a time; whoever comes meanwhile has one more try after it. */
  flush() {
    if (this.flushing) this.onceMore = true;
    this.flushing ??= this.deliver();
    return this.flushing;
  }

  async deliver() {
    try {
      do {
        this.onceMore = false;
        await this.deliverOnce();
      } while (this.onceMore);
    } finally {
      this.flushing = null; // in one step with the last look at `onceMore`, so that nobody comes in between
      for (const { tell } of this.askers.splice(0)) tell({ ok: true });
    }
  }

  async deliverOnce() {
    /** @type {Set<string>} */
    const shut = new Set();
    for (let now = this.next(shut); now.length; now = this.next(shut)) {
      const answers = await this.rule.send(now);
      const verdicts = now.map((entry, at) => this.settle(entry, answers[at] ?? { ok: false, away: true }));
      if (verdicts.includes("stuck")) for (const entry of now) shut.add(this.lane(entry));
      this.stuck = shut.size > 0;
      this.rule.changed?.();
      if (verdicts.includes("later")) await new Promise((done) => setTimeout(done, TOO_FAST_MS));
    }
    this.stuck = shut.size > 0;
    this.rule.changed?.();
  }

  /** @param {Entry<What>} entry */
  lane(entry) {
    return this.rule.lane?.(entry) ?? "";
  }

  /**
   * What goes next: the oldest of what waits in lanes that are not shut, and what goes with it.
   * @param {Set<string>} shut
   */
  next(shut) {
    const open = this.waiting.filter((entry) => !shut.has(this.lane(entry)));
    const [first] = open;
    if (!first) return [];
    return open.filter((entry) => this.lane(entry) === this.lane(first)).slice(0, this.rule.most ?? 1);
  }

  /**
   * What an answer means for one entry: it is "gone", or it stays: "later" to go soon, "stuck" until the next try.
   * @param {Entry<What>} entry
   * @param {Answer} answer
   */
  settle(entry, answer) {
    const verdict = verdictOf(answer);
    const faults = verdict === "fault" ? (entry.faults ?? 0) + 1 : 0;
    const refused = verdict === "refused" || faults >= MOST_FAULTS;
    const stays = verdict !== "sent" && !refused;
    const asked = this.tell(entry, stays ? { ...answer, away: true } : answer);
    const newest = this.entries.some((one) => one.key === entry.key && sameGiving(one, entry));
    if (stays) {
      if (newest && faults !== (entry.faults ?? 0)) this.write({ ...entry, faults });
      return verdict === "later" ? "later" : "stuck";
    }
    if (newest && refused && this.rule.keepsReturned) {
      this.write({ ...entry, faults, error: answer.error || NO_REASON });
    } else if (newest) this.store.drop(this.rule.prefix() + entry.key);
    if (!asked) this.rule.settled?.(entry, answer);
    return "gone";
  }

  /**
   * Answer everybody who waits to hear of this entry, or of an older one under its key. Returns whether anybody did.
   * @param {Entry<What>} entry
   * @param {Answer} answer
   */
  tell({ key, load, turn = 0 }, answer) {
    const hear = this.askers.filter((one) => load === LOAD && one.key === key && one.turn <= turn);
    this.askers = this.askers.filter((one) => !hear.includes(one));
    for (const one of hear) one.tell(answer);
    return hear.length > 0;
  }
}

/** @param {Kept} one @param {Kept} other */
function sameGiving(one, other) {
  return one.load === other.load && one.turn === other.turn && one.given === other.given;
}
