/* The script beside the wall: where the group is, what to say, how the time stands, and the buttons that move it. */

import { clockTime, minutesAndSeconds, serverNow } from "../../shared/clock.js";
import { byId, find, icon, make, say } from "../../shared/dom.js";

import { stateOf } from "../core/seen.js";

/** @import { RoomLink } from "../core/room-connection.js" */
/** @import { StaffPage, StaffSection } from "../page.js" */
/** @import { Tell } from "./acts.js" */
/** @import { RoomEvents } from "../state.js" */

const POLICY = {
  open: "Everyone may talk.",
  muted: "Patients’ sound is off.",
  facilitator_only: "Only facilitators talk.",
};

export class Rail {
  /** @param {RoomLink} link @param {StaffPage} data @param {Tell} tell */
  constructor(link, data, tell) {
    /** @type {number | undefined} The part that the list was drawn for. */
    this.drawn = undefined;
    /** Who leads, for this facilitator. */
    this.who = "";
    this.link = link;
    this.data = data;
    this.tell = tell;
    byId("go").addEventListener("click", () => this.go());
    byId("back").addEventListener("click", () => this.step("back"));
    byId("stretch").addEventListener("click", () => this.step("stretch", { minutes: 5 }));
    setInterval(() => this.tick(), 500);
  }

  get on() {
    return this.link.state?.section;
  }
  get index() {
    return this.on?.index ?? -1;
  }
  get last() {
    return this.index >= this.data.sections.length - 1;
  }

  go() {
    if (this.link.state?.status !== "running") this.tell(this.link.send("start"));
    else this.step("next");
  }

  /**
   * Each step says which section this page shows, so that two presses never move the group twice.
   * @template {"next" | "back" | "go_to" | "stretch"} Name
   * @param {Name} name
   * @param {Omit<RoomEvents[Name], "seen">} [more]
   */
  step(name, more) {
    const carried = /** @type {RoomEvents[Name]} */ ({ seen: this.index, ...more });
    this.tell(this.link.send(name, carried));
  }

  draw() {
    const { sections, number } = this.data;
    const running = stateOf(this.link).status === "running";
    if (this.drawn !== this.index) {
      const focused = document.activeElement?.getAttribute("data-go-to");
      this.drawn = this.index;
      byId("script").replaceChildren(...sections.map((section, at) => this.row(section, at, running)));
      const again = focused && byId("script").querySelector(`[data-go-to="${focused}"]`);
      if (again instanceof HTMLElement) again.focus();
      const now = byId("script").querySelector("[aria-current]");
      if (now instanceof HTMLElement) byId("script").scrollTop = now.offsetTop;
    }
    const following = sections[this.index + 1];
    byId("go").replaceChildren(
      running ? (following ? `Start next: ${following.title}` : "This is the last part") : `Start session ${number}`,
      following && running ? icon("next", 18) : "",
    );
    byId("go").disabled = running && this.last;
    byId("back").hidden = !running || this.index <= 0;
    byId("stretch").hidden = !running;
    this.tick();
  }

  /** @param {StaffSection} section @param {number} at which part it is @param {boolean} running */
  row(section, at, running) {
    const length = make("span", {}, `${section.minutes} min`);
    if (at === this.index) {
      return make(
        "li",
        { class: "is-now", "aria-current": "step" },
        make("strong", {}, section.title),
        length,
        this.current(section),
      );
    }
    const done = running && at < this.index;
    const title = running
      ? make(
          "button",
          {
            class: "btl-script__go",
            type: "button",
            "data-go-to": at,
            on: { click: () => this.step("go_to", { index: at }) },
          },
          done ? icon("tick", 18) : "",
          section.title,
        )
      : section.title;
    return make("li", { class: done ? "is-done" : "" }, make("span", {}, title), length);
  }

  /** @param {StaffSection} section */
  current(section) {
    /** @type {HTMLElement[]} */
    const parts = [
      make("p", {}, make("strong", { id: "left" })),
      make("p", {}, make("strong", {}, "On the group’s screens: "), section.text),
    ];
    for (const prompt of section.prompts) parts.push(make("p", {}, `• ${prompt}`));
    parts.push(
      make("p", {}, make("strong", {}, "For you: "), section.notes),
      make("p", { class: "btl-muted" }, POLICY[section.mic]),
    );
    if (section.spoken.length) {
      const words = section.spoken.map((part) => make("p", {}, part));
      parts.push(make("details", { class: "btl-details" }, make("summary", {}, "Words to read aloud"), ...words));
    }
    return make("div", {}, ...parts);
  }

  tick() {
    const { state } = this.link;
    const on = state?.section;
    if (!on) return;
    const now = serverNow();
    say(byId("subtitle"), `${clockTime(now, this.data.zone)}. ${this.who}`);
    const section = this.data.sections[this.index];
    if (!section) return;
    const left = (on.deadline_ms - now) / 1000;
    const words = left >= 0 ? `${minutesAndSeconds(left)} left` : `${minutesAndSeconds(-left)} over time`;
    const place = byId("left");
    if (place) say(place, `${words}${this.station(section, (now - on.entered_ms) / 1000)}`);
    this.pace(now, left);
  }

  /** @param {StaffSection} section @param {number} elapsed in seconds */
  station(section, elapsed) {
    let seconds = elapsed;
    for (const phase of section.phases) {
      if (seconds < phase.seconds) {
        if (!phase.station) return phase.kind === "intro" ? ". Introduction" : ". Cool down";
        const name = this.data.exercises[phase.exercise]?.name ?? "";
        return `. Station ${phase.station} of ${section.stations}: ${phase.kind === "rest" ? "rest after " : ""}${name}, ${minutesAndSeconds(phase.seconds - seconds)}`;
      }
      seconds -= phase.seconds;
    }
    return section.phases.length ? ". Circuit done" : "";
  }

  /** @param {number} now @param {number} left in seconds */
  pace(now, left) {
    const after = this.data.sections.slice(this.index + 1).reduce((sum, one) => sum + one.minutes, 0);
    const ends = now + Math.max(0, left) * 1000 + after * 60000;
    const late = Math.trunc((ends - this.data.ends_ms) / 60000);
    /** @param {number} ms */
    const time = (ms) => clockTime(ms, this.data.zone);
    /** @param {number} count */
    const minutes = (count) => `${count} ${count === 1 ? "minute" : "minutes"}`;
    const newEnd = `Ends about ${time(ends)}, planned ${time(this.data.ends_ms)}`;
    byId("pace").hidden = false;
    say(
      find(byId("pace"), "span"),
      late > 0
        ? `${minutes(late)} behind. ${newEnd}`
        : late < -1
          ? `${minutes(-late)} ahead. ${newEnd}`
          : `On time. Ends ${time(this.data.ends_ms)}`,
    );
  }
}
