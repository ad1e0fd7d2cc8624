/* A question to the group, as those who answer see it: one press answers, and from five answers on there is a picture. */

import { announce, byId, make, say } from "./dom.js";

/** The counts as bars with their words, and nobody's name. */
export function bars({ answered, counts }, options) {
  const rows = options.map((words, place) => make("li", {}, make("span", {}, words), make("progress", { max: answered, value: counts[place], "aria-hidden": "true" }), make("b", {}, `${counts[place]} of ${answered}`)));
  return make("ol", { class: "btl-bars" }, ...rows);
}

export class PollCard {
  constructor(link) {
    this.link = link;
    this.box = byId("poll");
    this.drawn = "";
    this.asked = "";
    byId("poll-close").addEventListener("click", () => { this.away = this.poll?.id; this.draw(); byId("main").focus(); });
  }

  get poll() { return this.link.state?.poll; }

  draw() {
    const { poll } = this;
    const shown = poll && poll.id !== this.away;
    this.box.hidden = !shown;
    if (!shown) return;
    if (this.asked !== poll.id) {
      if (this.asked) this.link.chosen = null;
      this.asked = poll.id;
      if (poll.open) announce(`A question to the group: ${poll.question}`);
      this.drawn = "";
    }
    const key = JSON.stringify([poll, this.link.chosen]);
    if (key === this.drawn) return;
    this.drawn = key;
    say(byId("poll-title"), poll.question);
    this.options(poll);
    say(byId("poll-note"), this.note(poll));
    byId("poll-told").replaceChildren(...(poll.told ? [make("h3", {}, `First ${poll.told.answered} answers`), bars(poll.told, poll.options)] : []));
    byId("poll-close").hidden = poll.open && !Number.isInteger(this.link.chosen);
  }

  note({ open, told }) {
    if (!open) return told ? "This question is closed." : "This question is closed. There were too few answers to show.";
    if (Number.isInteger(this.link.chosen)) return "We have your answer. You can change it.";
    return "Nobody sees what you chose. We show the counts from 5 answers. You never have to answer.";
  }

  options({ id, options, open }) {
    const focused = document.activeElement?.name === "poll" ? document.activeElement.value : null;
    const rows = options.map((words, place) => make("label", {}, make("input", { type: "radio", name: "poll", value: place, disabled: !open, on: { change: () => this.answer(id, place) } }), words));
    byId("poll-options").replaceChildren(...rows);
    for (const input of byId("poll-options").querySelectorAll("input")) {
      input.checked = Number(input.value) === this.link.chosen;
      if (input.value === focused) input.focus();
    }
  }

  async answer(poll, choice) {
    const answer = await this.link.send("poll_answer", { poll, choice });
    if (answer.ok) this.link.chosen = choice;
    this.draw();
    if (!answer.ok) say(byId("poll-note"), answer.error);
  }
}
