/* Music in the calm parts: made on this device, heard on this device only, quieter while a facilitator speaks. */

import { byId, findAll, make } from "../../shared/dom.js";
import { onDevice } from "../../shared/store.js";
import { hasBed, playBed } from "./synth.js";

/** @import { SectionView } from "../patient/section.js" */
/** @import { RoomPage } from "../page.js" */
/** @import { Loudspeaker } from "./loudspeaker.js" */
/** @typedef {{ name: string, context: AudioContext, level: GainNode, end: () => void }} Playing */

const NONE = "music-none";
const UNDER_VOICE = 0.3;
const HOLD_MS = 1600;
const QUICK = 0.12;
const SLOW = 1.1;
const LOUDEST = 0.9;

/** `speaker` makes the sound, `speaking` says whether a facilitator is heard now. */
export class Music {
  /**
   * @param {SectionView} section
   * @param {Loudspeaker} speaker
   * @param {RoomPage} data
   * @param {() => boolean} speaking
   */
  constructor(section, speaker, data, speaking) {
    this.section = section;
    this.speaker = speaker;
    this.speaking = speaking;
    this.chosen = onDevice.get("music-choice");
    this.volume = Number(onDevice.get("music-volume") ?? 40);
    /** @type {Playing | null} */
    this.playing = null;
    this.ducked = false;
    this.spokeAt = -HOLD_MS;
    this.offer(data.music);
    this.bind();
    speaker.addEventListener("change", () => this.drawStart());
    setInterval(() => this.duck(), 100);
  }

  /** @param {RoomPage["music"]} music */
  offer(music) {
    byId("beds").replaceChildren(
      ...music.map((one) =>
        make(
          "label",
          {},
          make("input", { type: "radio", name: "bed", value: one.id, on: { change: () => this.choose(one.id) } }),
          one.title,
        ),
      ),
    );
  }

  bind() {
    this.setVolume(this.volume);
    byId("music").addEventListener("input", () => this.setVolume(Number(byId("music").value)));
    byId("music-less").addEventListener("click", () => this.setVolume(this.volume - 10));
    byId("music-more").addEventListener("click", () => this.setVolume(this.volume + 10));
    byId("music-start").addEventListener("click", () => this.speaker.wake());
  }

  /** What this device plays in the part that is on: the person's own choice, else what the programme says. */
  get wanted() {
    const { section } = this.section;
    if (this.section.mode !== "rest" || !section) return NONE;
    return this.chosen ?? (section.music || NONE);
  }

  /** @param {string} name */
  choose(name) {
    this.chosen = name;
    onDevice.set("music-choice", name);
    this.draw();
  }

  /** @param {number} value from 0 to 100 */
  setVolume(value) {
    this.volume = Math.min(100, Math.max(0, value));
    onDevice.set("music-volume", String(this.volume));
    byId("music").value = String(this.volume);
    this.aim(QUICK);
  }

  /** Follow the section. Called on every change of the room. */
  draw() {
    const { wanted } = this;
    for (const input of findAll(document, "input[name=bed]", HTMLInputElement)) input.checked = input.value === wanted;
    if (this.playing?.name === wanted) return;
    this.fadeOut();
    if (hasBed(wanted)) this.begin(wanted);
    this.drawStart();
  }

  /** @param {string} name */
  begin(name) {
    const context = this.speaker.sound;
    if (!context) return;
    const level = context.createGain();
    level.gain.value = 0;
    level.connect(context.destination);
    this.playing = { name, context, level, end: playBed(context, name, level) };
    this.speaker.wake();
    this.aim(SLOW);
  }

  fadeOut() {
    const { playing } = this;
    if (!playing) return;
    this.playing = null;
    playing.level.gain.setTargetAtTime(0, playing.context.currentTime, 0.6);
    setTimeout(() => {
      playing.end();
      playing.level.disconnect();
    }, 4000);
  }

  /** Go to the loudness that fits now, within about three times `pace` seconds. @param {number} pace */
  aim(pace) {
    if (!this.playing) return;
    const { level, context } = this.playing;
    const share = this.volume / 100;
    const target = LOUDEST * share * share * (this.ducked ? UNDER_VOICE : 1);
    level.gain.setTargetAtTime(target, context.currentTime, pace);
    byId("rest").dataset.music = this.ducked ? "under the voice" : "on";
  }

  duck() {
    if (!this.playing) return;
    const now = performance.now();
    if (this.speaking()) this.spokeAt = now;
    const ducked = now - this.spokeAt < HOLD_MS;
    if (ducked === this.ducked) return;
    this.ducked = ducked;
    this.aim(ducked ? QUICK : SLOW);
  }

  drawStart() {
    byId("music-start").hidden = !(this.playing && this.speaker.silenced);
  }
}
