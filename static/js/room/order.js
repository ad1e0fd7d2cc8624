/* In which order people lie in the gallery: you, the helper, hands up (oldest first), last to talk, then by name. */

const MOVE_EVERY = 10000;

export class Order {
  constructor(box) {
    this.current = [];
    this.movedAt = 0;
    this.talked = new Map();
    this.pointed = false;
    box.addEventListener("pointerenter", () => { this.pointed = true; });
    box.addEventListener("pointerleave", () => { this.pointed = false; });
  }

  /** The seats of `people` but for `lead`, in order. Tiles move at most every 10 seconds, never under a pointer. */
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

  compare(people, me, one, other) {
    const rank = (seat) => {
      const { role, hand_ms } = people[seat];
      if (seat === me) return [0, 0];
      if (role === "facilitator") return [1, 0];
      if (hand_ms) return [2, hand_ms];
      const talked = this.talked.get(seat);
      return talked ? [3, -talked] : [4, 0];
    };
    const [a, b] = [rank(one), rank(other)];
    return a[0] - b[0] || a[1] - b[1] || people[one].name.localeCompare(people[other].name);
  }
}
