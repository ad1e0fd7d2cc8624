/* Small groups as somebody sees them who is in one: which, with whom, for how long, and when everyone goes back. */

import { minutesAndSeconds, serverNow } from "../../shared/clock.js";
import { announce, byId, findAll, make, say } from "../../shared/dom.js";
import { TypedEvents } from "../../shared/typed-events.js";
import { gettext } from "../../shared/words.js";

/** @import { RoomLink } from "../core/room-connection.js" */
/** @import { RoomView } from "../state.js" */
/** @import { SectionView } from "./section.js" */

const SPEAK_AT = [30, 10];

/**
 * Where this page's sound and picture belong: "" for the whole group. The same rule as the server's.
 * @param {Pick<RoomView, "me" | "small">} state
 */
export function placeOf(state, now = serverNow()) {
  if (state.me.word) return state.me.word;
  const { small } = state;
  if (!small?.open || now >= (small.back_ms ?? Infinity)) return "";
  return state.me.small ?? "";
}

/** Who is taken aside finds the page as it is, and no sheet before it; only leaving is theirs to finish. */
function closeSheets() {
  for (const sheet of findAll(document, "dialog[open]:not(#leave-sheet)", HTMLDialogElement)) sheet.close();
}

/**
 * Fires "moved" when the place changes; the page then follows with its sound and picture.
 * @extends {TypedEvents<{ moved: undefined }>}
 */
export class Small extends TypedEvents {
  /** @param {RoomLink} link @param {SectionView} section */
  constructor(link, section) {
    super();
    this.link = link;
    this.section = section;
    this.place = "";
    /** @type {number | null} The seconds that were said last. */
    this.spoken = null;
    /** @type {number | null | undefined} In which part people's words were asked for. */
    this.asked = undefined;
    this.words = byId("small-words");
    setInterval(() => this.tick(), 500);
  }

  /** Seconds until everyone goes back, or null when nobody called them. */
  get secondsLeft() {
    const back = this.link.state?.small?.back_ms;
    return this.place && back ? Math.max(0, Math.ceil((back - serverNow()) / 1000)) : null;
  }

  tick() {
    const { state } = this.link;
    if (!state?.people) return;
    const place = placeOf(state);
    if (place !== this.place) {
      const words = state.me.word
        ? gettext("You are in a private word. Nobody else can hear you.")
        : place
          ? gettext("You are in small group %(small)s now.", { small: place })
          : gettext("You are back with everyone.");
      this.place = place;
      if (state.me.word) closeSheets();
      announce(words);
      if (place && !state.me.word) this.look();
      this.fire("moved");
    }
    this.draw(state);
  }

  /** @param {Pick<RoomView, "me" | "small">} state */
  draw({ me, small }) {
    const aside = Boolean(me.word);
    this.words.hidden = !this.place || aside;
    byId("now").classList.toggle("is-small", Boolean(this.place) && !aside);
    if (!this.place || aside) return;
    const back = this.secondsLeft;
    if (back !== null) {
      say(this.words, gettext("Back to everyone in %(time)s", { time: minutesAndSeconds(back) }));
      if (SPEAK_AT.includes(back) && this.spoken !== back)
        announce(gettext("Back to everyone in %(seconds)s seconds", { seconds: back }));
      this.spoken = back;
      this.words.classList.add("is-ending");
      return;
    }
    const left = ((small?.until_ms ?? 0) - serverNow()) / 1000;
    this.words.classList.remove("is-ending");
    say(
      this.words,
      left > 0
        ? gettext("Small group %(small)s. %(time)s left", { small: this.place, time: minutesAndSeconds(left) })
        : gettext("Small group %(small)s. Time is up. We call you back soon", { small: this.place }),
    );
  }

  /** What people wrote after the video, as far as each agreed. Asked once for each reflection. */
  async look() {
    const index = this.link.state?.section?.index;
    if (this.asked === index || this.section.section?.kind !== "reflection") return;
    this.asked = index;
    const found = await this.link.send("look_written");
    if (!found.ok) {
      this.asked = null;
      return;
    }
    const rows = [
      ...found.own.map((words) => ({ words, who: gettext("You wrote: ") })),
      ...found.group.map((words) => ({ words, who: gettext("Someone wrote: ") })),
    ];
    byId("written-words").replaceChildren(
      ...rows.map(({ words, who }) => make("p", {}, make("strong", {}, who), words)),
    );
    byId("written").hidden = !rows.length;
  }

  /** The words of a section that is over go with it. */
  follow() {
    const { section } = this.section;
    if (section?.kind === "reflection") this.look();
    else byId("written").hidden = true;
  }
}
