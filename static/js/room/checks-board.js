/* Pain and effort as facilitators see them: how many have answered, and who said what. */

import { byId, make, say } from "./dom.js";

const MOMENTS = { before: "Before", after: "After" };

export class ChecksBoard {
  constructor(link) {
    this.link = link;
    this.drawn = "";
  }

  draw() {
    const { checks, checks_said: said, people } = this.link.state;
    const moments = Object.keys(MOMENTS).filter((moment) => checks?.[moment]);
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
    const { people, checks } = this.link.state;
    const patients = Object.entries(people).filter(([, one]) => one.role === "patient" && one.status === "admitted");
    const moment = checks.after ? "after" : "before";
    say(byId("checks-count"), `${MOMENTS[moment]}: ${checks[moment].pain.answered} of ${patients.length} told us their pain. The group sees a picture from 5.`);
    const rows = patients.sort(([, a], [, b]) => a.name.localeCompare(b.name)).map(([seat, one]) => {
      const said = answer.checks[seat] ?? {};
      const cells = ["pain", "effort"].flatMap((measure) => Object.keys(MOMENTS).map((when) => make("td", {}, said[when]?.[measure] ?? "–")));
      return make("tr", {}, make("th", { scope: "row" }, one.name), ...cells);
    });
    byId("checks-rows").replaceChildren(...rows);
  }
}
