/* Captions as large words on a solid ground; in a phone's own full screen the browser shows them itself. */

import { find } from "../shared/dom.js";

export class Captions {
  /**
   * @param {HTMLVideoElement} video
   * @param {TextTrack} track
   * @param {HTMLElement} button Turns them on and off.
   * @param {HTMLElement} line Its first child holds the words.
   */
  constructor(video, track, button, line) {
    this.video = video;
    this.track = track;
    this.button = button;
    this.line = line;
    this.words = find(line, ":scope > *");
    /** Whether the browser shows them itself. */
    this.native = false;
    this.on = true;
    track.addEventListener("cuechange", () => this.show());
    video.textTracks.addEventListener("addtrack", () => this.keepOne());
    video.addEventListener("webkitbeginfullscreen", () => this.become(true));
    video.addEventListener("webkitendfullscreen", () => this.become(false));
    button.addEventListener("click", () => {
      this.on = !this.on;
      this.show();
    });
    this.keepOne();
    this.show();
  }

  /** @param {boolean} native */
  become(native) {
    this.native = native;
    this.show();
  }

  /** The stream brings the same words as a track of its own: two lots of captions help nobody. */
  keepOne() {
    for (const each of this.video.textTracks) if (each !== this.track) each.mode = "disabled";
  }

  show() {
    this.button.setAttribute("aria-pressed", String(this.on));
    this.track.mode = this.on && this.native ? "showing" : "hidden";
    const cues = /** @type {VTTCue[]} */ ([...(this.track.activeCues ?? [])]);
    const words = cues.map((cue) => cue.getCueAsHTML().textContent).join(" ");
    this.words.textContent = words;
    this.line.hidden = !this.on || this.native || !words;
  }
}
