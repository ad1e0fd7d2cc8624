/* What went wrong with the connection, in the person's words, and the one tap that mends what does not mend itself. */

import { TypedEvents } from "../../shared/typed-events.js";
import { gettext } from "../../shared/words.js";
import { HearingWatch } from "../audio/hearing.js";
import { VoiceWatch } from "../audio/voice-watch.js";
import { stateOf } from "./seen.js";

/** @import { Offer } from "./connection-banner.js" */
/** @import { Media } from "./media.js" */
/** @import { RoomLink } from "./room-connection.js" */

const SWITCHING_MS = 12000;
const SLEPT_MS = 12000;
const LOOK_MS = 1000;

/**
 * Fires "change" when what should be said may have changed.
 * @extends {TypedEvents<{ change: undefined }>}
 */
export class Recovery extends TypedEvents {
  /** @param {RoomLink} link @param {Media} media */
  constructor(link, media) {
    super();
    this.link = link;
    this.media = media;
    this.up = false;
    this.upOnce = false;
    this.switchedAt = -SWITCHING_MS;
    this.slept = false;
    this.lastLook = Date.now();
    /** @type {(() => unknown) | null} Turns one's own sound on, where this page offers that to who was taken aside. */
    this.speak = null;
    this.voice = new VoiceWatch(media);
    this.voice.addEventListener("change", () => this.changed());
    this.hearing = new HearingWatch(media);
    this.hearing.addEventListener("change", () => this.changed());
    link.addEventListener("up", () => this.set(true));
    link.addEventListener("down", () => this.set(false));
    window.addEventListener("offline", () => this.set(false));
    window.addEventListener("online", () => this.afresh());
    navigator.connection?.addEventListener?.("change", () => this.switched());
    document.addEventListener("resume", () => this.awake(true));
    document.addEventListener("visibilitychange", () => this.awake(false));
    setInterval(() => this.look(), LOOK_MS);
  }

  changed() {
    this.fire("change");
  }

  /** @param {boolean} up */
  set(up) {
    this.up = up;
    this.upOnce ||= up;
    this.changed();
  }

  /** The device is on another network: Wi-Fi to mobile, say. */
  switched() {
    this.switchedAt = performance.now();
    this.connectNow();
    this.changed();
  }

  /** The network was away: the old connection may hang without knowing it, so end it and begin anew. */
  afresh() {
    if (this.link.socket.connected) this.link.socket.io.engine?.close();
    else this.connectNow();
  }

  /** Wait for no timer: the network is back now. */
  connectNow() {
    if (!this.link.finished && !this.link.socket.connected) this.link.socket.connect();
  }

  /** Timers stand still while a device sleeps: a gap between two looks is a sleep. */
  look() {
    const gap = Date.now() - this.lastLook;
    this.lastLook = Date.now();
    if (gap > SLEPT_MS) this.awake(true);
    if (this.slept && this.whole) this.slept = false;
    this.changed();
  }

  /** @param {boolean} surely whether the device is known to have slept */
  awake(surely) {
    if (document.visibilityState !== "visible" || !this.upOnce) return;
    this.slept ||= surely || Date.now() - this.lastLook > SLEPT_MS;
    if (this.slept && this.whole) this.slept = false;
    this.changed();
  }

  get inRoom() {
    return this.link.state?.me.status === "admitted";
  }
  /** Everything runs again, so that nobody has to tap. */
  get whole() {
    return this.up && this.link.socket.connected && (!this.inRoom || (this.media.connected && !this.media.needsTap));
  }

  /** The banner's words; empty while all is well. */
  words() {
    const { media } = this;
    const mediaLost = this.inRoom && media.connection === "reconnecting";
    if (!this.upOnce) return "Connecting…";
    if ((!this.up || mediaLost) && performance.now() - this.switchedAt < SWITCHING_MS)
      return gettext("Switching network… We keep your place.");
    if (!this.up && this.inRoom && !mediaLost)
      return gettext("Reconnecting… Sound and picture carry on. We keep your place.");
    if (!this.up) return gettext("Reconnecting… We keep your place.");
    if (mediaLost) return gettext("Reconnecting sound… You can still use the chat.");
    if (this.leadIsAway()) return gettext("Your facilitator is reconnecting. Stay here: the group goes on.");
    if (this.inRoom && media.connected && media.ownPaused)
      return gettext("Your picture is paused because your connection is weak. Your sound goes on.");
    if (this.inRoom && media.connected && media.picturesPaused > 0) return gettext("Picture paused to protect sound");
    return this.aside();
  }

  /** Taken aside: with whom, and that it is private. Facilitators read it beside their way back. */
  aside() {
    if (!this.inRoom || !this.link.state?.me.word) return "";
    const { me, people = {} } = this.link.state;
    const other = Object.values(people).find((one) => one.role === "facilitator");
    return me.role === "patient"
      ? gettext("Private word with %(name)s. The group cannot see or hear you.", {
          name: other?.name ?? gettext("your team"),
        })
      : "";
  }

  leadIsAway() {
    if (!this.inRoom) return false;
    const { lead, me, people = {} } = stateOf(this.link);
    const leading = lead ? people[lead] : undefined;
    return me.role === "patient" && leading !== undefined && !leading.online;
  }

  /** The one tap that helps now, or null. @returns {Offer | null} */
  tap() {
    if (this.slept) return { words: gettext("Welcome back, tap to rejoin"), icon: "speaker", act: () => this.rejoin() };
    if (this.inRoom && this.media.needsTap)
      return { words: gettext("Tap to hear the group"), icon: "speaker", act: () => this.media.startSound() };
    if (this.inRoom && this.hearing.lost)
      return {
        says: gettext("Your sound has stopped."),
        words: gettext("Turn sound back on"),
        icon: "speaker",
        act: () => this.hear(),
      };
    if (this.inRoom && this.voice.silent)
      return {
        words: gettext("We can’t hear you. Tap to fix your sound"),
        icon: "microphone",
        act: () => this.voice.mend(),
      };
    const aside = this.media.connected && !this.media.micOn && this.aside();
    if (this.speak && aside)
      return {
        says: gettext("%(place)s Your sound is off.", { place: aside }),
        words: gettext("Turn sound on"),
        icon: "microphone",
        act: this.speak,
      };
    return null;
  }

  /** A call or Siri took the sound away. */
  async hear() {
    await this.media.startSound();
    await this.hearing.turnOn();
  }

  /** After a sleep: the socket, sound and picture at once, and the right to play sound that only a tap gives. */
  async rejoin() {
    this.slept = false;
    this.connectNow();
    if (this.inRoom && this.media.connected) await this.media.startSound();
    else if (this.inRoom) await this.media.anew();
    await this.hearing.turnOn();
    await this.voice.mend();
    this.changed();
  }
}
