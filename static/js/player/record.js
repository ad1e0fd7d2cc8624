/* Which parts were really played. They are reported every few seconds, when playing stops and when the page goes;
   what could not be sent is kept and sent with the next report. */

const EVERY_MS = 10_000;
const LONGEST_STEP_S = 2;
const MOST_PARTS = 150;

/** @typedef {[from: number, to: number]} Part Milliseconds of the video that were played in one go. */

export class Recorder {
  /**
   * @param {HTMLVideoElement} video
   * @param {{address: string, csrf: string, packageId: string}} options Where reports go, as whom, and about what.
   */
  constructor(video, { address, csrf, packageId }) {
    this.video = video;
    this.address = address;
    this.csrf = csrf;
    this.packageId = packageId;
    /** @type {Part[]} */
    this.kept = [];
    /** @type {Part | null} */
    this.part = null;
    video.addEventListener("timeupdate", () => this.step());
    for (const name of ["pause", "ended"]) video.addEventListener(name, () => this.send());
    video.addEventListener("seeking", () => this.close());
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.send();
    });
    window.addEventListener("online", () => this.send());
    setInterval(() => this.send(), EVERY_MS);
  }

  step() {
    const { video } = this;
    if (video.seeking) return;
    const at = Math.round(video.currentTime * 1000);
    const longest = LONGEST_STEP_S * 1000 * video.playbackRate;
    if (this.part && at >= this.part[1] && at - this.part[1] <= longest) this.part[1] = at;
    else {
      this.close();
      if (!video.paused) this.part = [at, at];
    }
  }

  /** The part that is being played ends here; the next one begins with the next step. */
  close() {
    if (this.part && this.part[1] > this.part[0]) this.kept.push(this.part);
    this.part = null;
  }

  async send() {
    if (!this.video.seeking && !this.video.paused) this.step();
    const reached = /** @type {Part | null} */ (this.part)?.[1];
    this.close();
    if (reached !== undefined && !this.video.paused) this.part = [reached, reached];
    if (!this.kept.length) return;
    const ranges = this.kept.slice(0, MOST_PARTS);
    const position = Math.round(this.video.currentTime * 1000);
    try {
      const answer = await fetch(this.address, {
        method: "POST",
        keepalive: true,
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.csrf },
        body: JSON.stringify({ ranges, position, package: this.packageId }),
      });
      if (answer.ok || answer.status === 400) this.kept = this.kept.filter((each) => !ranges.includes(each));
    } catch {
      /* No link: the parts are still in `kept`. */
    }
  }
}
