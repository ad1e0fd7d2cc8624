/* Who leads a part in which the group is muted, with their own sound off, talks to nobody: said until it is on. */

import { announce, byId } from "../../shared/dom.js";

import { stateOf } from "../core/seen.js";

/** @import { RoomLink } from "../core/room-connection.js" */
/** @import { Speaking } from "./acts.js" */

export class OwnSound {
  /** @param {RoomLink} link @param {Speaking} speaking */
  constructor(link, { media, speak }) {
    this.link = link;
    this.media = media;
    this.bar = byId("own-sound");
    byId("own-sound-on").addEventListener("click", speak);
  }

  /** Only whoever leads is to be heard now, and is not. */
  get unheard() {
    const { status, lead, me, section, film } = stateOf(this.link);
    return (
      status === "running" && lead === me.seat && !me.word && !film && section?.mic !== "open" && !this.media.micOn
    );
  }

  draw() {
    if (!this.link.state?.people) return;
    if (this.unheard && this.bar.hidden) announce("Your sound is off. Nobody hears you.");
    this.bar.hidden = !this.unheard;
  }
}
