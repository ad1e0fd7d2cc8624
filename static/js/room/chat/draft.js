/* Words that were begun: they outlive a page that loads again, and say so when other people would read them by now. */

import { byId, say } from "../../shared/dom.js";
import { inTab } from "../../shared/store.js";
import { gettext } from "../../shared/words.js";

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
    const group = gettext("small group %(small)s", { small: begun.small });
    const earlier = begun.small === now.small ? gettext("an earlier small group") : group;
    const place = begun.small ? earlier : gettext("the whole group");
    say(
      byId("chat-moved"),
      now.small
        ? gettext("You began this in %(place)s. If you send it now, small group %(small)s and your team read it.", {
            place,
            small: now.small,
          })
        : gettext("You began this in %(place)s. If you send it now, everyone reads it.", { place }),
    );
  }
}
