/* In which order people lie in the gallery: you, whoever is here for you or with you, the helper, hands up (oldest first), last to talk, then by name. */

/** @import { GroupSees, Member } from "../state.js" */
/** @typedef {Record<string, GroupSees & Pick<Member, "yours">>} People By seat. */

const MOVE_EVERY = 10000;

export class Order {
  /** @param {HTMLElement} box */
  constructor(box) {
    /** @type {string[]} The seats as they lie now. */
    this.current = [];
    this.movedAt = 0;
    /** @type {Map<string, number>} When each seat talked last. */
    this.talked = new Map();
    this.pointed = false;
    box.addEventListener("pointerenter", () => {
      this.pointed = true;
    });
    box.addEventListener("pointerleave", () => {
      this.pointed = false;
    });
  }

  /**
   * The seats of `people` but for `lead`, in order. Tiles move at most every 10 seconds, never under a pointer.
   * @param {People} people
   * @param {{ me: string, lead: string | null, speakers: string[] }} who
   */
  of(people, { me, lead, speakers }) {
    for (const seat of speakers) this.talked.set(seat, performance.now());
    const seats = Object.keys(people).filter((seat) => seat !== lead);
    const known = this.current.filter((seat) => seats.includes(seat));
    const fresh = seats.filter((seat) => !known.includes(seat));
    const due = performance.now() - this.movedAt > MOVE_EVERY && !this.pointed;
    if (fresh.length || due || known.length !== this.current.length) {
      const next = fresh.length || due ? seats.sort((one, other) => this.compare(people, me, one, other)) : known;
      if (next.join() !== this.current.join()) this.movedAt = performance.now();
      this.current = next;
    }
    return this.current;
  }

  /** @param {People} people @param {string} me @param {string} one @param {string} other */
  compare(people, me, one, other) {
    const [a, b] = [this.rank(people, me, one), this.rank(people, me, other)];
    return a[0] - b[0] || a[1] - b[1] || nameIn(people, one).localeCompare(nameIn(people, other));
  }

  /** @param {People} people @param {string} me @param {string} seat @returns {[rank: number, within: number]} */
  rank(people, me, seat) {
    if (seat === me) return [0, 0];
    if (people[seat]?.yours) return [0, 1];
    if (people[seat]?.role === "facilitator") return [1, 0];
    const hand = people[seat]?.hand_ms;
    if (hand) return [2, hand];
    const talked = this.talked.get(seat);
    return talked ? [3, -talked] : [4, 0];
  }
}

/** @param {People} people @param {string} seat */
const nameIn = (people, seat) => people[seat]?.name ?? "";
