/* Sound and picture, through an unmodified livekit-client. Comes back by itself; asks for a fresh token each time. */

const { Room, RoomEvent, Track, DisconnectReason, ConnectionQuality, VideoPresets } = window.LivekitClient;
const OPTIONS = {
  adaptiveStream: true,
  dynacast: false,
  stopLocalTrackOnUnpublish: true,
  videoCaptureDefaults: { resolution: VideoPresets.h360.resolution },
  audioCaptureDefaults: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  publishDefaults: { videoCodec: "vp8", simulcast: true, videoSimulcastLayers: [VideoPresets.h180], dtx: true, red: false },
  reconnectPolicy: {
    nextRetryDelayInMs: (context) => (context.elapsedMs > 60000 ? null : context.retryCount === 0 ? 100 : 250),
  },
};
const FINAL = [DisconnectReason.CLIENT_INITIATED, DisconnectReason.DUPLICATE_IDENTITY, DisconnectReason.PARTICIPANT_REMOVED, DisconnectReason.ROOM_DELETED];
const WORDS = {
  [ConnectionQuality.Excellent]: ["Good", 4],
  [ConnectionQuality.Good]: ["OK", 3],
  [ConnectionQuality.Poor]: ["Weak", 1],
  [ConnectionQuality.Lost]: ["Lost", 0],
};
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Fires "change" when anything to be shown has changed, "trouble" (detail: device fault), "elsewhere". */
export class Media extends EventTarget {
  constructor({ session, csrf }) {
    super();
    this.session = session;
    this.csrf = csrf;
    this.wanted = false;
    this.connection = "connecting";
    this.quality = WORDS[ConnectionQuality.Good];
    this.speakers = [];
    this.room = null;
    this.volume = 1;
    this.soundBox = document.body.appendChild(Object.assign(document.createElement("div"), { hidden: true }));
  }

  get me() { return this.room?.localParticipant; }
  get connected() { return this.connection === "connected"; }
  get micOn() { return Boolean(this.me?.isMicrophoneEnabled); }
  get cameraOn() { return Boolean(this.me?.isCameraEnabled); }
  get needsTap() { return this.connected && this.room.canPlaybackAudio === false; }

  async token() {
    const answer = await fetch(`/sessions/${this.session}/media-token`, {
      method: "POST",
      headers: { "X-CSRFToken": this.csrf, Accept: "application/json" },
    });
    if (!answer.ok) throw Object.assign(new Error("no token"), { refused: answer.status < 500 });
    return answer.json();
  }

  /** Be in the room's sound and picture until `leave`; tries again for as long as it takes. */
  async join() {
    if (this.wanted) return;
    this.wanted = true;
    for (let tries = 0; this.wanted; tries += 1) {
      try {
        const { url, token } = await this.token();
        await this.connect(url, token);
        return;
      } catch (error) {
        if (error.refused) tries = Math.max(tries, 6);
        this.set("reconnecting");
        await pause(Math.min(4000, 250 * 1.5 ** tries));
      }
    }
  }

  async connect(url, token) {
    const room = new Room(OPTIONS);
    this.listen(room);
    this.room = room;
    await room.connect(url, token);
    this.set("connected");
    this.fire("joined");
  }

  listen(room) {
    const change = () => this.fire("change");
    for (const name of ["ParticipantConnected", "ParticipantDisconnected", "TrackUnsubscribed", "TrackMuted", "TrackUnmuted", "LocalTrackPublished", "LocalTrackUnpublished", "AudioPlaybackStatusChanged", "TrackUnpublished", "TrackStreamStateChanged"]) {
      room.on(RoomEvent[name], change);
    }
    room.on(RoomEvent.TrackSubscribed, (track) => {
      if (track.kind === Track.Kind.Audio) {
        this.soundBox.append(track.attach());
        track.setVolume(this.volume);
      }
      change();
    });
    room.on(RoomEvent.TrackUnsubscribed, (track) => track.detach().forEach((element) => element.remove()));
    room.on(RoomEvent.ActiveSpeakersChanged, (speakers) => {
      this.speakers = speakers.map((one) => one.identity);
      change();
    });
    room.on(RoomEvent.ConnectionQualityChanged, (quality, who) => {
      if (who.isLocal && WORDS[quality]) this.quality = WORDS[quality];
      change();
    });
    room.on(RoomEvent.ParticipantPermissionsChanged, (earlier, who) => { if (who.isLocal) this.fire("joined"); change(); });
    room.on(RoomEvent.Reconnecting, () => this.set("reconnecting"));
    room.on(RoomEvent.SignalReconnecting, () => this.set("reconnecting"));
    room.on(RoomEvent.Reconnected, () => { this.set("connected"); this.fire("joined"); });
    room.on(RoomEvent.Disconnected, (reason) => this.lost(room, reason));
  }

  lost(room, reason) {
    if (room !== this.room) return;
    this.soundBox.replaceChildren();
    this.set("reconnecting");
    if (reason === DisconnectReason.DUPLICATE_IDENTITY) this.fire("elsewhere");
    if (!this.wanted || FINAL.includes(reason)) {
      this.wanted = false;
      return;
    }
    this.wanted = false;
    this.join();
  }

  async leave() {
    this.wanted = false;
    await this.room?.disconnect();
    this.room = null;
    this.soundBox.replaceChildren();
    this.set("connecting");
  }

  /** Turn the camera on or off. Resolves to whether it is as wanted. */
  async setCamera(on) { return this.device("Camera", on); }

  /** Turn the microphone on or off. Resolves to whether it is as wanted. */
  async setMicrophone(on) { return this.device("Microphone", on); }

  async device(kind, on) {
    if (!this.connected) return false;
    try {
      await this.me[`set${kind}Enabled`](on);
    } catch (error) {
      this.fire("trouble", { what: kind.toLowerCase(), error });
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
    const publication = this.person(seat)?.getTrackPublication(Track.Source.Camera);
    return publication && !publication.isMuted ? publication.videoTrack ?? null : null;
  }

  soundOn(seat) { return Boolean(this.person(seat)?.isMicrophoneEnabled); }

  set(connection) {
    this.connection = connection;
    this.fire("change");
  }

  fire(name, detail) { this.dispatchEvent(new CustomEvent(name, { detail })); }
}
