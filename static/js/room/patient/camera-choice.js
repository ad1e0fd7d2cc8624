/* Who sees me: the choice, what became of it, and a device of mine that did not start. */

import { announce, byId, findAll, say } from "../../shared/dom.js";
import { openSheet } from "../../shared/sheet.js";
import { gettext } from "../../shared/words.js";
import { stateOf } from "../core/seen.js";

/** @import { Offer, Lifeline } from "../core/connection-banner.js" */
/** @import { What } from "../core/faults.js" */
/** @import { RoomLink } from "../core/room-connection.js" */
/** @import { AnyAnswer } from "../events.js" */
/** @import { Own } from "../people/device-controls.js" */
/** @import { CameraWord, RoomEvents } from "../state.js" */
/** @import { AnswersOutbox } from "./answers-outbox.js" */

const CAREFUL = gettext(
  "We cannot reach the picture just now, so we turned your camera off to be safe. Choose again in a moment.",
);

export class CameraChoice {
  /** @param {RoomLink} link @param {AnswersOutbox} kept @param {Own} own @param {Lifeline} lifeline */
  constructor(link, kept, own, lifeline) {
    this.link = link;
    this.kept = kept;
    this.own = own;
    this.lifeline = lifeline;
    /** @type {Offer | null} For the page's banner: a device that did not start, until the person has looked. */
    this.offer = null;
    this.choices = findAll(document, "input[name=camera]", HTMLInputElement);
    byId("who-sees").addEventListener("click", () => this.open());
    byId("camera-again").addEventListener("click", () => this.again());
    byId("camera-done").addEventListener("click", () => byId("camera-sheet").close());
    for (const input of this.choices)
      input.addEventListener("change", () => this.choose(/** @type {CameraWord} */ (input.value)));
    kept.addEventListener("sent", ({ detail: { key, data, answer } }) => {
      if (key === "camera") this.chosen(/** @type {RoomEvents["camera_choice"]} */ (data).choice, answer);
    });
  }

  open() {
    if (!this.own.cameraFailed) say(byId("camera-note"), "");
    this.offer = null;
    const { camera } = stateOf(this.link).me;
    for (const input of this.choices) input.checked = input.value === camera;
    openSheet(byId("camera-sheet"));
  }

  async again() {
    say(byId("camera-note"), "");
    await this.own.retryCamera();
    this.offer = null;
    byId("camera-again").hidden = !this.own.cameraFailed;
    if (!this.own.cameraFailed) say(byId("camera-note"), gettext("Your camera is on."));
  }

  /** @param {CameraWord} choice */
  async choose(choice) {
    this.chosen(choice, await this.kept.send("camera", "camera_choice", { choice }));
  }

  /**
   * Who may see me was told to the room, or waits on this device: until it is there nobody sees more than was chosen.
   * @param {CameraWord} choice
   * @param {AnyAnswer} answer
   */
  async chosen(choice, answer) {
    const { own } = this;
    const careful = choice === "facilitators" && Boolean(answer.warning);
    if (answer.ok) own.wantsCamera = !answer.warning || choice === "everyone";
    else if (answer.away && choice !== "everyone") own.wantsCamera = false;
    own.cameraFailed = false;
    await own.follow();
    if (own.cameraFailed) {
      this.offer = null; // the words are on the sheet before them
      return;
    }
    const safe =
      choice === "everyone"
        ? gettext("We will tell the room as soon as we can.")
        : gettext("Your camera is off until then.");
    const words = answer.ok
      ? (answer.warning ?? gettext("Done."))
      : answer.away
        ? gettext("You are not connected just now. %(safe)s", { safe })
        : answer.error;
    say(byId("camera-note"), careful ? CAREFUL : words);
  }

  /**
   * A device did not start: said once, and shown until the person has looked.
   * @param {string} words
   * @param {What} [what]
   * @param {string} [title]
   */
  trouble(words, what, title) {
    announce(words);
    if (what === "camera") {
      say(byId("camera-note"), words);
      byId("camera-again").hidden = false;
      this.offer = { says: title, words: gettext("What to do"), icon: "camera_off", act: () => this.open() };
    } else {
      const seen = () => {
        this.offer = null;
      };
      this.offer = { says: words, words: "OK", icon: "tick", act: seen };
    }
    this.lifeline.draw();
  }
}
