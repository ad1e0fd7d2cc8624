/* What the wall knows of each picture by itself: whether it still moves, how the link is, and whose turn it is to be
   looked at. It says nothing about how anybody moves. */

import { serverNow } from "../../shared/clock.js";

/** @import { Media, Picture } from "../core/media.js" */
/** @typedef {{ frames: number, track: Picture | null, since: number }} Look at a picture. */

const FROZEN_MS = 8000;
const TURN_MS = 20000;
const WEAK = ["poor", "lost"];

export class Watching {
  /** @param {Pick<Media, "person">} media */
  constructor(media) {
    this.media = media;
    /** @type {Map<string, Look>} */
    this.seen = new Map();
  }

  /**
   * For how many seconds this seat's picture has stood still, 0 while it moves or is not shown.
   * @param {string} seat
   * @param {HTMLVideoElement} video
   * @param {Picture | null} track
   */
  frozenFor(seat, video, track) {
    const frames = video.getVideoPlaybackQuality?.().totalVideoFrames ?? 0;
    const now = performance.now();
    const last = this.seen.get(seat);
    const still = last && track && !document.hidden && last.track === track && last.frames === frames;
    if (!still) this.seen.set(seat, { frames, track, since: now });
    const since = still ? last.since : now;
    return now - since > FROZEN_MS ? Math.round((now - since) / 1000) : 0;
  }

  /** Words for a weak link of theirs; empty for a good one. @param {string} seat */
  linkWords(seat) {
    return WEAK.includes(this.media.person(seat)?.connectionQuality ?? "") ? "Weak signal" : "";
  }

  /** Whose turn it is among these seats; the same on every facilitator's screen. @param {string[]} seats */
  turn(seats, now = serverNow()) {
    return seats[Math.floor(now / TURN_MS) % Math.max(1, seats.length)];
  }
}
