/* Pain and effort, asked at check-in and check-out: my own numbers for the team, the group's as a picture. */

import { announce, byId, make, say } from "./dom.js";
import { Kept } from "./kept.js";
import { openSheet } from "./sheet.js";

const MOMENTS = { check_in: "before", check_out: "after" };
const MEASURES = { pain: "Pain", effort: "Effort" };
const WORDS = {
  before: { title: "How are you right now?", effort: "How hard has today been so far?" },
  after: { title: "How are you now?", effort: "How hard did you work in this session?" },
};

export class Check {
  constructor(link, section) {
    this.link = link;
    this.section = section;
    this.kept = new Kept(link);
    this.kept.addEventListener("sent", ({ detail }) => say(byId("check-note"), detail.answer.ok ? "Your team has it." : detail.answer.error));
    this.sheet = byId("check-sheet");
    byId("check-open").addEventListener("click", () => { this.restore(); openSheet(this.sheet); });
    byId("check-done").addEventListener("click", () => this.sheet.close());
    for (const measure of Object.keys(MEASURES)) this.scale(measure);
  }

  get moment() { return MOMENTS[this.section.section?.kind] ?? null; }
  get mine() { return this.link.checked?.[this.moment] ?? {}; }

  scale(measure) {
    const numbers = Array.from({ length: 11 }, (_, value) => make("label", {}, make("input", { type: "radio", name: measure, value, on: { change: () => this.tell(measure, value) } }), String(value)));
    byId(`check-${measure}`).replaceChildren(...numbers);
  }

  async tell(measure, value) {
    const { moment } = this;
    const answer = await this.kept.send(`${moment} ${measure}`, "check", { [measure]: value });
    say(byId("check-note"), answer.ok ? "Your team has it." : answer.away ? "Saved on this device. We send it by itself." : answer.error);
    if (!answer.ok && !answer.away) return;
    this.link.checked = { ...this.link.checked, [moment]: { ...this.link.checked?.[moment], [measure]: value } };
    this.draw();
  }

  restore() {
    say(byId("check-note"), "");
    for (const measure of Object.keys(MEASURES)) {
      for (const input of document.querySelectorAll(`input[name=${measure}]`)) input.checked = Number(input.value) === this.mine[measure];
    }
  }

  /** Follow the section and what the group has said. Called on every change of the room. */
  draw() {
    const { moment } = this;
    byId("check-bar").hidden = !moment;
    if (this.asked && this.asked !== moment && this.sheet.open) {
      this.sheet.close();
      announce("The group has moved on.");
    }
    this.asked = moment;
    if (!moment) return;
    say(byId("check-title"), WORDS[moment].title);
    say(byId("check-effort-words"), WORDS[moment].effort);
    const said = Object.entries(MEASURES).filter(([measure]) => Number.isInteger(this.mine[measure])).map(([measure, word]) => `${word.toLowerCase()} ${this.mine[measure]}`);
    say(byId("check-open"), said.length ? "Change my numbers" : "Tell us your pain and effort");
    say(byId("check-said"), said.length ? `You told us: ${said.join(", ")}.` : "Only your team sees your numbers.");
    this.drawGroup(this.link.state.checks?.[moment] ?? {});
  }

  drawGroup(told) {
    const key = JSON.stringify(told);
    if (this.drawn === key) return;
    this.drawn = key;
    const measures = Object.entries(MEASURES).filter(([measure]) => told[measure]);
    byId("check-group").hidden = !measures.length;
    byId("check-pictures").replaceChildren(...measures.map(([measure, word]) => picture(word, told[measure])));
    if (measures.length) announce("You can now see how the group is.");
  }
}

/** A row of bars with its words: how many said each number, and nobody's name. */
export function picture(word, { answered, counts }) {
  const most = Math.max(...counts);
  const bars = counts.map((count, value) => make("li", {}, make("b", {}, count || ""), make("progress", { max: most, value: count, "aria-hidden": "true" }), make("span", {}, value), make("span", { class: "nhsuk-u-visually-hidden" }, `: ${count} of ${answered}`)));
  return make("div", { class: "btl-hist" }, make("h3", {}, `${word}, first ${answered} answers`), make("ol", {}, ...bars));
}
