/* Whom to ring: who fell out, left, or has not come, each with their number. For facilitators. */

import { serverNow } from "../../shared/clock.js";
import { byId, icon, make } from "../../shared/dom.js";
import { staffRoom, stateOf } from "../core/seen.js";
import { wrongNumber } from "../people/wrong-number.js";
import { ago } from "./ago.js";

/** @import { Media } from "../core/media.js" */
/** @import { RoomLink } from "../core/room-connection.js" */
/** @import { Listed, StaffPage } from "../page.js" */
/** @import { StaffSee, StaffView } from "../state.js" */
/** @typedef {[seat: string, one: StaffSee]} Found on the list, and in the room. */

const MISSED_AFTER = 10 * 60000;
const FELL_OUT_AFTER = 30000;

export class RingList {
  /** @param {RoomLink} link @param {Pick<Media, "person">} media @param {StaffPage} data */
  constructor(link, media, data) {
    this.drawn = "";
    this.link = link;
    this.media = media;
    this.data = data;
    setInterval(() => this.draw(), 5000);
  }

  draw() {
    const room = staffRoom(this.link);
    if (!room) return;
    /** @type {Map<string, Found>} */
    const by = new Map(Object.entries(room.people).map(([seat, one]) => [one.person, [seat, one]]));
    const rows = this.data.roster
      .map((listed) => ({ listed, why: this.why(listed, by.get(listed.person)) }))
      .filter(({ why }) => why);
    byId("ring-box").hidden = !rows.length;
    const key = JSON.stringify(rows.map(({ listed, why }) => [listed.person, why]));
    if (key === this.drawn) return;
    this.drawn = key;
    byId("ring-list").replaceChildren(
      ...rows.map(({ listed, why }) =>
        make("li", {}, make("span", {}, make("strong", {}, listed.full_name), ` ${why}`), this.number(listed)),
      ),
    );
  }

  /** @param {Listed} listed */
  number({ phone, phone_is_wrong: isWrong, correct_at: correctAt, full_name: name }) {
    if (isWrong) return wrongNumber(name, correctAt);
    if (!phone) return make("span", {}, "No number");
    return make(
      "a",
      { class: "btl-rbtn", href: `tel:${phone.replaceAll(" ", "")}` },
      icon("phone", 18),
      phone,
      make("span", { class: "nhsuk-u-visually-hidden" }, `, call ${name}`),
    );
  }

  /**
   * Why this person should be rung now; empty when there is no need.
   * @param {Listed} listed
   * @param {Found | undefined} found
   */
  why({ person }, found) {
    const { started_ms: started, late, not_coming: notComing } = /** @type {StaffView} */ (stateOf(this.link));
    const now = serverNow();
    if (!found) {
      if (!started || notComing?.[person] !== undefined) return "";
      const grace = started + Math.max(MISSED_AFTER, (late?.[person]?.minutes ?? 0) * 60000);
      return now > grace ? "Not arrived" : "";
    }
    const [seat, one] = found;
    if (one.status === "left") return "Left";
    if (one.status === "removed" || one.online || this.media.person(seat)) return "";
    const since = one.dropped_ms ?? one.cut_ms ?? now;
    return now - since > FELL_OUT_AFTER ? `Cut off ${ago(since)}` : "";
  }
}
