/* What a person chose for their own page: how people are laid out, their own picture, sound only, less data, blur. Remembered on
   this device, but for sound only, which is for now. */

import { announce, byId, find, findAll, say } from "../../shared/dom.js";
import { openSheet } from "../../shared/sheet.js";
import { onDevice } from "../../shared/store.js";
import { TypedEvents } from "../../shared/typed-events.js";
import { gettext } from "../../shared/words.js";

/** @import { Media } from "../core/media.js" */
/** @typedef {"ownPicture" | "lessData" | "blur"} Switch */

/** @type {Switch[]} */
const SWITCHES = ["ownPicture", "lessData", "blur"];
const PLACES = { layout: "room-layout", ownPicture: "room-own-picture", lessData: "room-less-data", blur: "room-blur" };

/** Whether this device can blur what is behind a person without any help of ours. */
export const canBlur = () => Boolean(navigator.mediaDevices?.getSupportedConstraints?.().backgroundBlur);

/**
 * Fires "change" after each choice.
 * @extends {TypedEvents<{ change: undefined }>}
 */
export class Wishes extends TypedEvents {
  /** @param {Media} media */
  constructor(media) {
    super();
    this.media = media;
    this.layout = onDevice.get(PLACES.layout) ?? "session";
    this.ownPicture = onDevice.get(PLACES.ownPicture) !== "off";
    this.lessData = onDevice.get(PLACES.lessData) === "on";
    this.blur = canBlur() && onDevice.get(PLACES.blur) === "on";
    this.soundOnly = false;
    this.sheet = byId("view-sheet");
    this.bind();
    this.carryOut();
  }

  bind() {
    byId("view-open").addEventListener("click", () => openSheet(this.sheet));
    byId("view-done").addEventListener("click", () => this.sheet.close());
    for (const input of findAll(this.sheet, "input[name=layout]", HTMLInputElement)) {
      input.checked = input.value === this.layout;
      input.addEventListener("change", () => {
        this.layout = input.value;
        this.keep("layout", input.value);
      });
    }
    for (const name of SWITCHES) {
      const box = byId(`wish-${name}`);
      box.checked = this[name];
      box.addEventListener("change", () => {
        this[name] = box.checked;
        this.keep(name, box.checked ? "on" : "off");
      });
    }
    byId("blur-row").hidden = !canBlur();
    for (const button of findAll(document, "[data-sound-only]"))
      button.addEventListener("click", () => this.turnSoundOnly());
  }

  /** @param {Switch | "layout"} name @param {string} choice */
  keep(name, choice) {
    onDevice.set(PLACES[name], choice);
    this.carryOut();
  }

  turnSoundOnly() {
    this.soundOnly = !this.soundOnly;
    announce(this.soundOnly ? gettext("Sound only. No pictures come or go.") : gettext("Pictures are back."));
    this.carryOut();
  }

  /** Have sound and picture follow, and say so on the buttons. */
  carryOut() {
    for (const button of findAll(document, "[data-sound-only]")) {
      button.setAttribute("aria-pressed", String(this.soundOnly));
      say(find(button, "span"), this.soundOnly ? gettext("Show pictures") : gettext("Sound only"));
    }
    this.media.receive({ pictures: !this.soundOnly, small: this.lessData, blur: this.blur });
    this.fire("change");
  }
}
