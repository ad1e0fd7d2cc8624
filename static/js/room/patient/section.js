/* The part of the session that is on: its words, its time, exercise stations, relaxation. */

import { leftInWords, minutesAndSeconds, serverNow } from "../../shared/clock.js";
import { announce, byId, findAll, make, say } from "../../shared/dom.js";
import { onDevice } from "../../shared/store.js";
import { gettext, ngettext } from "../../shared/words.js";
import { showMove } from "./exercise-card.js";

/** @import { RoomLink } from "../core/room-connection.js" */
/** @import { Phase, RoomPage, Section } from "../page.js" */
/** @import { AnswersOutbox } from "./answers-outbox.js" */
/** @import { RoomEvents } from "../state.js" */
/** @typedef {"talk" | "exercise" | "rest"} Mode */
/** @typedef {NonNullable<RoomEvents["exercising"]["way"]>} Way */
/** @typedef {NonNullable<RoomEvents["exercising"]["feels"]>} Feels */
/**
 * @typedef {Omit<Phase, "kind"> & { kind: Phase["kind"] | "done" }} Step of a circuit, or what stands after the last.
 */

/** @type {Step} */
const DONE = { kind: "done", seconds: 1, exercise: "", station: 0 };
const NAMES = {
  intro: gettext("Get ready"),
  cool_down: gettext("Cool down"),
  rest: gettext("Rest"),
  done: gettext("Well done"),
};
const SPEAK_AT = [10];
const FEW = 6;

/** @param {number} seconds */
const secondsLeft = (seconds) => ngettext("%(num)s second left", "%(num)s seconds left", seconds);

export class SectionView {
  /**
   * `kept` brings to the room how somebody exercises, also later.
   * @param {RoomLink} link
   * @param {RoomPage} data
   * @param {AnswersOutbox} kept
   */
  constructor(link, data, kept) {
    this.link = link;
    this.data = data;
    this.kept = kept;
    this.spoken = "";
    /** Which steps are on the page. */
    this.steps = "";
    /** @type {Section | null | undefined} */
    this.drawn = undefined;
    /** @type {boolean | null | undefined} Whether the person folded the words away; null when they have not chosen. */
    this.foldedByHand = undefined;
    this.way = /** @type {Way} */ (onDevice.get("exercise-way") ?? "sitting");
    say(byId("stop-rule"), data.stop_rule);
    this.bind();
    setInterval(() => this.tick(), 250);
  }

  get section() {
    const index = this.link.state?.section?.index ?? -1;
    return this.data.sections[index] ?? null;
  }

  /** How people are laid out in the part that is on; before the start all have the same size. */
  get layout() {
    return this.section?.layout === "speaker" ? "speaker" : "gallery";
  }

  /** @returns {Mode} */
  get mode() {
    const { section } = this;
    if (!section) return "talk";
    if (section.layout === "dim") return "rest";
    return section.phases.length ? "exercise" : "talk";
  }

  bind() {
    for (const input of findAll(document, "input[name=way]", HTMLInputElement)) {
      input.checked = input.value === this.way;
      input.addEventListener("change", () => {
        this.way = /** @type {Way} */ (input.value);
        onDevice.set("exercise-way", this.way);
        this.steps = "";
        this.kept.send("exercising way", "exercising", { way: this.way });
        this.tick();
      });
    }
    for (const input of findAll(document, "input[name=feels]", HTMLInputElement)) {
      input.addEventListener("change", () => this.feel(/** @type {Feels} */ (input.value)));
    }
    byId("now-fold").addEventListener("click", () => {
      this.foldedByHand = byId("now-fold").getAttribute("aria-expanded") === "true";
      this.fold(this.foldedByHand);
    });
    byId("resting").addEventListener("click", () => {
      const resting = byId("resting").getAttribute("aria-pressed") !== "true";
      this.unfeel();
      this.feel(resting ? "rest" : "right");
    });
  }

  /** On a small screen, keep the section's words short beside a large picture and many small ones, until asked for. */
  foldToFit() {
    const { layout, n } = byId("stage").dataset;
    if (this.foldedByHand === null) this.fold(layout === "speaker" && Number(n) > FEW);
  }

  /** @param {boolean} away */
  fold(away) {
    byId("now-fold").setAttribute("aria-expanded", String(!away));
    say(byId("now-fold"), away ? gettext("Read all") : gettext("Show less"));
    byId("now").classList.toggle("is-folded", away);
  }

  unfeel() {
    for (const input of findAll(document, "input[name=feels]", HTMLInputElement)) input.checked = false;
  }

  /** @param {Feels} feels */
  feel(feels) {
    byId("resting").setAttribute("aria-pressed", String(feels === "rest"));
    this.kept.send("exercising feels", "exercising", { feels });
  }

  /** Draw what the section says. Called on every change of the state. */
  draw() {
    const { section } = this;
    if (this.drawn !== section) {
      this.drawn = section;
      this.steps = "";
      this.words(section);
      if (section) announce(gettext("Now: %(title)s", { title: section.title }));
      this.unfeel();
      byId("resting").setAttribute("aria-pressed", "false");
    }
    this.tick();
  }

  /** @param {Section | null} section */
  words(section) {
    const now = byId("now");
    now.hidden = !section;
    if (!section) return;
    this.foldedByHand = null;
    say(byId("now-title"), section.title);
    say(byId("now-text"), section.text);
    byId("now-prompts").replaceChildren(...section.prompts.map((prompt) => make("li", {}, prompt)));
    byId("now-prompts").hidden = !section.prompts.length;
    const sound = this.link.state?.me.may_speak
      ? gettext("Patients’ sound is off. Keep yours off while you do not interpret.")
      : gettext("Everyone’s sound is off, so no one can hear you.");
    say(byId("rest-text"), `${section.text} ${sound} ${gettext("The group can’t see you.")}`);
    byId("spoken").replaceChildren(...section.spoken.map((part) => make("p", {}, part)));
  }

  tick() {
    const { section } = this;
    const { section: on, me, people = {} } = this.link.state ?? {};
    if (me?.word) {
      const other = Object.values(people).find((one) => one.role === "facilitator");
      say(byId("title"), gettext("Private word"));
      say(
        byId("subtitle"),
        other
          ? gettext("With %(name)s. Nobody else can hear you", { name: other.name })
          : gettext("Nobody else can hear you"),
      );
      return;
    }
    if (!section || !on) {
      say(byId("title"), gettext("Session %(number)s", { number: this.data.number }));
      say(byId("subtitle"), me?.status === "admitted" ? gettext("We have not started yet") : gettext("Waiting room"));
      return;
    }
    this.foldToFit();
    const left = leftInWords(on.deadline_ms - serverNow());
    if (this.mode === "talk") {
      byId("now").hidden = false;
      say(byId("title"), gettext("Session %(number)s", { number: this.data.number }));
      say(byId("subtitle"), `${section.title} – ${left}`);
    } else {
      say(byId("title"), section.title);
      if (this.mode === "rest") say(byId("subtitle"), left.charAt(0).toUpperCase() + left.slice(1));
      else this.circuit(section, (serverNow() - on.entered_ms) / 1000);
    }
  }

  /** @param {Section} section @param {number} elapsed in seconds */
  circuit(section, elapsed) {
    let seconds = elapsed;
    let at = section.phases.findIndex((phase) => {
      if (seconds < phase.seconds) return true;
      seconds -= phase.seconds;
      return false;
    });
    if (at < 0) at = section.phases.length;
    const phase = section.phases[at] ?? DONE;
    const left = phase.kind === "done" ? 0 : phase.seconds - seconds;
    this.showPhase(section, phase, at);
    this.showTime(phase, left);
  }

  /** @param {Section} section @param {Step} phase @param {number} at which phase it is */
  showPhase(section, phase, at) {
    const after = section.phases.slice(at + 1).find((one) => one.kind === "work");
    const own = phase.kind === "work" ? phase : phase.kind === "rest" ? (after ?? phase) : after;
    const exercise = this.data.exercises[own?.exercise ?? ""];
    byId("now").hidden = phase.kind !== "intro";
    say(byId("station"), phase.kind === "work" ? (exercise?.name ?? "") : NAMES[phase.kind]);
    const next = this.data.exercises[after?.exercise ?? ""]?.name.toLowerCase() ?? gettext("cool down");
    say(
      byId("station-next"),
      phase.kind === "done"
        ? gettext("You can rest now")
        : phase.kind === "work"
          ? gettext("Next: %(next)s, after a rest", { next })
          : gettext("Next: %(next)s", { next }),
    );
    say(
      byId("subtitle"),
      phase.station
        ? gettext("Station %(number)s of %(all)s. Go at your own pace", {
            number: phase.station,
            all: section.stations,
          })
        : gettext("Go at your own pace"),
    );
    document.body.dataset.phase = phase.kind;
    const key = `${own?.exercise} ${this.way}`;
    if (this.steps === key) return;
    this.steps = key;
    showMove(own?.exercise, exercise, this.way);
    byId("steps").replaceChildren(...(exercise?.ways[this.way] ?? []).map((step) => make("li", {}, step)));
  }

  /** @param {Step} phase @param {number} left in seconds */
  showTime(phase, left) {
    say(byId("ring-number"), minutesAndSeconds(left));
    byId("ring").setAttribute("stroke-dasharray", `${Math.max(0, (left / phase.seconds) * 100)} 100`);
    const whole = Math.ceil(left);
    const moments = [phase.seconds, Math.ceil(phase.seconds / 2), ...SPEAK_AT];
    if (phase.kind !== "done" && moments.includes(whole)) {
      const words = `${byId("station").textContent}, ${secondsLeft(whole)}`;
      if (this.spoken !== words) announce(words);
      this.spoken = words;
    }
    byId("ring-timer").setAttribute("aria-label", secondsLeft(whole));
  }
}
