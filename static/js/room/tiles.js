/* One tile for each person: their picture or their first letter, their name, and what the others should know. */

import { icon, make, say } from "./dom.js";

/** A tile that follows what `show` is told. `tag` is li in lists and div for the large one. */
export class Tile {
  constructor(tag = "li", className = "") {
    this.video = make("video", { class: "btl-video", autoplay: true, playsinline: true, muted: true, "aria-hidden": "true", hidden: true });
    this.video.muted = true;
    this.letter = make("b", { "aria-hidden": "true" });
    this.offWords = make("span");
    this.off = make("div", { class: "btl-tile__off" }, this.letter, this.offWords);
    this.flag = make("span", { class: "btl-tile__flag", hidden: true });
    this.mute = make("span", { class: "nhsuk-u-visually-hidden" }, "Sound off: ");
    this.muteIcon = icon("microphone_off", 15);
    this.nameWords = make("span", { class: "btl-tile__who" });
    this.name = make("span", { class: "btl-tile__name" }, this.muteIcon, this.mute, this.nameWords);
    this.root = make(tag, { class: `btl-tile ${className}`.trim() }, this.video, this.off, this.flag, this.name);
    this.track = null;
  }

  /** Show a person: name, track or null, offWords, sound (true on), talking, flag {words, icon, kind} or null, mine. */
  show({ name, track, offWords = "Camera off", sound, talking, flag, mine = false, named = true }) {
    this.picture(track);
    this.video.classList.toggle("is-mine", mine);
    say(this.nameWords, name);
    say(this.letter, (name.match(/\p{L}|\p{N}/u)?.[0] ?? "?").toUpperCase());
    say(this.offWords, offWords);
    this.name.hidden = !named;
    this.muteIcon.style.display = sound ? "none" : "";
    this.mute.hidden = Boolean(sound);
    this.root.classList.toggle("is-speaking", Boolean(talking));
    this.root.classList.toggle("is-hand", flag?.icon === "hand");
    this.raise(flag ?? (talking ? { words: "Talking", icon: "speaker", kind: "accent" } : null));
  }

  raise(flag) {
    const key = flag ? `${flag.icon} ${flag.words} ${flag.kind}` : "";
    if (this.flagKey === key) return;
    this.flagKey = key;
    this.flag.hidden = !flag;
    this.flag.className = `btl-tile__flag${flag?.kind ? ` btl-tile__flag--${flag.kind}` : ""}`;
    this.flag.replaceChildren(...(flag ? [icon(flag.icon, 15), make("span", {}, flag.words)] : []));
  }

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
