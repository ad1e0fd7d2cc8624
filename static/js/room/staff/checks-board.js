/* Pain and effort as facilitators see them: how many have answered, and who said what. */

import { byId, make, say } from "../../shared/dom.js";

import { staffRoomOf } from "../core/seen.js";

/** @import { RoomLink } from "../core/room-connection.js" */
/** @import { CheckNumbers, MomentWord } from "../state.js" */

/** @type {Record<MomentWord, string>} */
const MOMENTS = { before: "Before", after: "After" };

const WHEN = /** @type {MomentWord[]} */ (Object.keys(MOMENTS));
/** @type {(keyof CheckNumbers)[]} */
const MEASURES = ["pain", "effort"];

export class ChecksBoard {
  /** @param {RoomLink} link */
  constructor(link) {
    this.link = link;
    this.drawn = "";
  }

  draw() {
    const { checks, checks_said: said, people } = staffRoomOf(this.link);
    const moments = WHEN.filter((moment) => checks?.[moment]);
    byId("checks-box").hidden = !moments.length;
    const key = JSON.stringify([said, Object.values(people).map((one) => one.status)]);
    if (!moments.length || key === this.drawn) return;
    this.drawn = key;
    this.look();
  }

  async look() {
    const answer = await this.link.send("look_checks");
    if (!answer.ok) {
      this.drawn = "";
      return;
    }
    const { people, checks = {} } = staffRoomOf(this.link);
    const patients = Object.entries(people).filter(([, one]) => one.role === "patient" && one.status === "admitted");
    const moment = checks.after ? "after" : "before";
    say(
      byId("checks-count"),
      `${MOMENTS[moment]}: ${checks[moment]?.pain.answered ?? 0} of ${patients.length} told us their pain. The group sees a picture from 5.`,
    );
    const rows = patients
      .sort(([, a], [, b]) => a.name.localeCompare(b.name))
      .map(([seat, one]) => {
        const said = answer.checks[seat] ?? {};
        const cells = MEASURES.flatMap((measure) =>
          WHEN.map((when) => make("td", {}, String(said[when]?.[measure] ?? "–"))),
        );
        return make("tr", {}, make("th", { scope: "row" }, one.name), ...cells);
      });
    byId("checks-rows").replaceChildren(...rows);
  }
}
