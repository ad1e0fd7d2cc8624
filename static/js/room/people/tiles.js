/* One tile for each person: their picture or their first letter, their name, and what the others should know. */

import { icon, make, say } from "../../shared/dom.js";
import { gettext } from "../../shared/words.js";

/** @import { Picture } from "../core/media.js" */
/** @import { Flag } from "./signs.js" */
/**
 * @typedef {object} Shown
 * @property {string} name
 * @property {Picture | null} track
 * @property {string} [offWords] stands where there is no picture
 * @property {boolean} sound whether their sound is on
 * @property {boolean} [talking]
 * @property {Flag | null} [flag]
 * @property {boolean} [mine]
 * @property {boolean} [named] whether the tile says who it is
 */

/**
 * The letter that stands for somebody without a picture; a name may begin with a mark that nobody sees.
 * @param {string} name
 */
export const letterOf = (name) => (name.match(/\p{L}|\p{N}/u)?.[0] ?? "?").toUpperCase();

/** A tile that follows what `show` is told. `tag` is li in lists and div for the large one. */
export class Tile {
  /** @param {"li" | "div"} [tag] @param {string} [className] */
  constructor(tag = "li", className = "") {
    this.video = make("video", {
      class: "btl-video",
      autoplay: true,
      playsinline: true,
      muted: true,
      "aria-hidden": "true",
      hidden: true,
    });
    this.video.muted = true;
    this.letter = make("b", { "aria-hidden": "true" });
    this.offWords = make("span");
    this.off = make("div", { class: "btl-tile__off" }, this.letter, this.offWords);
    this.flag = make("span", { class: "btl-tile__flag", hidden: true });
    this.mute = make("span", { class: "nhsuk-u-visually-hidden" }, gettext("Sound off: "));
    this.muteIcon = icon("microphone_off", 15);
    this.nameWords = make("span", { class: "btl-tile__who" });
    this.name = make("span", { class: "btl-tile__name" }, this.muteIcon, this.mute, this.nameWords);
    this.root = make(tag, { class: `btl-tile ${className}`.trim() }, this.video, this.off, this.flag, this.name);
    /** @type {Picture | null} */
    this.track = null;
    this.flagKey = "";
  }

  /** Show a person. @param {Shown} shown */
  show({ name, track, offWords = gettext("Camera off"), sound, talking, flag, mine = false, named = true }) {
    this.picture(track);
    this.video.classList.toggle("is-mine", mine);
    say(this.nameWords, name);
    this.name.title = name;
    say(this.letter, letterOf(name));
    say(this.offWords, offWords);
    this.name.hidden = !named;
    this.muteIcon.style.display = sound ? "none" : "";
    this.mute.hidden = Boolean(sound);
    this.root.classList.toggle("is-speaking", Boolean(talking));
    this.root.classList.toggle("is-hand", flag?.icon === "hand");
    this.raise(flag ?? (talking ? { words: gettext("Talking"), icon: "speaker", kind: "accent" } : null));
  }

  /** @param {Flag | null} flag */
  raise(flag) {
    const key = flag ? `${flag.icon} ${flag.words} ${flag.kind}` : "";
    if (this.flagKey === key) return;
    this.flagKey = key;
    this.flag.hidden = !flag;
    this.root.classList.toggle("is-flagged", Boolean(flag));
    this.flag.className = `btl-tile__flag${flag?.kind ? ` btl-tile__flag--${flag.kind}` : ""}`;
    this.flag.replaceChildren(...(flag ? [icon(flag.icon, 15), make("span", {}, flag.words)] : []));
  }

  /** @param {Picture | null} track */
  picture(track) {
    if (track !== this.track) {
      this.track?.detach(this.video);
      this.track = track;
      track?.attach(this.video);
    }
    this.video.hidden = !track;
    this.off.hidden = Boolean(track);
  }

  remove() {
    this.picture(null);
    this.root.remove();
  }
}
