/* Signs to the group: a word and a small picture on somebody's tile for a few seconds; and whose hand was up first. */

import { announce } from "./dom.js";
import { serverNow } from "./clock.js";

const SHOWN_MS = 7000;
const SIGNS = {
  well_done: { words: "Well done", icon: "star", kind: "accent" },
  with_you: { words: "With you", icon: "heart", kind: "accent" },
  me_too: { words: "Me too", icon: "people", kind: "accent" },
  thank_you: { words: "Thank you", icon: "smile", kind: "accent" },
};

/** The sign on a person's tile now, or null. */
export function signOf(person) {
  const sign = person?.sign;
  return sign && serverNow() - sign.at_ms < SHOWN_MS ? SIGNS[sign.what] ?? null : null;
}

/** Which place a raised hand has among all, from 1; 0 for none. */
export function handPlace(people, seat) {
  const own = people[seat]?.hand_ms;
  if (!own) return 0;
  return 1 + Object.values(people).filter((one) => one.hand_ms && one.hand_ms < own).length;
}

/** The flag of a raised hand; with its place when there are several. */
export function handFlag(people, seat) {
  const place = handPlace(people, seat);
  if (!place) return null;
  const several = Object.values(people).filter((one) => one.hand_ms).length > 1;
  return { words: several ? `Hand ${place}` : "Hand up", icon: "hand", kind: "" };
}

/** The buttons that send a sign. `redraw` is called when one comes and when it goes. */
export class Signs {
  constructor(link, redraw) {
    this.link = link;
    this.redraw = redraw;
    this.seen = new Map();
    for (const button of document.querySelectorAll("[data-sign]")) button.addEventListener("click", () => this.send(button));
    link.addEventListener("change", () => this.notice());
  }

  async send(button) {
    const answer = await this.link.send("react", { what: button.dataset.sign });
    if (!answer.ok) announce(answer.error);
  }

  notice() {
    const { people, me } = this.link.state;
    for (const [seat, person] of Object.entries(people ?? {})) {
      const sign = signOf(person);
      if (!sign || this.seen.get(seat) === person.sign.at_ms) continue;
      this.seen.set(seat, person.sign.at_ms);
      announce(`${seat === me.seat ? "You" : person.name}: ${sign.words}`);
      setTimeout(() => this.redraw(), SHOWN_MS + 100);
    }
  }
}
