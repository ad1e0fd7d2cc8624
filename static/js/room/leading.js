/* Who leads: the lead may hand over, and the other facilitator takes over when the lead drops out. */

import { announce, byId, say } from "./dom.js";

export class Leading {
  constructor(link, tell, sure) {
    this.link = link;
    this.tell = tell;
    this.sure = sure;
    this.bar = byId("lead-away");
    byId("take-lead").addEventListener("click", () => this.take());
    byId("hand-over").addEventListener("click", () => this.handOver());
  }

  get people() { return this.link.state.people; }

  /** The other facilitator who is here, as [seat, person], or nothing. */
  get other() {
    return Object.entries(this.people).find(([seat, one]) => seat !== this.link.state.me.seat && one.role === "facilitator" && one.status === "admitted" && one.online);
  }

  draw() {
    const { lead, me } = this.link.state;
    const leading = lead === me.seat;
    byId("hand-over").hidden = !leading || !this.other;
    if (this.other) say(byId("hand-over"), `Hand over to ${this.other[1].name}`);
    const away = !leading && lead && !(this.people[lead]?.online && this.people[lead].status === "admitted");
    if (away && this.bar.hidden) announce(`${this.people[lead].name} has dropped out. You can take the lead.`);
    this.bar.hidden = !away;
    if (away) say(byId("lead-away-words"), `${this.people[lead].name}, who leads, has dropped out. The group can still talk and write.`);
  }

  async take() {
    const answer = await this.tell(this.link.send("take_lead"));
    if (answer.ok) announce("You lead now");
  }

  handOver() {
    const [seat, person] = this.other;
    this.sure(
      { title: `Hand over to ${person.name}?`, words: `${person.name} leads from now on and everyone sees it. You become the spotter.`, yes: `Hand over to ${person.name}` },
      () => this.tell(this.link.send("hand_over", { seat })),
    );
  }
}
