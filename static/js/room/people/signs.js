/* Signs to the group: a word and a small picture on somebody's tile for a few seconds; and whose hand was up first. */

import { serverNow } from "../../shared/clock.js";
import { announce, findAll } from "../../shared/dom.js";
import { gettext } from "../../shared/words.js";

import { stateOf } from "../core/seen.js";

/** @import { RoomLink } from "../core/room-connection.js" */
/** @import { GroupSees, RoomEvents, Sign } from "../state.js" */
/** @typedef {RoomEvents["react"]["what"]} What a sign says. */
/** @typedef {{ words: string, icon: string, kind: "" | "accent" | "alert" }} Flag on somebody's tile. */

const SHOWN_MS = 7000;
/** @type {Record<string, Flag>} */
const SIGNS = {
  well_done: { words: gettext("Well done"), icon: "star", kind: "accent" },
  with_you: { words: gettext("With you"), icon: "heart", kind: "accent" },
  me_too: { words: gettext("Me too"), icon: "people", kind: "accent" },
  thank_you: { words: gettext("Thank you"), icon: "smile", kind: "accent" },
};

/** The sign on a person's tile now, or null. @param {{ sign?: Sign } | undefined} person @returns {Flag | null} */
export function signOf(person) {
  const sign = person?.sign;
  return sign && serverNow() - sign.at_ms < SHOWN_MS ? (SIGNS[sign.what] ?? null) : null;
}

/**
 * Which place a raised hand has among all, from 1; 0 for none.
 * @param {Record<string, GroupSees>} people
 * @param {string} seat
 */
export function handPlace(people, seat) {
  const own = people[seat]?.hand_ms;
  if (!own) return 0;
  return 1 + Object.values(people).filter((one) => one.hand_ms && one.hand_ms < own).length;
}

/**
 * The flag of a raised hand; with its place when there are several.
 * @param {Record<string, GroupSees>} people
 * @param {string} seat
 * @returns {Flag | null}
 */
export function handFlag(people, seat) {
  const place = handPlace(people, seat);
  if (!place) return null;
  const several = Object.values(people).filter((one) => one.hand_ms).length > 1;
  return { words: several ? gettext("Hand %(place)s", { place }) : gettext("Hand up"), icon: "hand", kind: "" };
}

/** The buttons that send a sign. `redraw` is called when one comes and when it goes. */
export class Signs {
  /** @param {RoomLink} link @param {() => void} redraw */
  constructor(link, redraw) {
    this.link = link;
    this.redraw = redraw;
    /** @type {Map<string, number>} The moment of each seat's newest sign. */
    this.seen = new Map();
    for (const button of findAll(document, "[data-sign]")) button.addEventListener("click", () => this.send(button));
    link.addEventListener("change", () => this.notice());
  }

  /** @param {HTMLElement} button */
  async send(button) {
    const what = /** @type {What} */ (button.dataset.sign);
    const answer = await this.link.send("react", { what });
    if (!answer.ok) announce(answer.error);
  }

  notice() {
    const { people = {}, me } = stateOf(this.link);
    for (const [seat, person] of Object.entries(people)) {
      const sign = signOf(person);
      const since = person.sign?.at_ms;
      if (!sign || !since || this.seen.get(seat) === since) continue;
      this.seen.set(seat, since);
      announce(`${seat === me.seat ? gettext("You") : person.name}: ${sign.words}`);
      setTimeout(() => this.redraw(), SHOWN_MS + 100);
    }
  }
}
