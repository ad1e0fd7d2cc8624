/* Notices that the others cannot be heard: a call, Siri or a headset that goes away pauses the page's sound. */

import { TypedEvents } from "../../shared/typed-events.js";

/** @import { Media } from "../core/media.js" */

const LOOK_MS = 1000;
const GRACE_MS = 800;

/** Whether something that has what to play stands still. @param {HTMLMediaElement} one */
const stands = (one) => one.paused && one.srcObject && "active" in one.srcObject && one.srcObject.active;

/**
 * Fires "change" when `lost` changes. Nothing is played unasked but once when the page comes to the front again.
 * @extends {TypedEvents<{ change: undefined }>}
 */
export class HearingWatch extends TypedEvents {
  /** @param {Pick<Media, "soundBox" | "connected">} media */
  constructor(media) {
    super();
    this.media = media;
    this.lost = false;
    /** @type {number | null} When it was first seen that they stand still. */
    this.since = null;
    for (const name of ["pause", "play", "playing"])
      media.soundBox?.addEventListener(name, () => this.look(), { capture: true });
    document.addEventListener("visibilitychange", () => this.visible());
    window.addEventListener("pageshow", () => this.visible());
    window.addEventListener("focus", () => this.visible());
    navigator.audioSession?.addEventListener?.("statechange", () => this.visible());
    setInterval(() => this.look(), LOOK_MS);
  }

  /** The sounds of the others that should be heard and stand still. */
  get stopped() {
    const sounds = [...(this.media.soundBox?.querySelectorAll("audio") ?? [])];
    return sounds.filter(stands);
  }

  look() {
    const now = performance.now();
    const lost = this.media.connected && this.stopped.length > 0;
    if (lost && this.since === null) setTimeout(() => this.look(), GRACE_MS + 20);
    this.since = lost ? (this.since ?? now) : null;
    this.become(this.since !== null && now - this.since >= GRACE_MS);
  }

  /** @param {boolean} lost */
  become(lost) {
    if (lost === this.lost) return;
    this.lost = lost;
    this.fire("change");
  }

  visible() {
    if (document.visibilityState === "visible" && this.stopped.length) this.turnOn();
  }

  /** Have everything heard and seen again. A press gives the right to it where the device asks for one. */
  async turnOn() {
    const pictures = [...document.querySelectorAll("video")].filter(stands);
    await Promise.allSettled([...this.stopped, ...pictures].map((one) => one.play()));
    if (!this.stopped.length) this.since = null;
    this.look();
  }
}
