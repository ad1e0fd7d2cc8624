/* Words that were begun: they outlive a page that loads again, and say so when other people would read them by now. */

import { byId, say } from "../../shared/dom.js";
import { inTab } from "../../shared/store.js";

/** @import { RoomLink } from "../core/room-connection.js" */
/** @import { Audience, Place } from "./outbox.js" */

export class Draft {
  /** @param {RoomLink} link @param {() => Place} place where the writer is now */
  constructor(link, place) {
    this.link = link;
    this.place = place;
    this.box = byId("message");
    /** @type {Place | null} Where the words were begun; null while there are none. */
    this.begun = null;
    this.box.addEventListener("input", () => this.keep());
  }

  get shelf() {
    return `draft-${this.link.session}-${this.link.state?.me.seat}`;
  }
  get shelfOfPlace() {
    return `${this.shelf}-place`;
  }

  keep() {
    const { value } = this.box;
    if (value) {
      inTab.set(this.shelf, value);
      if (this.link.state) this.begun ??= this.place();
      inTab.write(this.shelfOfPlace, this.begun);
    } else this.drop();
  }

  drop() {
    this.begun = null;
    inTab.drop(this.shelf);
    inTab.drop(this.shelfOfPlace);
  }

  restore() {
    if (this.box.value) return;
    this.box.value = inTab.get(this.shelf) ?? "";
    this.begun = inTab.read(this.shelfOfPlace, /** @type {Place | null} */ (null));
  }

  /** Say under the field when the words were begun for others than those who would read them. @param {Audience} audience */
  aim(audience) {
    const { begun } = this;
    const now = this.place();
    const moved = begun && (begun.small !== now.small || begun.round !== now.round);
    if (!moved || audience !== "group" || !this.box.value) {
      say(byId("chat-moved"), "");
      return;
    }
    const earlier = begun.small === now.small ? "an earlier small group" : `small group ${begun.small}`;
    const readers = now.small ? `small group ${now.small} and your team read it` : "everyone reads it";
    say(
      byId("chat-moved"),
      `You began this in ${begun.small ? earlier : "the whole group"}. If you send it now, ${readers}.`,
    );
  }
}
