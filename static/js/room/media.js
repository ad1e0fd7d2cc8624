/* Sound and picture, through an unmodified livekit-client. Comes back by itself; asks for a fresh token each time. */

import { FINAL, kit, livekit } from "./livekit.js";
import { StaffCameras } from "./staff-cameras.js";

const options = () => ({
  adaptiveStream: true,
  dynacast: false,
  stopLocalTrackOnUnpublish: true,
  videoCaptureDefaults: { resolution: kit.VideoPresets.h360.resolution },
  audioCaptureDefaults: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  publishDefaults: { videoCodec: "vp8", simulcast: true, videoSimulcastLayers: [kit.VideoPresets.h180], audioPreset: kit.AudioPresets.speech, dtx: true, red: true },
  reconnectPolicy: {
    nextRetryDelayInMs: (context) => (context.elapsedMs > 60000 ? null : context.retryCount === 0 ? 100 : 250),
  },
});
const PUT_OUT = ["PARTICIPANT_REMOVED", "ROOM_DELETED"];
const WORDS = { excellent: "Good", good: "OK", poor: "Weak", lost: "Lost" };
const SCREEN = { maxBitrate: 1_200_000, maxFramerate: 8 };
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Fires "change" when anything to be shown has changed, "trouble" (detail: device fault), "elsewhere". */
export class Media extends EventTarget {
  /** `twoRooms`: private cameras go into a room beside the group's. `staff`: this page receives from there. */
  constructor({ session, csrf, twoRooms = false, staff = false }) {
    super();
    this.session = session;
    this.csrf = csrf;
    this.twoRooms = twoRooms;
    this.staff = staff;
    this.beside = new StaffCameras(options, () => this.tokens());
    this.beside.addEventListener("joined", () => this.fire("joined"));
    this.beside.addEventListener("change", () => this.fire("change"));
    this.wanted = null;
    this.place = "";
    this.connection = "connecting";
    this.engineSays = null;
    this.wishes = { pictures: true, small: false, blur: false };
    this.speakers = [];
    this.room = null;
    this.volume = 1;
    this.soundBox = document.body.appendChild(Object.assign(document.createElement("div"), { hidden: true }));
  }

  get me() { return this.room?.localParticipant; }
  get connected() { return this.connection === "connected"; }
  get micOn() { return Boolean(this.me?.isMicrophoneEnabled); }
  get groupCameraOn() { return Boolean(this.me?.isCameraEnabled); }
  get cameraOn() { return this.groupCameraOn || this.beside.cameraOn; }
  get needsTap() { return this.connected && this.room?.canPlaybackAudio === false; }

  async tokens() {
    const answer = await fetch(`/sessions/${this.session}/media-token`, {
      method: "POST",
      headers: { "X-CSRFToken": this.csrf, Accept: "application/json" },
    });
    if (!answer.ok) throw Object.assign(new Error("no token"), { refused: answer.status < 500 });
    return answer.json();
  }

  /** Be in the sound and picture of a place: "" is the whole group. The server's token says which room that is. */
  async goTo(place) {
    if (this.wanted && this.place === place) return;
    this.place = place;
    if (this.wanted) await this.leave();
    if (this.place === place) await this.join();
  }

  /** Be in the room's sound and picture until `leave`; tries again for as long as it takes. */
  async join() {
    if (this.wanted) return;
    const turn = {};
    this.wanted = turn;
    for (let tries = 0; this.wanted === turn; tries += 1) {
      try {
        await livekit();
        await this.connect(await this.tokens(), turn);
        return;
      } catch (error) {
        if (error.refused) tries = Math.max(tries, 6);
        this.set("reconnecting");
        await pause(Math.min(4000, 250 * 1.5 ** tries));
      }
    }
  }

  async connect(tokens, turn) {
    if (this.wanted !== turn) return;
    const room = new kit.Room(options());
    this.listen(room);
    this.room = room;
    await room.connect(tokens.url, tokens.token);
    if (this.wanted !== turn) {
      await room.disconnect();
      return;
    }
    if (tokens.staff_cameras) this.beside.join(tokens);
    this.set("connected");
    this.fire("joined");
  }

  listen(room) {
    const change = () => this.fire("change");
    for (const name of ["ParticipantConnected", "ParticipantDisconnected", "TrackUnsubscribed", "TrackMuted", "TrackUnmuted", "LocalTrackPublished", "LocalTrackUnpublished", "AudioPlaybackStatusChanged", "TrackUnpublished", "TrackStreamStateChanged"]) {
      room.on(kit.RoomEvent[name], change);
    }
    room.on(kit.RoomEvent.TrackSubscribed, (track, publication) => {
      this.settle(publication);
      if (track.kind === kit.Track.Kind.Audio) {
        this.soundBox.append(track.attach());
        track.setVolume(this.volume);
      }
      change();
    });
    room.on(kit.RoomEvent.TrackUnsubscribed, (track) => track.detach().forEach((element) => element.remove()));
    room.on(kit.RoomEvent.ActiveSpeakersChanged, (speakers) => {
      this.speakers = speakers.map((one) => one.identity);
      change();
    });
    room.on(kit.RoomEvent.ConnectionQualityChanged, (quality, who) => {
      if (who.isLocal) this.engineSays = WORDS[quality] ?? null;
      change();
    });
    room.on(kit.RoomEvent.ParticipantPermissionsChanged, (earlier, who) => { if (who.isLocal) this.fire("joined"); change(); });
    room.on(kit.RoomEvent.Reconnecting, () => this.set("reconnecting"));
    room.on(kit.RoomEvent.SignalReconnecting, () => this.set("reconnecting"));
    room.on(kit.RoomEvent.Reconnected, () => { this.set("connected"); this.fire("joined"); });
    room.on(kit.RoomEvent.Disconnected, (reason) => this.lost(room, reason));
  }

  lost(room, reason) {
    if (room !== this.room) return;
    this.soundBox.replaceChildren();
    this.set("reconnecting");
    const why = kit.DisconnectReason[reason];
    if (why === "DUPLICATE_IDENTITY") this.fire("elsewhere");
    const again = this.wanted && !FINAL.includes(why);
    this.wanted = null;
    if (again) this.join();
    else if (PUT_OUT.includes(why)) this.fire("put_out");
  }

  async leave() {
    const { room } = this;
    this.wanted = null;
    this.room = null;
    await Promise.all([room?.disconnect(), this.beside.leave()]);
    this.soundBox.replaceChildren();
    this.set("connecting");
  }

  /** Whether the camera is on or off as wanted, and in the room in which it may be. */
  cameraIs(on, privately = false) {
    const aside = on && privately && this.twoRooms;
    return this.groupCameraOn === (on && !aside) && this.beside.cameraOn === aside;
  }

  /** Turn the camera on or off. Resolves to whether it is as wanted; going to the room beside takes a "joined" first. */
  async setCamera(on, privately = false) {
    const aside = on && privately && this.twoRooms;
    if (!aside && !this.staff) await this.beside.leave();
    if (!aside || this.groupCameraOn) await this.device("Camera", on && !aside);
    if (aside && !this.beside.me) this.beside.join();
    else if (aside) await this.device("Camera", true, this.beside.me);
    return this.cameraIs(on, privately);
  }

  /** Turn the microphone on or off. Resolves to whether it is as wanted. */
  async setMicrophone(on) { return this.device("Microphone", on); }

  async device(kind, on, who = this.me) {
    if (!this.connected) return false;
    try {
      await (kind === "Camera" ? this.camera(who, on) : who[`set${kind}Enabled`](on));
    } catch (error) {
      this.fire("trouble", { what: kind.toLowerCase(), error });
      return false;
    } finally {
      this.fire("change");
    }
    return true;
  }

  /** How many cameras the engine holds back, so that the sound stays clear. */
  get picturesPaused() { return this.pictures.filter((one) => one.track?.streamState === kit.Track.StreamState.Paused).length; }

  /** Leave what hangs and join at once. */
  async anew() { await this.leave(); await this.join(); }

  async camera(who, on) {
    const { small, blur } = this.wishes;
    const { resolution, encoding } = kit.VideoPresets.h180;
    const only = small ? [{ resolution }, { simulcast: false, videoEncoding: encoding }] : [];
    const sent = await who.setCameraEnabled(on, ...only);
    const track = on && sent?.track?.mediaStreamTrack;
    if (track && track.getCapabilities?.().backgroundBlur?.includes(blur)) await track.applyConstraints({ ...track.getConstraints(), backgroundBlur: blur });
  }

  /** What this page wants to receive and send: `pictures` at all, only `small` ones, its own with `blur`. */
  async receive(wishes) {
    const before = this.wishes;
    this.wishes = wishes;
    for (const publication of this.pictures) this.settle(publication);
    this.fire("change");
    if (wishes.small === before.small && wishes.blur === before.blur) return;
    for (const who of [this.me, this.beside.me]) {
      if (!who?.isCameraEnabled) continue;
      await this.device("Camera", false, who);
      await this.device("Camera", true, who);
    }
  }

  settle(publication) {
    if (publication.source !== kit.Track.Source.Camera || !publication.isDesired) return;
    publication.setEnabled(this.wishes.pictures);
    publication.setVideoQuality(this.wishes.small ? kit.VideoQuality.LOW : kit.VideoQuality.HIGH);
  }

  get pictures() {
    return [this.room, this.beside.room].flatMap((room) => [...(room?.remoteParticipants.values() ?? [])]).flatMap((who) => [...who.videoTrackPublications.values()]);
  }

  get soundTracks() {
    return [...(this.room?.remoteParticipants.values() ?? [])].flatMap((who) => [...who.audioTrackPublications.values()].map((one) => one.track)).filter(Boolean);
  }

  /** The screen that a facilitator shows, with whose it is; null when nobody does. */
  get screen() {
    for (const who of [...(this.room?.remoteParticipants.values() ?? []), ...(this.me ? [this.me] : [])]) {
      const track = who.getTrackPublication(kit.Track.Source.ScreenShare)?.videoTrack;
      if (track) return { track, seat: who.identity, mine: who === this.me };
    }
    return null;
  }

  /** Show this screen to the group or stop. Resolves to whether it is as wanted; somebody who thinks better of it is no fault. */
  async showScreen(on) {
    if (!this.connected) return false;
    try {
      await this.me.setScreenShareEnabled(on, { audio: true, contentHint: "detail", selfBrowserSurface: "exclude" }, { simulcast: false, videoCodec: "vp8", screenShareEncoding: SCREEN });
    } catch (error) {
      if (error.name !== "NotAllowedError") this.fire("trouble", { what: "screen", error });
      return false;
    } finally {
      this.fire("change");
    }
    return true;
  }

  async startSound() { await this.room?.startAudio(); this.fire("change"); }

  setVolume(volume) {
    this.volume = volume;
    for (const person of this.room?.remoteParticipants.values() ?? []) person.setVolume(volume);
  }

  person(seat) {
    if (!this.room) return null;
    return this.me?.identity === seat ? this.me : this.room.remoteParticipants.get(seat) ?? null;
  }

  /** The picture of a seat, when there is one to be shown. */
  pictureOf(seat) {
    if (!this.wishes.pictures) return null;
    const shown = [this.person(seat), this.beside.person(seat)]
      .map((person) => person?.getTrackPublication(kit.Track.Source.Camera))
      .find((publication) => publication?.videoTrack && !publication.isMuted);
    return shown?.videoTrack ?? null;
  }

  soundOn(seat) { return Boolean(this.person(seat)?.isMicrophoneEnabled); }

  set(connection) {
    this.connection = connection;
    this.fire("change");
  }

  fire(name, detail) { this.dispatchEvent(new CustomEvent(name, { detail })); }
}
