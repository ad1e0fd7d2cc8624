/* The bell: at the start and end of calm parts, and when an exercise turns to rest and back. Every device computes the
   moment from the server's clock, so that all ring together, also while the network is away. */

import { serverNow } from "../../shared/clock.js";
import { find, findAll, say } from "../../shared/dom.js";
import { onDevice } from "../../shared/store.js";
import { gettext } from "../../shared/words.js";
import { strike } from "./synth.js";

/** @import { RoomLink } from "../core/room-connection.js" */
/** @import { RoomPage, Section } from "../page.js" */
/** @import { SectionState } from "../state.js" */
/** @import { Loudspeaker } from "./loudspeaker.js" */
/** @import { Bell } from "./synth.js" */
/** @typedef {{ at: number, kind: Bell }} Beat */

const AHEAD_MS = 300;
const TOO_LATE_MS = 1500;
const SHOWN_MS = 1400;
/** @type {Record<Bell, number[]>} */
const SHAKES = { work: [250], rest: [120, 100, 120], begin: [400], end: [400] };

/**
 * The moments of one section that ring, for a section entered at `enteredMs`.
 * @param {Pick<Section, "layout" | "phases">} section
 * @param {number} enteredMs
 * @returns {Beat[]}
 */
export function beatsOf(section, enteredMs) {
  if (section.layout === "dim") return [{ at: enteredMs, kind: "begin" }];
  let at = enteredMs;
  return section.phases.flatMap((phase) => {
    const begins = at;
    at += phase.seconds * 1000;
    return phase.kind === "intro" ? [] : [{ at: begins, kind: phase.kind === "work" ? "work" : "rest" }];
  });
}

/** `speaker` makes the sound. The bell can be turned off; colour and shaking stay. */
export class Beats {
  /** @param {RoomLink} link @param {RoomPage} data @param {Loudspeaker} speaker */
  constructor(link, data, speaker) {
    this.link = link;
    this.data = data;
    this.speaker = speaker;
    /** @type {Set<string>} */
    this.rung = new Set();
    /** @type {number | null | undefined} When the calm part that is on was entered. */
    this.calm = undefined;
    this.shown = 0;
    this.on = onDevice.get("bell") !== "off";
    for (const button of findAll(document, "[data-bell]")) button.addEventListener("click", () => this.turn());
    this.drawButtons();
    setInterval(() => this.tick(), 100);
  }

  turn() {
    this.on = !this.on;
    onDevice.set("bell", this.on ? "on" : "off");
    this.drawButtons();
    if (this.on) this.ring("work", 0);
  }

  drawButtons() {
    for (const button of findAll(document, "[data-bell]")) {
      button.setAttribute("aria-pressed", String(this.on));
      say(find(button, "span"), this.on ? gettext("Bell is on") : gettext("Bell is off"));
    }
  }

  tick() {
    const { state } = this.link;
    const on = state?.section;
    const section = this.data.sections[on?.index ?? -1];
    this.leaveCalm(section, on);
    if (!section || !on || state.me.status !== "admitted") return;
    const now = serverNow();
    for (const beat of beatsOf(section, on.entered_ms)) {
      const key = `${on.entered_ms} ${beat.at}`;
      const wait = beat.at - now;
      if (wait > AHEAD_MS || wait < -TOO_LATE_MS || this.rung.has(key)) continue;
      this.rung.add(key);
      this.ring(beat.kind, Math.max(0, wait));
    }
  }

  /** @param {Section | undefined} section @param {SectionState | undefined} on */
  leaveCalm(section, on) {
    const was = this.calm;
    this.calm = section?.layout === "dim" && on ? on.entered_ms : null;
    if (was && was !== this.calm && this.calm === null && section) this.ring("end", 0);
  }

  /** @param {Bell} kind @param {number} waitMs */
  ring(kind, waitMs) {
    setTimeout(() => this.show(kind), waitMs);
    if (!this.on) return;
    const context = this.speaker.sound;
    if (!context) return;
    this.speaker.wake();
    if (context.state === "running") strike(context, kind, context.currentTime + waitMs / 1000, context.destination);
  }

  /** For eyes and hands: a colour for a moment, and a shake where the device can. @param {Bell} kind */
  show(kind) {
    document.body.dataset.beat = kind;
    if (navigator.userActivation?.hasBeenActive !== false) navigator.vibrate?.(SHAKES[kind]);
    clearTimeout(this.shown);
    this.shown = window.setTimeout(() => delete document.body.dataset.beat, SHOWN_MS);
  }
}
