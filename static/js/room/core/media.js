/* The room's sound and picture as this page sends and receives them. */

import { isDeviceFault, nameOfError } from "./faults.js";
import { kit } from "./livekit.js";
import { MediaConnection } from "./media-connection.js";
import { sendCamera, sendScreen } from "./publishing.js";
import { optionsFor } from "./room-options.js";

/** @import { LocalParticipant, LocalVideoTrack, RemoteVideoTrack } from "livekit-client" */
/** @import { Wants } from "./publishing.js" */
/** @typedef {LocalVideoTrack | RemoteVideoTrack} Picture that a video element can show. */

/** Fires what a `MediaConnection` fires. */
export class Media extends MediaConnection {
  get micOn() {
    return Boolean(this.me?.isMicrophoneEnabled);
  }
  get groupCameraOn() {
    return Boolean(this.me?.isCameraEnabled);
  }
  get cameraOn() {
    return this.groupCameraOn || this.beside.cameraOn;
  }
  get needsTap() {
    return this.connected && this.room?.canPlaybackAudio === false;
  }

  /**
   * Whether the camera is on or off as wanted, and in the room in which it may be.
   * @param {boolean} on
   * @param {boolean} [privately]
   */
  cameraIs(on, privately = false) {
    const aside = on && privately && this.twoRooms;
    return this.groupCameraOn === (on && !aside) && this.beside.cameraOn === aside;
  }

  /**
   * Turn the camera on or off. Resolves to whether it is as wanted; going to the room beside takes a "joined" first.
   * @param {boolean} on
   * @param {boolean} [privately]
   */
  async setCamera(on, privately = false) {
    const aside = on && privately && this.twoRooms;
    if (!aside && !this.staff) await this.beside.leave();
    if (!aside || this.groupCameraOn) await this.device("Camera", on && !aside);
    if (aside && !this.beside.me) this.beside.join();
    else if (aside) await this.device("Camera", true, this.beside.me);
    return this.cameraIs(on, privately);
  }

  /** Turn the microphone on or off. Resolves to whether it is as wanted. @param {boolean} on */
  async setMicrophone(on) {
    return this.device("Microphone", on);
  }

  /** @param {"Camera" | "Microphone"} kind @param {boolean} on @param {LocalParticipant | undefined} [who] */
  async device(kind, on, who = this.me) {
    if (!this.connected || !who) return false;
    const { room, ended } = this;
    try {
      const turned = kind === "Camera" ? sendCamera(who, on, this.wishes) : who.setMicrophoneEnabled(on);
      turned.then(
        () => {
          if (room === this.room) return;
          for (const { track } of who.trackPublications?.values() ?? []) track?.stop();
        },
        () => {},
      );
      await Promise.race([
        turned,
        ended.then(() => {
          throw new Error("the room was left meanwhile");
        }),
      ]);
    } catch (error) {
      // Who moves to another room leaves a half-sent picture behind: the device is well, and is turned on there.
      const what = kind === "Camera" ? "camera" : "microphone";
      if (room === this.room && isDeviceFault(error)) this.fire("trouble", { what, error });
      return false;
    } finally {
      this.fire("change");
    }
    return true;
  }

  /**
   * Take another microphone or camera from now on. Resolves to whether it is in use.
   * @param {"audioinput" | "videoinput"} kind
   * @param {string} id "" is the device's own choice
   */
  async useDevice(kind, id) {
    const camera = kind === "videoinput";
    const tracks = [this.me, this.beside.me]
      .flatMap((who) => [...(who?.trackPublications.values() ?? [])])
      .filter((one) => one.source === (camera ? kit.Track.Source.Camera : kit.Track.Source.Microphone))
      .flatMap((one) => one.track ?? []);
    for (const room of [this.room, this.beside.room]) {
      if (!room) continue;
      const { videoCaptureDefaults, audioCaptureDefaults } = optionsFor(this.devices);
      if (camera) room.options.videoCaptureDefaults = videoCaptureDefaults;
      else room.options.audioCaptureDefaults = audioCaptureDefaults;
    }
    try {
      let taken = true;
      for (const track of tracks) taken = (await track.setDeviceId(id ? { exact: id } : "default")) && taken;
      return taken || !id;
    } catch {
      return false;
    } finally {
      this.fire("change");
    }
  }

  /** Whether our own picture is paused, for our weak link. */
  get ownPaused() {
    return this.groupCameraOn && !this.asked.wants(this.me?.getTrackPublication(kit.Track.Source.Camera));
  }

  /** How many cameras the engine holds back, so that the sound stays clear. */
  get picturesPaused() {
    return this.pictures.filter((one) => one.track?.streamState === kit.Track.StreamState.Paused).length;
  }

  /** Receive and send like that from now on. @param {Wants} wishes */
  async receive(wishes) {
    const before = this.wishes;
    this.want(wishes);
    if (wishes.small === before.small && wishes.blur === before.blur) return;
    for (const who of [this.me, this.beside.me]) {
      if (!who?.isCameraEnabled) continue;
      await this.device("Camera", false, who);
      await this.device("Camera", true, who);
    }
  }

  get soundTracks() {
    return [...(this.room?.remoteParticipants.values() ?? [])]
      .flatMap((who) => [...who.audioTrackPublications.values()])
      .flatMap((one) => one.track ?? []);
  }

  /** The screen that a facilitator shows, with whose it is; null when nobody does. */
  get screen() {
    for (const who of [...(this.room?.remoteParticipants.values() ?? []), ...(this.me ? [this.me] : [])]) {
      const track = who.getTrackPublication(kit.Track.Source.ScreenShare)?.videoTrack;
      if (track) return { track, seat: who.identity, mine: who === this.me };
    }
    return null;
  }

  /**
   * Show this screen to the group or stop. Resolves to whether it is as wanted; who thinks better of it is no fault.
   * @param {boolean} on
   */
  async showScreen(on) {
    if (!this.connected || !this.me) return false;
    try {
      await sendScreen(this.me, on);
    } catch (error) {
      if (nameOfError(error) !== "NotAllowedError") this.fire("trouble", { what: "screen", error });
      return false;
    } finally {
      this.fire("change");
    }
    return true;
  }

  async startSound() {
    await this.room?.startAudio();
    this.fire("change");
  }

  /** Who sits there in the group's room, me included; null for a seat that does not. @param {string} seat */
  person(seat) {
    if (!this.room) return null;
    return this.me?.identity === seat ? this.me : (this.room.remoteParticipants.get(seat) ?? null);
  }

  /** The picture of a seat, when there is one to be shown. @param {string} seat */
  pictureOf(seat) {
    if (!this.wishes.pictures) return null;
    const shown = [this.person(seat), this.beside.person(seat)]
      .map((person) => person?.getTrackPublication(kit.Track.Source.Camera))
      .find((publication) => publication?.videoTrack && !publication.isMuted);
    return shown?.videoTrack ?? null;
  }

  /** @param {string} seat */
  soundOn(seat) {
    return Boolean(this.person(seat)?.isMicrophoneEnabled);
  }
}
