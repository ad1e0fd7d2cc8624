/* A word in private with one patient: who it is with, and the way back to the group. For facilitators. */

import { announce, byId, say } from "../../shared/dom.js";

import { staffRoom } from "../core/seen.js";

/** @import { RoomLink } from "../core/room-connection.js" */
/** @import { StaffSee } from "../state.js" */
/** @import { Speaking, Tell } from "./acts.js" */

export class Word {
  /** @param {RoomLink} link @param {Tell} tell @param {Speaking} speaking */
  constructor(link, tell, { media, speak }) {
    this.link = link;
    this.media = media;
    this.tell = tell;
    this.bar = byId("word-bar");
    byId("word-sound").addEventListener("click", speak);
    byId("word-end").addEventListener("click", () => this.end());
  }

  /** @param {string} seat @param {StaffSee} person */
  async begin(seat, person) {
    const answer = await this.tell(this.link.send("word_begin", { seat }));
    if (answer.ok)
      announce(
        `You are in a private word with ${person.name}. The group cannot hear you.${this.media.micOn ? "" : " Your sound is off."}`,
      );
  }

  async end() {
    const answer = await this.tell(this.link.send("word_end"));
    if (answer.ok) announce("You are back with the group");
  }

  draw() {
    const room = staffRoom(this.link);
    if (!room) return;
    const { me, people } = room;
    const [seat, other] =
      Object.entries(people).find(([, one]) => me.word && one.word === me.word && one.role === "patient") ?? [];
    this.bar.hidden = !me.word;
    if (!me.word) return;
    const name = other?.name ?? "nobody";
    const silent = [
      this.media.micOn ? "" : `Your sound is off: ${name} cannot hear you.`,
      seat && !this.media.soundOn(seat) ? `${name}’s sound is off.` : "",
    ];
    say(
      byId("word-words"),
      [`Private word with ${name}. The group cannot see or hear you two.`, ...silent].filter(Boolean).join(" "),
    );
    byId("word-sound").hidden = this.media.micOn;
  }
}
