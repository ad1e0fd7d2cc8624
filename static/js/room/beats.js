/* The bell: at the start and end of calm parts, and when an exercise turns to rest and back. Every device reckons the
   moment from the server's clock, so that all ring together, also while the network is away. */

import { serverNow } from "./clock.js";
import { say } from "./dom.js";
import { strike } from "./synth.js";

const AHEAD_MS = 300;
const TOO_LATE_MS = 1500;
const SHOWN_MS = 1400;
const SHAKES = { work: [250], rest: [120, 100, 120], begin: [400], end: [400] };

/** The moments of one section that ring, as {at, kind}, for a section entered at `enteredMs`. */
export function beatsOf(section, enteredMs) {
  if (section.layout === "dim") return [{ at: enteredMs, kind: "begin" }];
  let at = enteredMs;
  return section.phases.flatMap((phase) => {
    const beat = { at, kind: phase.kind === "work" ? "work" : phase.kind === "intro" ? "" : "rest" };
    at += phase.seconds * 1000;
    return beat.kind ? [beat] : [];
  });
}

/** `speaker` makes the sound. The bell can be turned off; colour and shaking stay. */
export class Beats {
  constructor(link, data, speaker) {
    this.link = link;
    this.data = data;
    this.speaker = speaker;
    this.rung = new Set();
    this.on = localStorage.getItem("bell") !== "off";
    for (const button of document.querySelectorAll("[data-bell]")) button.addEventListener("click", () => this.turn());
    this.drawButtons();
    setInterval(() => this.tick(), 100);
  }

  turn() {
    this.on = !this.on;
    localStorage.setItem("bell", this.on ? "on" : "off");
    this.drawButtons();
    if (this.on) this.ring("work", 0);
  }

  drawButtons() {
    for (const button of document.querySelectorAll("[data-bell]")) {
      button.setAttribute("aria-pressed", String(this.on));
      say(button.querySelector("span"), this.on ? "Bell is on" : "Bell is off");
    }
  }

  tick() {
    const on = this.link.state?.section;
    const section = this.data.sections[on?.index ?? -1];
    this.leaveCalm(section, on);
    if (!section || this.link.state.me.status !== "admitted") return;
    const now = serverNow();
    for (const beat of beatsOf(section, on.entered_ms)) {
      const key = `${on.entered_ms} ${beat.at}`;
      const wait = beat.at - now;
      if (wait > AHEAD_MS || wait < -TOO_LATE_MS || this.rung.has(key)) continue;
      this.rung.add(key);
      this.ring(beat.kind, Math.max(0, wait));
    }
  }

  leaveCalm(section, on) {
    const was = this.calm;
    this.calm = section?.layout === "dim" ? on.entered_ms : null;
    if (was && was !== this.calm && this.calm === null && section) this.ring("end", 0);
  }

  ring(kind, waitMs) {
    setTimeout(() => this.show(kind), waitMs);
    if (!this.on) return;
    const context = this.speaker.sound;
    if (!context) return;
    this.speaker.wake();
    if (context.state === "running") strike(context, kind, context.currentTime + waitMs / 1000, context.destination);
  }

  /** For eyes and hands: a colour for a moment, and a shake where the device can. */
  show(kind) {
    document.body.dataset.beat = kind;
    if (navigator.userActivation?.hasBeenActive !== false) navigator.vibrate?.(SHAKES[kind]);
    clearTimeout(this.shown);
    this.shown = setTimeout(() => delete document.body.dataset.beat, SHOWN_MS);
  }
}
