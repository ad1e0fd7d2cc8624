/* Being in the room's sound and picture, through an unmodified livekit-client. Comes back by itself; asks for a fresh token
   each time. */

import { TypedEvents } from "../../shared/typed-events.js";
import { Asked } from "./asked.js";
import { isFinal, kit, livekit, nameOfEnd } from "./livekit.js";
import { StaffCameras } from "./private-cameras.js";
import { optionsFor } from "./room-options.js";

/**
 * @import { ConnectionQuality, DisconnectReason, RemoteTrackPublication, RemoteAudioTrack, Room } from "livekit-client"
 */
/** @import { Devices } from "../checks/devices.js" */
/** @import { What } from "./faults.js" */
/** @import { Tokens } from "./private-cameras.js" */
/** @import { Wants } from "./publishing.js" */
/** @import { Word } from "./quality.js" */
/** @typedef {{ what: What, error: unknown }} Trouble with a device. */
/**
 * @typedef {object} Heard
 * @property {undefined} change anything to be shown has changed
 * @property {Trouble} trouble
 * @property {undefined} joined
 * @property {undefined} elsewhere the same seat is in the room from another page
 * @property {undefined} put_out the server ended it
 */
/**
 * @typedef {object} Where
 * @property {string} session
 * @property {string} csrf
 * @property {Pick<Devices, "wish">} [devices]
 * @property {boolean} [twoRooms] private cameras go into a room beside the group's
 * @property {boolean} [staff] this page receives from there
 */

const PUT_OUT = ["PARTICIPANT_REMOVED", "ROOM_DELETED"];
const CHANGES = /** @type {const} */ ([
  "ParticipantConnected",
  "ParticipantDisconnected",
  "TrackUnsubscribed",
  "TrackMuted",
  "TrackUnmuted",
  "LocalTrackPublished",
  "LocalTrackUnpublished",
  "AudioPlaybackStatusChanged",
  "TrackUnpublished",
  "TrackStreamStateChanged",
]);
/** @type {Partial<Record<ConnectionQuality, Word>>} */
const WORDS = { excellent: "Good", good: "OK", poor: "Weak", lost: "Lost" };
const MOST_TRIES = 6;
/** @param {number} ms */
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** The server gave no token. `refused`: it will not soon either. */
class NoToken extends Error {
  /** @param {number} status */
  constructor(status) {
    super("no token");
    this.refused = status < 500;
  }
}

/** @extends {TypedEvents<Heard>} */
export class MediaConnection extends TypedEvents {
  /** @param {Where} where */
  constructor({ session, csrf, devices, twoRooms = false, staff = false }) {
    super();
    this.devices = devices;
    this.session = session;
    this.csrf = csrf;
    this.twoRooms = twoRooms;
    this.staff = staff;
    this.beside = new StaffCameras(
      () => optionsFor(devices),
      () => this.tokens(),
    );
    this.beside.addEventListener("joined", () => this.fire("joined"));
    this.beside.addEventListener("change", () => this.fire("change"));
    /** @type {object | null} Which try to be in the room is the newest. */
    this.wanted = null;
    this.place = "";
    /** @type {"connecting" | "connected" | "reconnecting"} */
    this.connection = "connecting";
    /** @type {Word | null} What the engine says of our own connection. */
    this.engineSays = null;
    /** @type {Wants} */
    this.wishes = { pictures: true, small: false, blur: false };
    /** @type {string[]} The seats that talk now. */
    this.speakers = [];
    this.asked = new Asked(() => this.fire("change"), { heeds: !twoRooms });
    /** @type {Room | null} */
    this.room = null;
    /** @type {Promise<unknown>} Ends with the room that we are in: what was begun in it may never answer. */
    this.ended = new Promise(() => {});
    /** @type {(value?: unknown) => void} */
    this.end = () => {};
    this.volume = 1;
    this.soundBox = document.body.appendChild(Object.assign(document.createElement("div"), { hidden: true }));
  }

  get me() {
    return this.room?.localParticipant;
  }
  get connected() {
    return this.connection === "connected";
  }

  /** @returns {Promise<Tokens>} */
  async tokens() {
    const answer = await fetch(`/sessions/${this.session}/media-token`, {
      method: "POST",
      headers: { "X-CSRFToken": this.csrf, Accept: "application/json" },
    });
    if (!answer.ok) throw new NoToken(answer.status);
    return answer.json();
  }

  /**
   * Be in the sound and picture of a place: "" is the whole group. The server's token says which room that is.
   * @param {string} place
   */
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
        if (error instanceof NoToken && error.refused) tries = Math.max(tries, MOST_TRIES);
        this.set("reconnecting");
        await pause(Math.min(4000, 250 * 1.5 ** tries));
      }
    }
  }

  /** @param {Tokens} tokens @param {object} turn */
  async connect(tokens, turn) {
    if (this.wanted !== turn) return;
    const room = new kit.Room(optionsFor(this.devices));
    this.listen(room);
    this.enter(room);
    await room.connect(tokens.url, tokens.token);
    if (this.wanted !== turn) {
      await room.disconnect();
      return;
    }
    this.asked.follow(room.engine);
    if (tokens.staff_cameras) this.beside.join(tokens);
    this.set("connected");
    this.fire("joined");
  }

  /** @param {Room} room */
  enter(room) {
    this.end();
    this.room = room;
    this.ended = new Promise((done) => {
      this.end = done;
    });
  }

  /** @param {Room} room */
  listen(room) {
    const change = () => this.fire("change");
    for (const name of CHANGES) room.on(kit.RoomEvent[name], change);
    room.on(kit.RoomEvent.TrackSubscribed, (track, publication) => {
      this.settle(publication);
      if (track.kind === kit.Track.Kind.Audio) {
        this.soundBox.append(track.attach());
        /** @type {RemoteAudioTrack} */ (track).setVolume(this.volume);
      }
      change();
    });
    room.on(kit.RoomEvent.TrackUnsubscribed, (track) => {
      for (const element of track.detach()) element.remove();
    });
    room.on(kit.RoomEvent.ActiveSpeakersChanged, (speakers) => {
      this.speakers = speakers.map((one) => one.identity);
      change();
    });
    room.on(kit.RoomEvent.ConnectionQualityChanged, (quality, who) => {
      if (who.isLocal) this.engineSays = WORDS[quality] ?? null;
      change();
    });
    room.on(kit.RoomEvent.ParticipantPermissionsChanged, (_, who) => {
      if (who.isLocal) this.fire("joined");
      change();
    });
    room.on(kit.RoomEvent.Reconnecting, () => this.set("reconnecting"));
    room.on(kit.RoomEvent.SignalReconnecting, () => this.set("reconnecting"));
    room.on(kit.RoomEvent.Reconnected, () => {
      this.set("connected");
      this.fire("joined");
    });
    room.on(kit.RoomEvent.Disconnected, (reason) => this.lost(room, reason));
  }

  /** @param {Room} room @param {DisconnectReason} [reason] */
  lost(room, reason) {
    if (room !== this.room) return;
    this.soundBox.replaceChildren();
    this.set("reconnecting");
    this.end();
    const why = nameOfEnd(reason);
    if (why === "DUPLICATE_IDENTITY") this.fire("elsewhere");
    const again = this.wanted && !isFinal(reason);
    this.wanted = null;
    if (again) this.join();
    else if (PUT_OUT.includes(why)) this.fire("put_out");
  }

  async leave() {
    const { room } = this;
    this.wanted = null;
    this.room = null;
    this.connection = "connecting";
    this.end();
    await Promise.all([room?.disconnect(), this.beside.leave()]);
    this.soundBox.replaceChildren();
    this.set("connecting");
  }

  /** Leave what hangs and join at once. */
  async anew() {
    await this.leave();
    await this.join();
  }

  /** Receive a camera as this page wants it. @param {RemoteTrackPublication} publication */
  settle(publication) {
    if (publication.source !== kit.Track.Source.Camera || !publication.isDesired) return;
    publication.setEnabled(this.wishes.pictures);
    publication.setVideoQuality(this.wishes.small ? kit.VideoQuality.LOW : kit.VideoQuality.HIGH);
  }

  get pictures() {
    return [this.room, this.beside.room]
      .flatMap((room) => [...(room?.remoteParticipants.values() ?? [])])
      .flatMap((who) => [...who.videoTrackPublications.values()]);
  }

  /** Receive pictures like that from now on. @param {Wants} wishes */
  want(wishes) {
    this.wishes = wishes;
    for (const publication of this.pictures) this.settle(publication);
    this.fire("change");
  }

  /** @param {number} volume from 0 to 1 */
  setVolume(volume) {
    this.volume = volume;
    for (const person of this.room?.remoteParticipants.values() ?? []) person.setVolume(volume);
  }

  /** @param {"connecting" | "connected" | "reconnecting"} connection */
  set(connection) {
    this.connection = connection;
    this.fire("change");
  }
}
