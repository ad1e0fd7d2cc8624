/* How our own picture and screen are sent: in which size, and with what done to them. */

import { kit } from "./livekit.js";

/** @import { LocalParticipant, ScreenShareCaptureOptions } from "livekit-client" */
/**
 * What this page wants to receive and send: `pictures` at all, only `small` ones, its own with `blur`.
 * @typedef {{ pictures: boolean, small: boolean, blur: boolean }} Wants
 */

const SCREEN = { maxBitrate: 1_200_000, maxFramerate: 8 };

/**
 * Send this person's camera or stop: in one `small` size where the page asks for that, with `blur` where it can.
 * @param {LocalParticipant} who
 * @param {boolean} on
 * @param {Wants} wants
 */
export async function sendCamera(who, on, { small, blur }) {
  const { resolution, encoding } = kit.VideoPresets.h180;
  const sent = small
    ? await who.setCameraEnabled(on, { resolution }, { simulcast: false, videoEncoding: encoding })
    : await who.setCameraEnabled(on);
  const track = on ? sent?.track?.mediaStreamTrack : undefined;
  if (track?.getCapabilities?.().backgroundBlur?.includes(blur))
    await track.applyConstraints({ ...track.getConstraints(), backgroundBlur: blur });
}

/**
 * Show the group a screen that this person chooses, or stop.
 * @param {LocalParticipant} who
 * @param {boolean} on
 */
export async function sendScreen(who, on) {
  /** @type {ScreenShareCaptureOptions} */
  const shown = { audio: true, contentHint: "detail", selfBrowserSurface: "exclude" };
  await who.setScreenShareEnabled(on, shown, { simulcast: false, videoCodec: "vp8", screenShareEncoding: SCREEN });
}
