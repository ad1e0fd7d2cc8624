/* What people want to do more of: beside the script in each part that looks at goals, read and written there. */

import { announce, byId, make, say } from "../../shared/dom.js";
import { postForm } from "../../shared/post-form.js";
import { openSheet } from "../../shared/sheet.js";
import { stateOf } from "../core/seen.js";

/** @import { RoomLink } from "../core/room-connection.js" */
/** @import { StaffPage } from "../page.js" */
/** @typedef {{ id: string, words: string, seen: number, session: number }} Goal */
/** @typedef {{ enrolment: string, name: string, goals: Goal[] }} Owner */
/** @typedef {{ person: Owner, goal: Goal | null }} Writing A new goal, or other words for one. */

export class Goals {
  /** @param {RoomLink} link @param {StaffPage} data @param {string} csrf */
  constructor(link, data, csrf) {
    this.link = link;
    this.data = data;
    this.csrf = csrf;
    this.shown = false;
    /** @type {Writing | null} */
    this.writing = null;
    /** @type {Owner[]} As they were read last. */
    this.people = [];
    /** @type {Map<string, string>} What was typed and not saved, by whose it is. */
    this.typed = new Map();
    byId("goal-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.save();
    });
    byId("goal-no").addEventListener("click", () => byId("goal-sheet").close());
    byId("goal-words").addEventListener("input", () => this.typed.set(this.key, byId("goal-words").value));
    window.addEventListener("focus", () => this.shown && this.read());
  }

  get key() {
    return this.writing?.goal?.id ?? this.writing?.person.enrolment ?? "";
  }

  draw() {
    const { section, status } = stateOf(this.link);
    const kind = status === "running" ? this.data.sections[section?.index ?? -1]?.kind : "";
    const shown = kind === "goal_review";
    if (shown && !this.shown) this.read();
    this.shown = shown;
    byId("goals-box").hidden = !shown;
  }

  async read() {
    try {
      const answer = await fetch(this.data.goals, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      /** @type {{ people: Owner[] }} */
      const { people } = await answer.json();
      this.people = people;
      say(byId("goals-note"), people.length ? "" : "Nobody is in this group yet.");
      byId("goals").replaceChildren(...people.map((person) => this.row(person)));
    } catch {
      say(byId("goals-note"), "We could not load the goals. They are on the group’s page, under Goals.");
    }
  }

  /** @param {Owner} person */
  row(person) {
    const words = person.goals.map((goal) =>
      make(
        "p",
        {},
        goal.words,
        make("small", {}, ` Session ${goal.session}. `),
        this.button("Change", person, goal, `the words: ${goal.words}`),
      ),
    );
    return make(
      "li",
      {},
      make("strong", {}, person.name),
      ...words,
      this.button("Write down", person, null, `a goal of ${person.name}`),
    );
  }

  /** @param {string} label @param {Owner} person @param {Goal | null} goal @param {string} about */
  button(label, person, goal, about) {
    return make(
      "button",
      { class: "btl-rbtn", type: "button", on: { click: () => this.begin({ person, goal }) } },
      label,
      make("span", { class: "nhsuk-u-visually-hidden" }, ` ${about}`),
    );
  }

  /** @param {Writing} writing */
  begin(writing) {
    this.writing = writing;
    const { person, goal } = writing;
    say(byId("goal-label"), `What does ${person.name} want to do more of?`);
    byId("goal-words").value = this.typed.get(this.key) ?? goal?.words ?? "";
    say(byId("goal-said"), "");
    openSheet(byId("goal-sheet"));
  }

  async save() {
    const { writing } = this;
    const words = byId("goal-words").value.trim();
    if (!writing || !words) return;
    const { person, goal } = writing;
    const fields = { words, ...(goal ? { seen: String(goal.seen) } : {}) };
    const where = goal ? `/goals/${goal.id}` : `/patients/${person.enrolment}/goals`;
    const { wrong, answered } = await postForm(where, fields, this.csrf);
    if (wrong) {
      say(byId("goal-said"), wrong);
      if (answered) await this.renew(writing);
      return;
    }
    this.typed.delete(this.key);
    byId("goal-sheet").close();
    announce(`Saved what ${person.name} wants to do more of`);
    this.read();
  }

  /** Where somebody else wrote meanwhile: say what it says now, and let the next Save go on from there. @param {Writing} writing */
  async renew(writing) {
    await this.read();
    const now = this.people.flatMap((person) => person.goals).find((goal) => goal.id === writing.goal?.id);
    if (this.writing !== writing || !now || now.seen === writing.goal?.seen) return;
    this.writing = { ...writing, goal: now };
    say(byId("goal-said"), `${byId("goal-said").textContent} It says now: “${now.words}”`);
  }
}
