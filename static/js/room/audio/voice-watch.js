/* Notices that our own microphone sends nothing: after a phone call or Siri, iOS leaves a track that is on and silent. */

import { TypedEvents } from "../../shared/typed-events.js";

/** @import { LocalAudioTrack } from "livekit-client" */
/** @import { Media } from "../core/media.js" */

const LOOK_MS = 1000;
const SILENT_MS = 8000;

/**
 * Fires "change" when `silent` changes. True silence is every sample at nought; a quiet room never is.
 * @extends {TypedEvents<{ change: undefined }>}
 */
export class VoiceWatch extends TypedEvents {
  /** @param {Media} media */
  constructor(media) {
    super();
    this.media = media;
    this.silent = false;
    /** @type {number | null} When nothing was first heard. */
    this.since = null;
    /** @type {MediaStreamTrack | undefined} What is listened to. */
    this.source = undefined;
    /** @type {AudioContext | undefined} Made at first need, as is what looks at the samples. */
    this.context = undefined;
    /** @type {AnalyserNode | undefined} */
    this.analyser = undefined;
    /** @type {MediaStreamAudioSourceNode | null} */
    this.input = null;
    document.addEventListener(
      "visibilitychange",
      () => document.visibilityState === "visible" && this.context?.resume(),
    );
    setInterval(() => this.look(), LOOK_MS);
  }

  get publication() {
    return [...(this.media.me?.audioTrackPublications?.values() ?? [])].find((one) => one.source === "microphone");
  }
  get track() {
    return this.media.micOn ? /** @type {LocalAudioTrack | undefined} */ (this.publication?.track) : null;
  }

  look() {
    const source = this.track?.mediaStreamTrack;
    if (source !== this.source) this.listen(source);
    const over = source?.readyState === "ended";
    const nothing = source && (source.muted || over || this.level() === 0);
    const now = performance.now();
    this.since = nothing ? (this.since ?? now) : null;
    this.become(this.since !== null && (over || now - this.since > SILENT_MS));
  }

  /** @param {MediaStreamTrack | undefined} source */
  listen(source) {
    this.source = source;
    this.input?.disconnect();
    this.input = null;
    if (!source) return;
    this.context ??= new AudioContext();
    this.context.resume();
    this.analyser ??= this.context.createAnalyser();
    this.input = this.context.createMediaStreamSource(new MediaStream([source]));
    this.input.connect(this.analyser);
  }

  /** The loudest sample heard just now, or null where the device does not let us listen. */
  level() {
    if (!this.input || !this.analyser || this.context?.state !== "running") return null;
    const samples = new Float32Array(this.analyser.fftSize);
    this.analyser.getFloatTimeDomainData(samples);
    return samples.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
  }

  /** @param {boolean} silent */
  become(silent) {
    if (silent === this.silent) return;
    this.silent = silent;
    this.fire("change");
  }

  /** Open the microphone anew and send that. Needs a press on some phones, so it is never done unasked. */
  async mend() {
    const { track } = this;
    this.since = null;
    this.become(false);
    if (!track) return;
    try {
      await track.restartTrack();
      await this.context?.resume();
    } catch (error) {
      this.media.fire("trouble", { what: "microphone", error });
    }
  }
}
