/* Who leads: the lead may hand over, and the other facilitator takes over when the lead drops out. */

import { announce, byId, say } from "../../shared/dom.js";

import { staffRoomOf } from "../core/seen.js";

/** @import { RoomLink } from "../core/room-connection.js" */
/** @import { Sure, Tell } from "./acts.js" */

export class Leading {
  /** @param {RoomLink} link @param {Tell} tell @param {Sure} sure */
  constructor(link, tell, sure) {
    this.link = link;
    this.tell = tell;
    this.sure = sure;
    this.bar = byId("lead-away");
    byId("take-lead").addEventListener("click", () => this.take());
    byId("hand-over").addEventListener("click", () => this.handOver());
  }

  get people() {
    return staffRoomOf(this.link).people;
  }

  /** The other facilitator who is here, as [seat, person], or nothing. */
  get other() {
    const { me } = staffRoomOf(this.link);
    return Object.entries(this.people).find(
      ([seat, one]) => seat !== me.seat && one.role === "facilitator" && one.status === "admitted" && one.online,
    );
  }

  draw() {
    const { lead, me } = staffRoomOf(this.link);
    const leading = lead === me.seat;
    const { other } = this;
    byId("hand-over").hidden = !leading || !other;
    if (other) say(byId("hand-over"), `Hand over to ${other[1].name}`);
    const who = lead && !leading ? this.people[lead] : undefined;
    const away = who && !(who.online && who.status === "admitted");
    if (away && this.bar.hidden) announce(`${who.name} has dropped out. You can take the lead.`);
    this.bar.hidden = !away;
    if (away)
      say(byId("lead-away-words"), `${who.name}, who leads, has dropped out. The group can still talk and write.`);
  }

  async take() {
    const answer = await this.tell(this.link.send("take_lead"));
    if (answer.ok) announce("You are leading now");
  }

  handOver() {
    const { other } = this;
    if (!other) return;
    const [seat, person] = other;
    this.sure(
      {
        title: `Hand over to ${person.name}?`,
        words: `${person.name} leads from now on and everyone sees it. You become the spotter.`,
        yes: `Hand over to ${person.name}`,
      },
      () => this.tell(this.link.send("hand_over", { seat })),
    );
  }
}
