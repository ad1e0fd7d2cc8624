/* One's own picture and sound, sent to the media engine and back: two connections of this page to a room of its own. */

/** @import { RemoteTrack, Room } from "livekit-client" */
/** @typedef {"good" | "poor" | "none" | "away" | "full" | "often"} Way */

const WITHIN_MS = 12000;
const BACK_WITHIN_MS = 10000;
const LOOK_MS = 3000;
const WEAK = ["poor", "lost"];
const SMALL = { width: 320, height: 180, frameRate: 15 };
/** @param {number} ms */
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

export class Echo {
  /** @param {{ csrf: string, picture: HTMLVideoElement, streams: (MediaStream | null)[] }} given */
  constructor({ csrf, picture, streams }) {
    this.csrf = csrf;
    this.picture = picture;
    this.tracks = streams.flatMap((stream) => stream?.getTracks() ?? []);
    /** @type {Room[]} */
    this.rooms = [];
    /** @type {Set<string>} Kinds of track that came back. */
    this.back = new Set();
    /** @type {MediaStreamTrack | null} The sound as it came back. */
    this.sound = null;
    this.weak = false;
    /** Whether the engine has ended it: it has too much to do. */
    this.cut = false;
  }

  /** Send and wait for what comes back. @returns {Promise<Way>} */
  async begin() {
    const given = await fetch("/trial/echo", {
      method: "POST",
      headers: { "X-CSRFToken": this.csrf, Accept: "application/json" },
    }).catch(() => null);
    if (!given || !window.LivekitClient) return "none";
    if (given.status === 429) return "often";
    if (!given.ok) return "away";
    const { url, speak, listen, away, full } = await given.json();
    if (away) return "away";
    if (full) return "full";
    try {
      await this.connect(url, listen, (room) => this.receive(room));
      await this.connect(url, speak, (room) => this.watch(room));
      for (const track of this.tracks) await this.send(track);
    } catch (error) {
      return String(/** @type {Error} */ (error)?.message).includes("full") ? "full" : "none";
    }
    return this.judge();
  }

  /** @param {string} url @param {string} token @param {(room: Room) => void} prepare */
  async connect(url, token, prepare) {
    const room = new window.LivekitClient.Room({ adaptiveStream: false, dynacast: false });
    this.rooms.push(room);
    const { RoomEvent, DisconnectReason } = window.LivekitClient;
    room.on(RoomEvent.Disconnected, (reason) => {
      if (reason === DisconnectReason.ROOM_CLOSED) this.cut = true;
    });
    prepare(room);
    await room.connect(url, token, { peerConnectionTimeout: WITHIN_MS, websocketTimeout: WITHIN_MS, maxRetries: 0 });
  }

  /** @param {Room} room */
  receive(room) {
    room.on(window.LivekitClient.RoomEvent.TrackSubscribed, (track) => this.came(track));
  }

  /** @param {RemoteTrack} track */
  came(track) {
    this.back.add(track.kind);
    if (track.kind === "video") track.attach(this.picture);
    else {
      this.sound = track.mediaStreamTrack;
      const quiet = /** @type {HTMLAudioElement} */ (track.attach()); // some browsers give no sound that nobody plays
      quiet.muted = true;
    }
  }

  /** @param {Room} room */
  watch(room) {
    room.on(window.LivekitClient.RoomEvent.ConnectionQualityChanged, (quality, who) => {
      if (who.isLocal && WEAK.includes(quality)) this.weak = true;
    });
  }

  /** @param {MediaStreamTrack} track */
  async send(track) {
    if (track.kind === "video") await track.applyConstraints(SMALL).catch(() => {});
    const { Track } = window.LivekitClient;
    await this.rooms[1].localParticipant.publishTrack(track, {
      source: track.kind === "video" ? Track.Source.Camera : Track.Source.Microphone,
      simulcast: false,
      videoCodec: "vp8",
      stopMicTrackOnMute: false,
    });
  }

  /** What was sent must come back, the picture must move, and the engine must not call the link weak. */
  async judge() {
    const wanted = new Set(this.tracks.map((track) => track.kind));
    const until = performance.now() + BACK_WITHIN_MS;
    while (performance.now() < until && !this.cut && !this.whole(wanted)) await pause(200);
    if (this.cut) return "full";
    if (wanted.size && !this.back.size) return "none";
    const came = this.whole(wanted);
    await pause(LOOK_MS);
    return came && !this.weak ? "good" : "poor";
  }

  /** @param {Set<string>} wanted */
  whole(wanted) {
    const moves = !wanted.has("video") || this.picture.getVideoPlaybackQuality().totalVideoFrames > 5;
    return moves && [...wanted].every((kind) => this.back.has(kind));
  }

  /** The sound that came back, for some time. @param {number} ms @returns {Promise<Blob>} */
  async record(ms) {
    if (!this.sound) throw new Error("no sound came back");
    const recorder = new MediaRecorder(new MediaStream([this.sound]));
    /** @type {Blob[]} */
    const parts = [];
    recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
    const ended = new Promise((done) => recorder.addEventListener("stop", done, { once: true }));
    recorder.start();
    await pause(ms);
    if (recorder.state !== "inactive") recorder.stop();
    await ended;
    return new Blob(parts, { type: recorder.mimeType });
  }

  end() {
    for (const room of this.rooms) room.disconnect();
    for (const track of this.tracks) track.stop();
  }
}
