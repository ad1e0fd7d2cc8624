/* Small groups as somebody sees them who is in one: which, with whom, for how long, and when everyone goes back. */

import { minutesAndSeconds, serverNow } from "./clock.js";
import { announce, byId, make, say } from "./dom.js";

const SPEAK_AT = [30, 10];

/** Where this page's sound and picture belong: "" for the whole group. The same rule as the server's. */
export function placeOf(state, now = serverNow()) {
  if (state.me.word) return state.me.word;
  const { small } = state;
  if (!small?.open || now >= (small.back_ms ?? Infinity)) return "";
  return state.me.small ?? "";
}

/** Fires "moved" when the place changes; the page then follows with its sound and picture. */
export class Small extends EventTarget {
  constructor(link, section) {
    super();
    this.link = link;
    this.section = section;
    this.place = "";
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
      const words = state.me.word ? "You are in a private word. Nobody else can hear you." : place ? `You are in small group ${place} now.` : "You are back with everyone.";
      this.place = place;
      announce(words);
      if (place && !state.me.word) this.look();
      this.dispatchEvent(new CustomEvent("moved"));
    }
    this.draw(state);
  }

  draw({ small }) {
    const aside = Boolean(this.link.state.me.word);
    this.words.hidden = !this.place || aside;
    byId("now").classList.toggle("is-small", Boolean(this.place) && !aside);
    if (!this.place || aside) return;
    const back = this.secondsLeft;
    if (back !== null) {
      say(this.words, `Back to everyone in ${minutesAndSeconds(back)}`);
      if (SPEAK_AT.includes(back) && this.spoken !== back) announce(`Back to everyone in ${back} seconds`);
      this.spoken = back;
      this.words.classList.add("is-ending");
      return;
    }
    const left = (small.until_ms - serverNow()) / 1000;
    this.words.classList.remove("is-ending");
    say(this.words, `Small group ${this.place}. ${left > 0 ? `${minutesAndSeconds(left)} left` : "Time is up. We call you back soon"}`);
  }

  /** What people wrote after the video, as far as each agreed. Asked once for each reflection. */
  async look() {
    const { index } = this.link.state.section ?? {};
    if (this.asked === index || this.section.section?.kind !== "reflection") return;
    this.asked = index;
    const found = await this.link.send("look_written");
    if (!found.ok) {
      this.asked = null;
      return;
    }
    const rows = [...found.own.map((words) => [words, "You wrote: "]), ...found.group.map((words) => [words, "Someone wrote: "])];
    byId("written-words").replaceChildren(...rows.map(([words, who]) => make("p", {}, make("strong", {}, who), words)));
    byId("written").hidden = !rows.length;
  }

  /** The words of a section that is over go with it. */
  follow() {
    const { section } = this.section;
    if (section?.kind === "reflection") this.look();
    else byId("written").hidden = true;
  }
}
