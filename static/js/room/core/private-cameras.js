/* Private cameras on a LiveKit server: a room beside the group's. Who is private sends there, only facilitators receive. */

import { TypedEvents } from "../../shared/typed-events.js";
import { isFinal, kit, livekit } from "./livekit.js";

/** @import { DisconnectReason, Room, RoomOptions } from "livekit-client" */
/**
 * With what this page joins: `token` is for the group's room, `staff_cameras` for that of private cameras, where there is
 * one and the seat belongs in it; `names` are the names there, by seat.
 * @typedef {{ url: string, token: string, staff_cameras?: string, names?: Record<string, string> }} Tokens
 */

const CHANGES = /** @type {const} */ ([
  "TrackSubscribed",
  "TrackUnsubscribed",
  "TrackMuted",
  "TrackUnmuted",
  "LocalTrackPublished",
  "LocalTrackUnpublished",
]);
/** @param {number} ms */
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/**
 * Fires "joined" when it is connected, "change" when a picture came or went.
 * @extends {TypedEvents<{ joined: undefined, change: undefined }>}
 */
export class StaffCameras extends TypedEvents {
  /**
   * `options` gives those of a room; `ask` resolves to fresh tokens; without staff_cameras there is no business here.
   * @param {() => RoomOptions} options
   * @param {() => Promise<Tokens>} ask
   */
  constructor(options, ask) {
    super();
    this.options = options;
    this.ask = ask;
    /** @type {Room | null} */
    this.room = null;
    /** @type {object | null} Which try to be there is the newest. */
    this.turn = null;
    /** @type {Record<string, string>} The name there of each seat. */
    this.names = {};
  }

  get me() {
    return this.room?.localParticipant;
  }
  get cameraOn() {
    return Boolean(this.me?.isCameraEnabled);
  }

  /** Be there until `leave`, trying again for as long as it takes. @param {Tokens | null} [given] just received */
  async join(given = null) {
    if (this.turn) return;
    const turn = {};
    this.turn = turn;
    for (let tries = 0; this.turn === turn; tries += 1) {
      try {
        const { url, staff_cameras: token, names } = (tries === 0 && given) || (await this.ask());
        if (this.turn !== turn) return;
        this.names = names ?? {};
        if (token) await this.enter(url, token, turn);
        else this.turn = null;
        return;
      } catch {
        await pause(Math.min(4000, 250 * 1.5 ** tries));
      }
    }
  }

  /** @param {string} url @param {string} token @param {object} turn */
  async enter(url, token, turn) {
    await livekit();
    const room = new kit.Room(this.options());
    const { RoomEvent } = kit;
    for (const name of CHANGES) room.on(RoomEvent[name], () => this.fire("change"));
    room.on(RoomEvent.TrackUnsubscribed, (track) => track.detach());
    room.on(RoomEvent.TrackSubscribed, (_track, _publication, who) => this.lookUp(who.identity));
    room.on(RoomEvent.Disconnected, (reason) => this.lost(room, reason));
    await room.connect(url, token);
    if (this.turn !== turn) {
      await room.disconnect();
      return;
    }
    this.room = room;
    this.fire("joined");
  }

  /** Somebody came whose seat is newer than our list of names. @param {string} name */
  async lookUp(name) {
    for (let tries = 0; this.room && !Object.values(this.names).includes(name) && tries < 5; tries += 1) {
      try {
        this.names = (await this.ask()).names ?? this.names;
      } catch {
        await pause(1000);
      }
    }
    this.fire("change");
  }

  /** @param {Room} room @param {DisconnectReason} [reason] */
  lost(room, reason) {
    if (room !== this.room) return;
    this.room = null;
    this.turn = null;
    this.fire("change");
    if (!isFinal(reason)) this.join();
  }

  async leave() {
    const { room } = this;
    this.turn = null;
    this.room = null;
    await room?.disconnect();
  }

  /** Who sits there, me included; null for a seat that does not. @param {string} seat */
  person(seat) {
    const name = this.names[seat];
    if (!this.room || !name) return null;
    const { localParticipant: me, remoteParticipants: others } = this.room;
    return me.identity === name ? me : (others.get(name) ?? null);
  }
}
