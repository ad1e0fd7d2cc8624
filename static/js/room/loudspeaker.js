/* The page's one way to make sounds of its own. Browsers let a page sound only after somebody has touched it. */

/** Fires "change" when it may or may not sound. */
export class Loudspeaker extends EventTarget {
  constructor() {
    super();
    this.context = null;
    const wake = () => this.wake();
    for (const name of ["pointerdown", "keydown"]) document.addEventListener(name, wake, { capture: true });
  }

  /** The audio context, made at first need. */
  get sound() {
    if (!this.context && window.AudioContext) {
      this.context = new AudioContext({ latencyHint: "playback" });
      this.context.addEventListener("statechange", () => this.dispatchEvent(new Event("change")));
    }
    return this.context;
  }

  get silenced() { return Boolean(this.context) && this.context.state !== "running"; }

  /** Ask to be heard. Does nothing before anything has wanted to sound. */
  async wake() {
    if (!this.silenced) return;
    try {
      await this.context.resume();
    } catch {
      this.dispatchEvent(new Event("change"));
    }
  }
}
