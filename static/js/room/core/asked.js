/* Which of our pictures the engine asks for: of one for which our own link has no room it asks for no size at all. */

import { kit } from "./livekit.js";

/** @import { Room, TrackPublication } from "livekit-client" */
/** @typedef {{ trackSid: string, subscribedQualities: { enabled: boolean }[] }} QualityUpdate */

export class Asked {
  /**
   * `heeds`: our engine asks for none only then. A LiveKit server does so wherever nobody looks, which is no fault.
   * @param {() => void} changed
   * @param {{ heeds: boolean }} options
   */
  constructor(changed, { heeds }) {
    this.changed = changed;
    this.heeds = heeds;
    /** @type {Set<string | undefined>} */
    this.unwanted = new Set();
  }

  /** @param {Room["engine"]} engine */
  follow(engine) {
    engine.on(kit.EngineEvent.SubscribedQualityUpdate, (asked) => this.hear(asked));
  }

  /** @param {QualityUpdate} update */
  hear({ trackSid, subscribedQualities }) {
    if (subscribedQualities.some((one) => one.enabled)) this.unwanted.delete(trackSid);
    else if (this.heeds) this.unwanted.add(trackSid);
    this.changed();
  }

  /**
   * Whether this publication is to be sent. One that begins anew has another name, and is.
   * @param {TrackPublication | undefined} publication
   */
  wants(publication) {
    return !this.unwanted.has(publication?.trackSid);
  }
}
