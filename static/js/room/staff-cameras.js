/* Private cameras on a LiveKit server: a room beside the group's. Who is private sends there, only facilitators receive. */

import { FINAL, kit, livekit } from "./livekit.js";

const CHANGES = ["TrackSubscribed", "TrackUnsubscribed", "TrackMuted", "TrackUnmuted", "LocalTrackPublished", "LocalTrackUnpublished"];
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Fires "joined" when it is connected, "change" when a picture came or went. */
export class StaffCameras extends EventTarget {
  /** `options` gives those of a room; `ask` resolves to a fresh {url, staff_cameras, names}; without staff_cameras there is no business here. */
  constructor(options, ask) {
    super();
    this.options = options;
    this.ask = ask;
    this.room = null;
    this.turn = null;
    this.names = {};
  }

  get me() { return this.room?.localParticipant; }
  get cameraOn() { return Boolean(this.me?.isCameraEnabled); }

  /** Be there until `leave`, trying again for as long as it takes. `given` are tokens just received. */
  async join(given = null) {
    if (this.turn) return;
    const turn = {};
    this.turn = turn;
    for (let tries = 0; this.turn === turn; tries += 1) {
      try {
        const { url, staff_cameras: token, names } = (tries === 0 && given) || await this.ask();
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

  async enter(url, token, turn) {
    await livekit();
    const room = new kit.Room(this.options());
    const { RoomEvent } = kit;
    for (const name of CHANGES) room.on(RoomEvent[name], () => this.fire("change"));
    room.on(RoomEvent.TrackUnsubscribed, (track) => track.detach());
    room.on(RoomEvent.TrackSubscribed, (track, publication, who) => this.lookUp(who.identity));
    room.on(RoomEvent.Disconnected, (reason) => this.lost(room, reason));
    await room.connect(url, token);
    if (this.turn !== turn) {
      await room.disconnect();
      return;
    }
    this.room = room;
    this.fire("joined");
  }

  /** Somebody came whose seat is newer than our list of names. */
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

  lost(room, reason) {
    if (room !== this.room) return;
    this.room = null;
    this.turn = null;
    this.fire("change");
    if (!FINAL.includes(kit.DisconnectReason[reason])) this.join();
  }

  async leave() {
    const { room } = this;
    this.turn = null;
    this.room = null;
    await room?.disconnect();
  }

  /** Who sits there, me included; null for a seat that does not. */
  person(seat) {
    const name = this.names[seat];
    if (!this.room || !name) return null;
    return this.me.identity === name ? this.me : this.room.remoteParticipants.get(name) ?? null;
  }

  fire(name) { this.dispatchEvent(new CustomEvent(name)); }
}
