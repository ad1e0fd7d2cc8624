/* Captions as large words on a solid ground; in a phone's own full screen the browser shows them itself. */

export class Captions {
  constructor(video, button, line) {
    Object.assign(this, { video, button, line, native: false });
    this.track = document.getElementById("captions-track")?.track;
    if (!this.track) return;
    this.on = true;
    this.track.addEventListener("cuechange", () => this.show());
    video.textTracks.addEventListener("addtrack", () => this.keepOne());
    video.addEventListener("webkitbeginfullscreen", () => { this.native = true; this.show(); });
    video.addEventListener("webkitendfullscreen", () => { this.native = false; this.show(); });
    button.addEventListener("click", () => { this.on = !this.on; this.show(); });
    this.keepOne();
    this.show();
  }

  /* The stream brings the same words as a track of its own: two lots of captions help nobody. */
  keepOne() {
    for (const each of this.video.textTracks) if (each !== this.track) each.mode = "disabled";
  }

  show() {
    this.button.setAttribute("aria-pressed", String(this.on));
    this.track.mode = this.on && this.native ? "showing" : "hidden";
    const words = [...(this.track.activeCues ?? [])].map((cue) => cue.getCueAsHTML().textContent).join(" ");
    this.line.firstElementChild.textContent = words;
    this.line.hidden = !this.on || this.native || !words;
  }
}
