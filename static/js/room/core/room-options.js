/* How this page opens the rooms of livekit-client. */

import { kit } from "./livekit.js";

/** @import { RoomOptions } from "livekit-client" */
/** @import { Devices } from "../checks/devices.js" */

/**
 * `devices` says which camera, microphone and loudspeaker the person chose.
 * @param {Pick<Devices, "wish"> | undefined} devices
 * @returns {RoomOptions & Required<Pick<RoomOptions, "videoCaptureDefaults" | "audioCaptureDefaults">>}
 */
export const optionsFor = (devices) => ({
  adaptiveStream: true,
  dynacast: true,
  stopLocalTrackOnUnpublish: true,
  videoCaptureDefaults: { resolution: kit.VideoPresets.h360.resolution, ...devices?.wish("videoinput") },
  audioCaptureDefaults: {
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true,
    ...devices?.wish("audioinput"),
  },
  publishDefaults: {
    videoCodec: "vp8",
    simulcast: true,
    videoSimulcastLayers: [kit.VideoPresets.h180],
    audioPreset: kit.AudioPresets.speech,
    dtx: true,
    red: true,
  },
  reconnectPolicy: {
    nextRetryDelayInMs: (context) => (context.elapsedMs > 60000 ? null : context.retryCount === 0 ? 100 : 250),
  },
});
