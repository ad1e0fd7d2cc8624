/* How much of the video is fetched: all that the line carries, little, or only its sound. Whoever watches chooses; on a
   line too slow for any picture the sound goes on by itself, and the picture comes back when the line can carry it. */

import { find } from "../shared/dom.js";
import { onDevice } from "../shared/store.js";

/** @typedef {"all" | "little" | "sound"} Amount */

const KEPT = "video-amount";
const STUCK_MS = 8000;
const LOOK_AGAIN_MS = 30_000;
const PICTURE_BITS = 300_000; // twice what the thinnest picture needs

export class AmountOfData {
  /**
   * @param {HTMLElement} player
   * @param {HTMLVideoElement} video
   * @param {import("./source.js").Source} source
   * @param {{little: string, sound: string}} addresses Empty where there is no such thing.
   */
  constructor(player, video, source, { little, sound }) {
    this.video = video;
    this.source = source;
    this.addresses = { all: source.address, little, sound };
    this.buttons = { little: player.querySelector("#save-data"), sound: player.querySelector("#sound-only") };
    this.panel = find(player, "#just-sound");
    this.word = find(player, "#slow-word");
    /** @type {Amount} */
    this.chosen = little && this.wantsLittle() ? "little" : "all";
    /** @type {Amount} */
    this.now = this.chosen;
    /** Whether the sound may go on alone when the line is slow; not against somebody's word. */
    this.byItself = sound !== "";
    this.stuck = 0;
    this.again = LOOK_AGAIN_MS;
    this.buttons.little?.addEventListener("click", () => this.press("little"));
    this.buttons.sound?.addEventListener("click", () => this.press("sound"));
    video.addEventListener("waiting", () => this.wait());
    for (const name of ["playing", "pause", "emptied"]) video.addEventListener(name, () => clearTimeout(this.stuck));
    this.show();
  }

  /** What this device was told before, or what its browser says of its line. */
  wantsLittle() {
    const kept = onDevice.get(KEPT);
    if (kept !== null) return kept === "little";
    const line = /** @type {{connection?: {saveData?: boolean}}} */ (/** @type {unknown} */ (navigator)).connection;
    return line?.saveData === true;
  }

  /** Where the video begins to be fetched from. */
  get address() {
    return this.addresses[this.now];
  }

  /** @param {"little" | "sound"} amount */
  press(amount) {
    if (amount === "sound" && this.now === "sound" && this.chosen !== "sound") this.byItself = false;
    else this.chosen = this.chosen === amount ? "all" : amount;
    if (amount === "little") onDevice.set(KEPT, this.chosen);
    this.change(this.chosen);
  }

  /** @param {Amount} amount */
  change(amount) {
    clearTimeout(this.stuck);
    this.now = amount;
    this.show();
    this.source.change(this.address);
  }

  show() {
    const sound = this.now === "sound";
    this.buttons.little?.setAttribute("aria-pressed", String(this.chosen === "little" && !sound));
    this.buttons.sound?.setAttribute("aria-pressed", String(sound));
    this.panel.hidden = !sound;
    this.word.textContent = sound && this.chosen !== "sound" ? (this.word.dataset.slow ?? "") : "";
  }

  /** Nothing is left to play. A line that is gone is another matter: sound would not come either. */
  wait() {
    clearTimeout(this.stuck);
    if (!this.byItself || this.now === "sound") return;
    this.stuck = setTimeout(() => {
      if (this.video.paused || this.video.readyState > 2 || this.source.lost) return;
      this.change("sound");
      this.lookAgain();
    }, STUCK_MS);
  }

  /** Each time that the picture did not hold, it is tried after twice as long. */
  lookAgain() {
    setTimeout(() => {
      if (this.now !== "sound" || this.chosen === "sound") return;
      if (this.source.bitsPerSecond < PICTURE_BITS) this.lookAgain();
      else {
        this.again *= 2;
        this.change(this.chosen);
      }
    }, this.again);
  }
}
