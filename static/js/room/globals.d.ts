/* What the page's own scripts put on the window, and what browsers have that TypeScript does not know yet. */

type LivekitClient = typeof import("livekit-client");

interface Window {
  /** livekit-client's file for browsers, once it was fetched. */
  LivekitClient?: LivekitClient;
  io: typeof import("socket.io-client").io;
  /** hls.js's light file, once a film was opened. */
  Hls?: typeof import("hls.js").default;
}

interface Navigator {
  /** Safari only: tells when a call takes the sound away. */
  readonly audioSession?: EventTarget;
  /** Chromium only. */
  readonly connection?: EventTarget;
}

interface AudioContext {
  /** Chromium only: which loudspeaker it sounds from. */
  readonly sinkId?: string | object;
  setSinkId?(id: string): Promise<void>;
}

/* livekit-client's types name two packages that it does not bring along. */
declare module "sdp-transform" {
  export type MediaAttributes = { rtp: object[] };
  export type MediaDescription = object;
  export type SessionDescription = object;
}
declare module "@livekit/throws-transformer/throws" {
  export type Throws<Value, _Errors> = Value;
}
