/* The page's one way to make sounds of its own. Browsers let a page sound only after somebody has touched it. */

import { TypedEvents } from "../../shared/typed-events.js";

/**
 * Fires "change" when it may or may not sound.
 * @extends {TypedEvents<{ change: undefined }>}
 */
export class Loudspeaker extends TypedEvents {
  constructor() {
    super();
    /** @type {AudioContext | null} */
    this.context = null;
    const wake = () => this.wake();
    for (const name of ["pointerdown", "keydown"]) document.addEventListener(name, wake, { capture: true });
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.wake());
  }

  /** The audio context, made at first need. */
  get sound() {
    if (!this.context && window.AudioContext) {
      this.context = new AudioContext({ latencyHint: "playback" });
      this.context.addEventListener("statechange", () => this.fire("change"));
    }
    return this.context;
  }

  get silenced() {
    return this.context !== null && this.context.state !== "running";
  }

  /** Ask to be heard. Does nothing before anything has wanted to sound. */
  async wake() {
    if (!this.silenced) return;
    try {
      await this.context?.resume();
    } catch {
      this.fire("change");
    }
  }
}
