/* The part of the session that is on: its words, its time, exercise stations, relaxation. */

import { leftInWords, minutesAndSeconds, serverNow } from "./clock.js";
import { announce, byId, make, say } from "./dom.js";
import { showMove } from "./drawings.js";

const SPEAK_AT = [10];
const FEW = 6;

export class SectionView {
  constructor(link, data) {
    this.link = link;
    this.data = data;
    this.spoken = "";
    this.way = localStorage.getItem("exercise-way") ?? "sitting";
    say(byId("stop-rule"), data.stop_rule);
    this.bind();
    setInterval(() => this.tick(), 250);
  }

  get section() {
    const index = this.link.state?.section?.index ?? -1;
    return this.data.sections[index] ?? null;
  }

  /** How people lie in the part that is on; before the start all have the same size. */
  get layout() { return this.section?.layout === "speaker" ? "speaker" : "gallery"; }

  get mode() {
    const { section } = this;
    if (!section) return "talk";
    if (section.layout === "dim") return "rest";
    return section.phases.length ? "exercise" : "talk";
  }

  bind() {
    for (const input of document.querySelectorAll("input[name=way]")) {
      input.checked = input.value === this.way;
      input.addEventListener("change", () => {
        this.way = input.value;
        localStorage.setItem("exercise-way", this.way);
        this.steps = "";
        this.link.send("exercising", { way: this.way });
        this.tick();
      });
    }
    for (const input of document.querySelectorAll("input[name=feels]")) {
      input.addEventListener("change", () => this.feel(input.value));
    }
    byId("now-fold").addEventListener("click", () => {
      this.foldedByHand = byId("now-fold").getAttribute("aria-expanded") === "true";
      this.fold(this.foldedByHand);
    });
    byId("resting").addEventListener("click", () => {
      const resting = byId("resting").getAttribute("aria-pressed") !== "true";
      for (const input of document.querySelectorAll("input[name=feels]")) input.checked = false;
      this.feel(resting ? "rest" : "right");
    });
  }

  /** On a small screen, keep the section's words short beside a large picture and many small ones, until asked for. */
  foldToFit() {
    const { layout, n } = byId("stage").dataset;
    if (this.foldedByHand === null) this.fold(layout === "speaker" && Number(n) > FEW);
  }

  fold(away) {
    byId("now-fold").setAttribute("aria-expanded", String(!away));
    say(byId("now-fold"), away ? "Read all" : "Show less");
    byId("now").classList.toggle("is-folded", away);
  }

  feel(feels) {
    byId("resting").setAttribute("aria-pressed", String(feels === "rest"));
    this.link.send("exercising", { feels });
  }

  /** Draw what the section says. Called on every change of the state. */
  draw() {
    const { section } = this;
    if (this.drawn !== section) {
      this.drawn = section;
      this.steps = "";
      this.words(section);
      if (section) announce(`Now: ${section.title}`);
      for (const input of document.querySelectorAll("input[name=feels]")) input.checked = false;
      byId("resting").setAttribute("aria-pressed", "false");
    }
    this.tick();
  }

  words(section) {
    const now = byId("now");
    now.hidden = !section;
    if (!section) return;
    this.foldedByHand = null;
    say(byId("now-title"), section.title);
    say(byId("now-text"), section.text);
    byId("now-prompts").replaceChildren(...section.prompts.map((prompt) => make("li", {}, prompt)));
    byId("now-prompts").hidden = !section.prompts.length;
    say(byId("rest-text"), `${section.text} Everyone’s sound is off, so no one can hear you. The group can’t see you.`);
    byId("spoken").replaceChildren(...section.spoken.map((part) => make("p", {}, part)));
  }

  tick() {
    const { section } = this;
    const on = this.link.state?.section;
    if (!section || !on) {
      say(byId("title"), `Session ${this.data.number}`);
      say(byId("subtitle"), this.link.state?.me.status === "admitted" ? "We have not started yet" : "Waiting room");
      return;
    }
    this.foldToFit();
    const left = leftInWords(on.deadline_ms - serverNow());
    if (this.mode === "talk") {
      byId("now").hidden = false;
      say(byId("title"), `Session ${this.data.number}`);
      say(byId("subtitle"), `${section.title} – ${left}`);
    } else {
      say(byId("title"), section.title);
      if (this.mode === "rest") say(byId("subtitle"), left[0].toUpperCase() + left.slice(1));
      else this.circuit(section, (serverNow() - on.entered_ms) / 1000);
    }
  }

  circuit(section, elapsed) {
    let seconds = elapsed;
    let at = section.phases.findIndex((phase) => {
      if (seconds < phase.seconds) return true;
      seconds -= phase.seconds;
      return false;
    });
    if (at < 0) at = section.phases.length;
    const phase = section.phases[at] ?? { kind: "done", seconds: 1, exercise: "", station: 0 };
    const left = phase.kind === "done" ? 0 : phase.seconds - seconds;
    this.showPhase(section, phase, at);
    this.showTime(phase, left);
  }

  showPhase(section, phase, at) {
    const after = section.phases.slice(at + 1).find((one) => one.kind === "work");
    const own = phase.kind === "work" ? phase : phase.kind === "rest" ? after ?? phase : after;
    const exercise = this.data.exercises[own?.exercise];
    byId("now").hidden = phase.kind !== "intro";
    const names = { intro: "Get ready", cool_down: "Cool down", rest: "Rest", done: "Well done" };
    say(byId("station"), phase.kind === "work" ? exercise.name : names[phase.kind]);
    const following = after ? this.data.exercises[after.exercise].name.toLowerCase() : "cool down";
    say(byId("station-next"), phase.kind === "done" ? "You can rest now" : `Next: ${following}${phase.kind === "work" ? ", after a rest" : ""}`);
    say(byId("subtitle"), phase.station ? `Station ${phase.station} of ${section.stations}. Go at your own pace` : "Go at your own pace");
    document.body.dataset.phase = phase.kind;
    const key = `${own?.exercise} ${this.way}`;
    if (this.steps === key) return;
    this.steps = key;
    showMove(own?.exercise, exercise, this.way);
    byId("steps").replaceChildren(...(exercise?.ways[this.way] ?? []).map((step) => make("li", {}, step)));
  }

  showTime(phase, left) {
    say(byId("ring-number"), minutesAndSeconds(left));
    byId("ring").setAttribute("stroke-dasharray", `${Math.max(0, (left / phase.seconds) * 100)} 100`);
    const whole = Math.ceil(left);
    const moments = [phase.seconds, Math.ceil(phase.seconds / 2), ...SPEAK_AT];
    if (phase.kind !== "done" && moments.includes(whole)) {
      const words = `${byId("station").textContent}, ${whole} seconds left`;
      if (this.spoken !== words) announce(words);
      this.spoken = words;
    }
    byId("ring-timer").setAttribute("aria-label", `${whole} seconds left`);
  }
}
