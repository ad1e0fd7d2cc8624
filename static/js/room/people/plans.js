/* What people plan to do until next time: written beside the script where plans are made, asked about where people arrive. */

import { announce, byId, make, say } from "../../shared/dom.js";
import { postForm } from "../../shared/post-form.js";
import { openSheet } from "../../shared/sheet.js";
import { stateOf } from "../core/seen.js";

/** @import { RoomLink } from "../core/room-connection.js" */
/** @import { StaffPage } from "../page.js" */
/** @typedef {{ session: number, what: string, how_much: string, when: string, sure: number | null, said: string, went: string, seen: number }} Plan */
/** @typedef {{ enrolment: string, name: string, plans: Plan[] }} Planner */

const MADE_IN = "home_practice";
const ASKED_IN = ["check_in", "goal_review"];
/** @type {readonly [string, string][]} */
const WENT = [
  ["done", "Done"],
  ["partly", "Partly"],
  ["not", "Not this time"],
];
const FIELDS = /** @type {const} */ (["what", "how_much", "when", "sure"]);

export class Plans {
  /** @param {RoomLink} link @param {StaffPage} data @param {string} csrf */
  constructor(link, data, csrf) {
    this.link = link;
    this.data = data;
    this.csrf = csrf;
    /** What the box is for now: nothing, the plans of this session, or how the last ones went. */
    this.shown = "";
    /** @type {Planner | null} Whose plan is being written. */
    this.writing = null;
    this.seen = 0;
    /** @type {Planner[]} As they were read last. */
    this.people = [];
    /** @type {Map<string, Record<string, string>>} What was typed and not saved, by whose it is. */
    this.typed = new Map();
    byId("plan-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.save();
    });
    byId("plan-form").addEventListener("input", () => this.writing && this.typed.set(this.writing.enrolment, fields()));
    byId("plan-no").addEventListener("click", () => byId("plan-sheet").close());
    window.addEventListener("focus", () => this.shown && this.read());
  }

  draw() {
    const { section, status } = stateOf(this.link);
    const kind = status === "running" ? (this.data.sections[section?.index ?? -1]?.kind ?? "") : "";
    const asked = ASKED_IN.includes(kind) && this.data.number > 1;
    const shown = kind === MADE_IN ? "made" : asked ? "asked" : "";
    if (shown && shown !== this.shown) {
      this.shown = shown;
      this.read();
    }
    this.shown = shown;
    byId("plans-box").hidden = !shown;
    say(byId("plans-title"), asked ? "Last week’s plan: how did it go?" : "Plans until next time");
  }

  async read() {
    try {
      const answer = await fetch(this.data.plans, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      /** @type {{ people: Planner[] }} */
      const { people } = await answer.json();
      this.people = people;
      say(byId("plans-note"), people.length ? "" : "Nobody is in this group yet.");
      byId("plans").replaceChildren(
        ...people.map((person) => (this.shown === "asked" ? this.asked(person) : this.made(person))),
      );
    } catch {
      say(byId("plans-note"), "We could not load the plans. They are on the group’s page, under Plans.");
    }
  }

  /** @param {Planner} person */
  today(person) {
    return person.plans.find((plan) => plan.session === this.data.number) ?? null;
  }

  /** @param {Planner} person */
  made(person) {
    const plan = this.today(person);
    return make(
      "li",
      {},
      make("strong", {}, person.name),
      ...(plan ? [make("p", {}, plan.said, sureOf(plan))] : []),
      button(plan ? "Change" : "Write down", ` the plan of ${person.name}`, () => this.begin(person)),
    );
  }

  /** @param {Planner} person */
  asked(person) {
    const last = person.plans.find((plan) => plan.session < this.data.number);
    if (!last) return make("li", {}, make("strong", {}, person.name), make("p", {}, "No plan is written down."));
    const choices = WENT.map(([value, label]) => {
      const one = button(label, `: the plan of ${person.name}`, () => this.went(person, last, value, label));
      one.setAttribute("aria-pressed", String(last.went === value));
      return one;
    });
    return make(
      "li",
      {},
      make("strong", {}, person.name),
      make("p", {}, last.said, make("small", {}, ` Session ${last.session}.`)),
      make("div", { class: "btl-board__steps" }, ...choices),
    );
  }

  /** @param {Planner} person @param {Plan} plan @param {string} value @param {string} label */
  async went(person, plan, value, label) {
    const where = `/patients/${person.enrolment}/plans/${plan.session}/went`;
    const { wrong } = await postForm(where, { went: value }, this.csrf);
    if (!wrong) {
      announce(`Saved for ${person.name}: ${label}`);
      await this.read();
    }
    say(byId("plans-note"), wrong);
  }

  /** @param {Planner} person */
  begin(person) {
    this.writing = person;
    const plan = this.today(person);
    this.seen = plan?.seen ?? 0;
    say(byId("plan-label"), `What does ${person.name} plan to do?`);
    const typed = this.typed.get(person.enrolment);
    for (const name of FIELDS) byId(`plan-${name}`).value = typed?.[name] ?? String(plan?.[name] ?? "");
    say(byId("plan-said"), "");
    openSheet(byId("plan-sheet"));
  }

  async save() {
    const person = this.writing;
    const plan = fields();
    if (!person || !plan.what?.trim()) return;
    const where = `/patients/${person.enrolment}/plans/${this.data.number}`;
    const { wrong, answered } = await postForm(where, { ...plan, seen: String(this.seen) }, this.csrf);
    if (wrong) {
      say(byId("plan-said"), wrong);
      if (answered) await this.renew(person);
      return;
    }
    this.typed.delete(person.enrolment);
    byId("plan-sheet").close();
    announce(`Saved the plan of ${person.name}`);
    this.read();
  }

  /** Where somebody else wrote meanwhile: say what it says now, and let the next Save go on from there. @param {Planner} person */
  async renew(person) {
    await this.read();
    const again = this.people.find((one) => one.enrolment === person.enrolment);
    const now = again && this.today(again);
    if (this.writing !== person || !now || now.seen === this.seen) return;
    this.seen = now.seen;
    say(byId("plan-said"), `${byId("plan-said").textContent} It says now: “${now.said}”`);
  }
}

/** What stands in the form now. @returns {Record<string, string>} */
const fields = () => Object.fromEntries(FIELDS.map((name) => [name, byId(`plan-${name}`).value]));

/** @param {Plan} plan */
const sureOf = (plan) => make("small", {}, plan.sure === null ? "" : ` Sure: ${plan.sure} of 10.`);

/** @param {string} label @param {string} about @param {() => void} click */
function button(label, about, click) {
  const hidden = make("span", { class: "nhsuk-u-visually-hidden" }, about);
  return make("button", { class: "btl-rbtn", type: "button", on: { click } }, label, hidden);
}
