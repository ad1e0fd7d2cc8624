/* What a person chose for their own page: how people lie, their own picture, sound only, less data, blur. Remembered on
   this device, but for sound only, which is for now. */

import { announce, byId, say } from "./dom.js";
import { openSheet } from "./sheet.js";

const PLACES = { layout: "room-layout", ownPicture: "room-own-picture", lessData: "room-less-data", blur: "room-blur" };

/** Whether this device can blur what is behind a person without any help of ours. */
export const canBlur = () => Boolean(navigator.mediaDevices?.getSupportedConstraints?.().backgroundBlur);

/** Fires "change" after each choice. */
export class Wishes extends EventTarget {
  constructor(media) {
    super();
    this.media = media;
    this.layout = localStorage.getItem(PLACES.layout) ?? "session";
    this.ownPicture = localStorage.getItem(PLACES.ownPicture) !== "off";
    this.lessData = localStorage.getItem(PLACES.lessData) === "on";
    this.blur = canBlur() && localStorage.getItem(PLACES.blur) === "on";
    this.soundOnly = false;
    this.sheet = byId("view-sheet");
    this.bind();
    this.carryOut();
  }

  bind() {
    byId("view-open").addEventListener("click", () => openSheet(this.sheet));
    byId("view-done").addEventListener("click", () => this.sheet.close());
    for (const input of this.sheet.querySelectorAll("input[name=layout]")) {
      input.checked = input.value === this.layout;
      input.addEventListener("change", () => this.choose("layout", input.value, input.value));
    }
    for (const name of ["ownPicture", "lessData", "blur"]) {
      const box = byId(`wish-${name}`);
      if (!box) continue;
      box.checked = this[name];
      box.addEventListener("change", () => this.choose(name, box.checked, box.checked ? "on" : "off"));
    }
    byId("blur-row").hidden = !canBlur();
    for (const button of document.querySelectorAll("[data-sound-only]")) button.addEventListener("click", () => this.turnSoundOnly());
  }

  choose(name, value, kept) {
    this[name] = value;
    localStorage.setItem(PLACES[name], kept);
    this.carryOut();
  }

  turnSoundOnly() {
    this.soundOnly = !this.soundOnly;
    announce(this.soundOnly ? "Sound only. No pictures come or go." : "Pictures are back.");
    this.carryOut();
  }

  /** Have sound and picture follow, and say so on the buttons. */
  carryOut() {
    for (const button of document.querySelectorAll("[data-sound-only]")) {
      button.setAttribute("aria-pressed", String(this.soundOnly));
      say(button.querySelector("span"), this.soundOnly ? "Show pictures" : "Sound only");
    }
    this.media.receive({ pictures: !this.soundOnly, small: this.lessData, blur: this.blur });
    this.dispatchEvent(new Event("change"));
  }
}
