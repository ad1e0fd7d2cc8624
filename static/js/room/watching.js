/* What the wall knows of each picture by itself: whether it still moves, how the link is, and whose turn it is to be
   looked at. It says nothing about how anybody moves. */

import { serverNow } from "./clock.js";

const FROZEN_MS = 8000;
const TURN_MS = 20000;
const WEAK = ["poor", "lost"];

export class Watching {
  constructor(media) {
    this.media = media;
    this.seen = new Map();
  }

  /** For how many seconds this seat's picture has stood still, 0 while it moves or is not shown. */
  frozenFor(seat, video, track) {
    const frames = video.getVideoPlaybackQuality?.().totalVideoFrames ?? 0;
    const now = performance.now();
    const last = this.seen.get(seat);
    const still = track && !document.hidden && last?.track === track && last.frames === frames;
    if (!still) this.seen.set(seat, { frames, track, since: now });
    const since = this.seen.get(seat).since;
    return still && now - since > FROZEN_MS ? Math.round((now - since) / 1000) : 0;
  }

  /** Words for a weak link of theirs; empty for a good one. */
  linkWords(seat) { return WEAK.includes(this.media.person(seat)?.connectionQuality) ? "Weak link" : ""; }

  /** Whose turn it is among these seats; the same on every facilitator's screen. */
  turn(seats, now = serverNow()) { return seats[Math.floor(now / TURN_MS) % Math.max(1, seats.length)]; }
}
