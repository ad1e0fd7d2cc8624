/* My own sound and camera: what I may do now, what I chose, and what a facilitator or the section decided. */

import { announce, byId, find, icon, say } from "../../shared/dom.js";
import { gettext } from "../../shared/words.js";
import { faultOf, wordsFor } from "../core/faults.js";
import { stateOf } from "../core/seen.js";

/** @import { What } from "../core/faults.js" */
/** @import { Media } from "../core/media.js" */
/** @import { Trouble } from "../core/media-connection.js" */
/** @import { RoomLink } from "../core/room-connection.js" */
/** @typedef {(words: string, what?: What, title?: string) => void} TellTrouble Have the person read it. */

const MOST_MISSES = 3;
const NOT_YET = gettext("You are not connected yet. Please press again in a moment.");

/** Keeps the devices in step with the room's rules. */
export class Own {
  /**
   * `tryCamera` names, for the advice, the button with which this page tries the camera again.
   * @param {RoomLink} link
   * @param {Media} media
   * @param {{ onTrouble: TellTrouble, tryCamera: string }} options
   */
  constructor(link, media, { onTrouble, tryCamera }) {
    this.tryCamera = tryCamera;
    /** The camera was asked for and did not come: nobody asks again but the person, or a new camera. */
    this.cameraFailed = false;
    this.misses = 0;
    this.link = link;
    this.media = media;
    this.onTrouble = onTrouble;
    this.wantsSound = false;
    /** @type {boolean | undefined} Whether the person wants their camera, once they have said so on this page. */
    this.wantsCamera = undefined;
    /** @type {Promise<void> | null} What is being done to the devices. */
    this.busy = null;
    this.again = false;
    /** @type {number | null} */
    this.quietMs = null;
    /** @type {number | undefined} */
    this.stoppedMs = undefined;
    /** @type {string | undefined} The private word that this person is in. */
    this.word = undefined;
    /** What was on before it. */
    this.before = { sound: false, camera: false };
    this.drawn = "";
    this.button = byId("sound");
    this.button.addEventListener("click", () => this.press());
    // At once, and not with the devices: those may still be on their way when a facilitator presses.
    link.addEventListener("change", () => {
      this.heedWord();
      this.heedQuiet();
      this.heedCamera();
    });
    media.addEventListener("joined", () => {
      this.misses = 0;
      this.follow();
    });
    media.addEventListener("trouble", ({ detail }) => this.trouble(detail));
  }

  get me() {
    return stateOf(this.link).me;
  }

  async press() {
    if (!this.link.state) {
      announce(NOT_YET);
      return;
    }
    if (!this.me.may_speak) {
      announce(gettext("Your sound is off for everyone in this part. You can use the chat."));
      return;
    }
    this.wantsSound = !this.media.micOn;
    await this.follow();
    announce(this.media.micOn ? gettext("Your sound is on") : gettext("Your sound is off"));
  }

  /** Try the camera once more: somebody asked for it, or another one was plugged in. */
  async retryCamera() {
    this.cameraFailed = false;
    await this.follow();
  }

  /** Make the devices what they should be. Runs one at a time; the last wish wins. @returns {Promise<void>} */
  async follow() {
    if (this.busy) {
      this.again = true;
      return this.busy;
    }
    this.busy = this.settle();
    try {
      await this.busy;
    } finally {
      this.busy = null;
    }
    if (this.again) {
      this.again = false;
      await this.follow();
    }
    return undefined;
  }

  async settle() {
    if (!this.link.state || !this.media.connected || this.me.status !== "admitted") return;
    if (!this.me.may_speak && this.wantsSound) {
      this.wantsSound = false;
      announce(gettext("Your sound is off for this part."));
    }
    const camera =
      this.me.camera !== "off" && this.wantsCamera !== false && !this.cameraFailed && this.media.wishes.pictures;
    const privately = this.me.camera === "facilitators";
    const mayMove = !camera || (privately && this.media.twoRooms) || this.permits("camera");
    if (mayMove && !this.media.cameraIs(camera, privately)) await this.turnCamera(camera, privately);
    if (this.wantsSound !== this.media.micOn && (!this.wantsSound || this.permits("microphone")))
      await this.media.setMicrophone(this.wantsSound);
  }

  /**
   * A picture that does not get to the room is no fault of the camera, but nobody opens it for ever.
   * @param {boolean} on
   * @param {boolean} privately
   */
  async turnCamera(on, privately) {
    const done = await this.media.setCamera(on, privately);
    const onTheWay = privately && this.media.twoRooms;
    this.misses = done || onTheWay || !on ? 0 : this.misses + 1;
    if (this.misses >= MOST_MISSES && this.media.connected) this.trouble({ what: "camera", error: null });
  }

  /** @param {"camera" | "microphone"} source */
  permits(source) {
    const allowed = this.media.me?.permissions?.canPublishSources ?? [];
    return (
      this.media.me?.permissions?.canPublish !== false &&
      (!allowed.length || allowed.includes(source === "camera" ? 1 : 2))
    );
  }

  /** What was turned on for a private word is for it alone: who goes back to the group takes nothing along. */
  heedWord() {
    const { word, role } = this.me;
    const on = { sound: this.wantsSound, camera: this.media.cameraOn };
    if (word && !this.word) this.before = on;
    if (this.word && !word) {
      if (on.sound && !this.before.sound) {
        this.wantsSound = false;
        announce(gettext("Your sound is off again, as before the private word."));
      }
      if (role === "facilitator" && this.wantsCamera && !this.before.camera) this.wantsCamera = false;
    }
    this.word = word;
  }

  heedQuiet() {
    const { quiet_ms: quietMs } = this.me;
    if (this.quietMs !== null && quietMs && quietMs !== this.quietMs && this.wantsSound) {
      this.wantsSound = false;
      announce(gettext("A facilitator turned your sound off."));
    }
    this.quietMs = quietMs ?? 0;
  }

  heedCamera() {
    const { camera_stopped_ms: stoppedMs } = this.me;
    if (this.stoppedMs !== undefined && stoppedMs && stoppedMs !== this.stoppedMs) {
      this.onTrouble(
        gettext(
          "A facilitator turned your camera off for now. You have done nothing wrong. You can turn it on again: choose who sees you.",
        ),
      );
    }
    this.stoppedMs = stoppedMs ?? 0;
  }

  /** @param {Trouble} trouble */
  trouble({ what, error }) {
    if (what === "microphone") this.wantsSound = false;
    if (what === "camera") Object.assign(this, { cameraFailed: true, misses: 0 });
    const press = what === "camera" ? this.tryCamera : gettext("press Turn sound on");
    const [title, advice] = wordsFor(what === "screen" ? "screen" : faultOf(error), what, press);
    this.onTrouble(`${title} ${advice}`, what, title);
  }

  draw() {
    if (!this.link.state) return;
    const { micOn } = this.media;
    const may = this.me.may_speak;
    const words = micOn ? gettext("Turn sound off") : may ? gettext("Turn sound on") : gettext("Sound is off");
    if (this.drawn !== words)
      find(this.button, "svg", SVGElement).replaceWith(icon(micOn ? "microphone" : "microphone_off"));
    this.drawn = words;
    say(find(this.button, "span"), words);
    this.button.classList.toggle("btl-ctl--off", !micOn);
    this.button.classList.toggle("btl-ctl--open", micOn);
    if (may) this.button.removeAttribute("aria-disabled");
    else this.button.setAttribute("aria-disabled", "true");
  }
}
