/* How good the connection really is: what the media engine says of it, and what is counted here of the sound that comes. */

import { TypedEvents } from "../../shared/typed-events.js";

/** @import { Media } from "./media.js" */
/** @typedef {"Good" | "OK" | "Weak" | "Lost"} Word */
/**
 * @typedef {{ lost: number, concealed: number, delay: number }} Shares of the sound lost and made up; seconds of delay.
 */
/** @typedef {{ received: number, lost: number, samples: number, concealed: number, delay: number | null }} Sums */
/** @typedef {Partial<RTCInboundRtpStreamStats & RTCIceCandidatePairStats>} Numbers of whichever kind of entry. */

const EVERY_MS = 2000;
const WEAK = { lost: 0.05, concealed: 0.05, delay: 0.6 };
const FAIR = { lost: 0.015, concealed: 0.02, delay: 0.3 };
const RANK = { Good: 3, OK: 2, Weak: 1, Lost: 0 };
const BARS = { Good: 4, OK: 3, Weak: 1, Lost: 0, Checking: 2 };

/** @param {Shares} limits @param {Partial<Shares>} counted */
const beyond = (limits, counted) =>
  /** @type {(keyof Shares)[]} */ (Object.keys(limits)).some((name) => (counted[name] ?? 0) > limits[name]);

/**
 * The worse of the engine's word (or null) and of what was counted (or null).
 * @param {Word | null} engineSays
 * @param {Partial<Shares> | null} counted
 * @returns {Word | "Checking"}
 */
export function judge(engineSays, counted) {
  if (!engineSays && !counted) return "Checking";
  const own = !counted ? "Good" : beyond(WEAK, counted) ? "Weak" : beyond(FAIR, counted) ? "OK" : "Good";
  return engineSays && RANK[engineSays] < RANK[own] ? engineSays : own;
}

/**
 * What came between two looks: shares lost and made up, and the delay in seconds. null while nothing came.
 * @param {Sums} now
 * @param {Sums} before
 * @returns {Shares | null}
 */
export function difference(now, before) {
  const packets = now.received - before.received;
  const lost = Math.max(0, now.lost - before.lost);
  const samples = now.samples - before.samples;
  if (packets + lost <= 0 && now.delay === null) return null;
  return {
    lost: packets + lost > 0 ? lost / (packets + lost) : 0,
    concealed: samples > 0 ? Math.max(0, now.concealed - before.concealed) / samples : 0,
    delay: now.delay ?? 0,
  };
}

/**
 * Looks every two seconds. Fires "change".
 * @extends {TypedEvents<{ change: undefined }>}
 */
export class Quality extends TypedEvents {
  /** @param {Media} media */
  constructor(media) {
    super();
    this.media = media;
    /** @type {Shares | null} */
    this.counted = null;
    /** @type {Sums | null} */
    this.before = null;
    this.paused = 0;
    setInterval(() => this.look(), EVERY_MS);
  }

  get word() {
    return this.media.connected ? judge(this.media.engineSays, this.counted) : "Lost";
  }
  get bars() {
    return BARS[this.word];
  }

  async look() {
    if (!this.media.connected) {
      this.before = null;
      this.counted = null;
      this.media.engineSays = null;
      return;
    }
    const now = await this.count();
    this.counted = this.before ? (difference(now, this.before) ?? this.counted) : null;
    this.before = now;
    this.paused = this.media.picturesPaused;
    this.fire("change");
  }

  async count() {
    /** @type {Sums} */
    const sum = { received: 0, lost: 0, samples: 0, concealed: 0, delay: null };
    const reports = await Promise.all(
      this.media.soundTracks.map((track) => track.getRTCStatsReport().catch(() => null)),
    );
    for (const report of reports) for (const one of report?.values() ?? []) this.add(sum, one);
    return sum;
  }

  /** @param {Sums} sum @param {RTCStats & Numbers} one */
  add(sum, one) {
    if (one.type === "inbound-rtp") {
      sum.received += one.packetsReceived ?? 0;
      sum.lost += Math.max(0, one.packetsLost ?? 0);
      // Silence that was never sent is no fault of the link.
      sum.concealed += Math.max(0, (one.concealedSamples ?? 0) - (one.silentConcealedSamples ?? 0));
      sum.samples += one.totalSamplesReceived ?? 0;
    } else if (one.type === "candidate-pair" && one.nominated && one.currentRoundTripTime !== undefined)
      sum.delay = one.currentRoundTripTime;
  }
}
