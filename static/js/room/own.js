/* My own sound and camera: what I may do now, what I chose, and what a facilitator or the section decided. */

import { announce, byId, icon, say } from "./dom.js";
import { faultOf, wordsFor } from "./faults.js";

/** Keeps the devices in step with the room's rules. `button` is the sound button. */
export class Own {
  constructor(link, media, { onTrouble }) {
    this.link = link;
    this.media = media;
    this.onTrouble = onTrouble;
    this.wantsSound = false;
    this.busy = null;
    this.quietMs = null;
    this.button = byId("sound");
    this.button.addEventListener("click", () => this.press());
    media.addEventListener("joined", () => this.follow());
    media.addEventListener("trouble", ({ detail }) => this.trouble(detail));
  }

  get me() { return this.link.state.me; }

  async press() {
    if (!this.me.may_speak) {
      announce("Your sound is off for everyone in this part. You can use the chat.");
      return;
    }
    this.wantsSound = !this.media.micOn;
    await this.follow();
    announce(this.media.micOn ? "Your sound is on" : "Your sound is off");
  }

  /** Make the devices what they should be. Runs one at a time; the last wish wins. */
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
    this.heedQuiet();
    if (!this.me.may_speak && this.wantsSound) {
      this.wantsSound = false;
      announce("Your sound is off for this part.");
    }
    const camera = this.me.camera !== "off" && this.wantsCamera !== false && this.media.wishes.pictures;
    const privately = this.me.camera === "facilitators";
    const mayMove = !camera || (privately && this.media.twoRooms) || this.permits("camera");
    if (mayMove && !this.media.cameraIs(camera, privately)) await this.media.setCamera(camera, privately);
    if (this.wantsSound !== this.media.micOn && (!this.wantsSound || this.permits("microphone"))) await this.media.setMicrophone(this.wantsSound);
  }

  permits(source) {
    const allowed = this.media.me?.permissions?.canPublishSources ?? [];
    return this.media.me?.permissions?.canPublish !== false && (!allowed.length || allowed.includes(source === "camera" ? 1 : 2));
  }

  heedQuiet() {
    const { quiet_ms: quietMs } = this.me;
    if (this.quietMs !== null && quietMs && quietMs !== this.quietMs && this.wantsSound) {
      this.wantsSound = false;
      announce("A facilitator turned your sound off.");
    }
    this.quietMs = quietMs ?? 0;
  }

  trouble({ what, error }) {
    if (what === "microphone") this.wantsSound = false;
    const [title, advice] = wordsFor(what === "screen" ? "screen" : faultOf(error), what);
    this.onTrouble(`${title} ${advice}`);
  }

  draw() {
    if (!this.link.state) return;
    const { micOn } = this.media;
    const may = this.me.may_speak;
    const words = micOn ? "Turn sound off" : may ? "Turn sound on" : "Sound is off";
    if (this.drawn !== words) this.button.querySelector("svg").replaceWith(icon(micOn ? "microphone" : "microphone_off"));
    this.drawn = words;
    say(this.button.querySelector("span"), words);
    this.button.classList.toggle("btl-ctl--off", !micOn);
    this.button.classList.toggle("btl-ctl--open", micOn);
    if (may) this.button.removeAttribute("aria-disabled");
    else this.button.setAttribute("aria-disabled", "true");
  }
}
