/* Keeps the screen on while somebody is in the room: a phone that sleeps in the relaxation drops out of it. */

export class Awake {
  constructor() {
    this.wanted = false;
    /** @type {WakeLockSentinel | null} */
    this.lock = null;
    this.asking = false;
    document.addEventListener("visibilitychange", () => this.hold());
    document.addEventListener("pointerdown", () => this.hold());
  }

  /** Keep the screen on from now on, or let it go. @param {boolean} on */
  want(on) {
    if (on === this.wanted) return;
    this.wanted = on;
    if (on) this.hold();
    else this.letGo();
  }

  /** Browsers let go by themselves when the page goes to the back, and refuse when the battery is low. */
  async hold() {
    if (!this.wanted || this.lock || this.asking || document.visibilityState !== "visible" || !navigator.wakeLock)
      return;
    this.asking = true;
    try {
      const lock = await navigator.wakeLock.request("screen");
      lock.addEventListener("release", () => {
        if (this.lock === lock) this.lock = null;
      });
      this.lock = lock.released ? null : lock;
    } catch {
      this.lock = null;
    }
    this.asking = false;
    if (!this.wanted) this.letGo();
  }

  letGo() {
    this.lock?.release();
    this.lock = null;
  }
}
