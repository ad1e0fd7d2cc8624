/* The script beside the wall: where the group is, what to say, how the time stands, and the buttons that move it. */

import { clockTime, minutesAndSeconds, serverNow } from "./clock.js";
import { byId, icon, make, say } from "./dom.js";

export class Rail {
  constructor(link, data, tell) {
    this.link = link;
    this.data = data;
    this.tell = tell;
    byId("go").addEventListener("click", () => this.go());
    byId("back").addEventListener("click", () => this.step("back"));
    byId("stretch").addEventListener("click", () => this.step("stretch", { minutes: 5 }));
    setInterval(() => this.tick(), 500);
  }

  get on() { return this.link.state?.section; }
  get index() { return this.on?.index ?? -1; }
  get last() { return this.index >= this.data.sections.length - 1; }

  go() {
    if (this.link.state?.status !== "running") this.tell(this.link.send("start"));
    else this.step("next");
  }

  /** Each step says which section this page shows, so that two presses never move the group twice. */
  step(name, more = {}) {
    this.tell(this.link.send(name, { seen: this.index, ...more }));
  }

  draw() {
    const { sections, number } = this.data;
    const running = this.link.state.status === "running";
    if (this.drawn !== this.index) {
      const focused = document.activeElement?.dataset?.goTo;
      this.drawn = this.index;
      byId("script").replaceChildren(...sections.map((section, at) => this.row(section, at, running)));
      if (focused) byId("script").querySelector(`[data-go-to="${focused}"]`)?.focus();
    }
    const following = sections[this.index + 1];
    byId("go").replaceChildren(running ? (following ? `Start next: ${following.title}` : "This is the last part") : `Start session ${number}`, following && running ? icon("next", 18) : "");
    byId("go").disabled = running && this.last;
    byId("back").hidden = !running || this.index <= 0;
    byId("stretch").hidden = !running;
    this.tick();
  }

  row(section, at, running) {
    const length = make("span", {}, `${section.minutes} min`);
    if (at === this.index) {
      return make("li", { class: "is-now", "aria-current": "step" }, make("strong", {}, section.title), length, this.current(section));
    }
    const done = running && at < this.index;
    const title = running
      ? make("button", { class: "btl-script__go", type: "button", "data-go-to": at, on: { click: () => this.step("go_to", { index: at }) } }, done ? icon("tick", 18) : "", section.title)
      : section.title;
    return make("li", { class: done ? "is-done" : "" }, make("span", {}, title), length);
  }

  current(section) {
    const policy = { open: "Everyone may talk.", muted: "Patients’ sound is off.", facilitator_only: "Only facilitators talk." };
    const parts = [make("p", {}, make("strong", { id: "left" })), make("p", {}, make("strong", {}, "They read: "), section.text)];
    for (const prompt of section.prompts) parts.push(make("p", {}, `• ${prompt}`));
    parts.push(make("p", {}, make("strong", {}, "For you: "), section.notes), make("p", { class: "btl-muted" }, policy[section.mic]));
    if (section.spoken.length) {
      const words = section.spoken.map((part) => make("p", {}, part));
      parts.push(make("details", { class: "btl-details" }, make("summary", {}, "Words to read aloud"), ...words));
    }
    return make("div", {}, ...parts);
  }

  tick() {
    const { state } = this.link;
    if (!state?.section) return;
    const now = serverNow();
    say(byId("subtitle"), `${clockTime(now, this.data.zone)}. ${this.data.who ?? ""}`);
    const section = this.data.sections[this.index];
    if (!section) return;
    const left = (this.on.deadline_ms - now) / 1000;
    const words = left >= 0 ? `${minutesAndSeconds(left)} left` : `${minutesAndSeconds(-left)} over time`;
    if (byId("left")) say(byId("left"), `${words}${this.station(section, (now - this.on.entered_ms) / 1000)}`);
    this.pace(now, left);
  }

  station(section, elapsed) {
    let seconds = elapsed;
    for (const phase of section.phases) {
      if (seconds < phase.seconds) {
        if (!phase.station) return phase.kind === "intro" ? ". Introduction" : ". Cool down";
        const name = this.data.exercises[phase.exercise].name;
        return `. Station ${phase.station} of ${section.stations}: ${phase.kind === "rest" ? "rest after " : ""}${name}, ${minutesAndSeconds(phase.seconds - seconds)}`;
      }
      seconds -= phase.seconds;
    }
    return section.phases.length ? ". Circuit done" : "";
  }

  pace(now, left) {
    const after = this.data.sections.slice(this.index + 1).reduce((sum, one) => sum + one.minutes, 0);
    const late = Math.round((now + Math.max(0, left) * 1000 + after * 60000 - this.data.ends_ms) / 60000);
    const ends = `Ends ${clockTime(this.data.ends_ms, this.data.zone)}`;
    const minutes = (count) => `${count} ${count === 1 ? "minute" : "minutes"}`;
    byId("pace").hidden = false;
    say(byId("pace").querySelector("span"), late > 0 ? `${minutes(late)} behind. ${ends}` : late < -1 ? `${minutes(-late)} in hand. ${ends}` : `On time. ${ends}`);
  }
}
