/* Pain and effort, asked at check-in and check-out: my own numbers for the team, the group's as a picture. */

import { announce, byId, findAll, make, say } from "../../shared/dom.js";
import { openSheet } from "../../shared/sheet.js";
import { gettext } from "../../shared/words.js";
import { stateOf } from "../core/seen.js";

/** @import { RoomLink } from "../core/room-connection.js" */
/** @import { CheckNumbers, MomentWord, PatientView, RoomEvents, Told, ToldCounts } from "../state.js" */
/** @import { AnswersOutbox, Went } from "./answers-outbox.js" */
/** @import { SectionView } from "./section.js" */
/** @typedef {keyof CheckNumbers} Measure */

/** @type {Record<string, MomentWord>} By the kind of the part that is on. */
const MOMENTS = { check_in: "before", check_out: "after" };
/** @type {Record<Measure, string>} */
const MEASURES = { pain: gettext("Pain"), effort: gettext("Effort") };
const EACH = /** @type {[Measure, string][]} */ (Object.entries(MEASURES));
const WORDS = {
  before: { title: gettext("How are you right now?"), effort: gettext("How hard has today been so far?") },
  after: { title: gettext("How are you now?"), effort: gettext("How hard did you work in this session?") },
};

export class Check {
  /** @param {RoomLink} link @param {SectionView} section @param {AnswersOutbox} kept */
  constructor(link, section, kept) {
    this.link = link;
    this.section = section;
    this.kept = kept;
    /** @type {MomentWord | null} The moment that was asked about when this was last drawn. */
    this.asked = null;
    this.drawn = "";
    this.kept.addEventListener("sent", ({ detail }) => this.sent(detail));
    this.sheet = byId("check-sheet");
    byId("check-open").addEventListener("click", () => {
      this.restore();
      openSheet(this.sheet);
    });
    byId("check-done").addEventListener("click", () => this.sheet.close());
    for (const [measure] of EACH) this.scale(measure);
  }

  get moment() {
    return MOMENTS[this.section.section?.kind ?? ""] ?? null;
  }
  /** @returns {Partial<CheckNumbers>} */
  get mine() {
    return (this.moment && this.link.checked?.[this.moment]) ?? {};
  }

  /** @param {Measure} measure */
  scale(measure) {
    const numbers = Array.from({ length: 11 }, (_, value) =>
      make(
        "label",
        {},
        make("input", { type: "radio", name: measure, value, on: { change: () => this.tell(measure, value) } }),
        String(value),
      ),
    );
    byId(`check-${measure}`).replaceChildren(...numbers);
  }

  /** @param {Measure} measure @param {number} value */
  async tell(measure, value) {
    const { moment } = this;
    if (!moment) return;
    const answer = await this.kept.send(`${moment} ${measure}`, "check", { [measure]: value });
    say(
      byId("check-note"),
      answer.ok
        ? gettext("Your team has it.")
        : answer.away
          ? gettext("Saved on this device. We send it by itself.")
          : answer.error,
    );
    if (!answer.ok && !answer.away) return;
    this.note(moment, measure, value);
  }

  /** @param {MomentWord} moment @param {Measure} measure @param {number} value */
  note(moment, measure, value) {
    this.link.checked = { ...this.link.checked, [moment]: { ...this.link.checked?.[moment], [measure]: value } };
    this.draw();
  }

  /**
   * What had been kept on this device went; what the room told on the way back did not know of it yet. Or it was refused
   * for good: then it is not shown as said any more.
   * @param {Went} went
   */
  sent({ key, data, answer }) {
    const moment = Object.values(MOMENTS).find((one) => key.startsWith(`${one} `));
    const measure = EACH.map(([name]) => name).find((name) => key === `${moment} ${name}`);
    if (!moment || !measure) return;
    say(byId("check-note"), answer.ok ? gettext("Your team has it.") : answer.error);
    const value = /** @type {RoomEvents["check"]} */ (data)[measure];
    if (answer.ok && value !== undefined) this.note(moment, measure, value);
    if (answer.ok) return;
    announce(answer.error);
    const told = this.link.checked?.[moment];
    if (told) delete told[measure];
    this.draw();
  }

  restore() {
    say(byId("check-note"), "");
    for (const [measure] of EACH) {
      for (const input of findAll(document, `input[name=${measure}]`, HTMLInputElement))
        input.checked = Number(input.value) === this.mine[measure];
    }
  }

  /** Follow the section and what the group has said. Called on every change of the room. */
  draw() {
    const { moment } = this;
    byId("check-bar").hidden = !moment;
    if (this.asked && this.asked !== moment && this.sheet.open) {
      this.sheet.close();
      announce(gettext("The group has moved on."));
    }
    this.asked = moment;
    if (!moment) return;
    say(byId("check-title"), WORDS[moment].title);
    say(byId("check-effort-words"), WORDS[moment].effort);
    const said = EACH.filter(([measure]) => Number.isInteger(this.mine[measure])).map(
      ([measure, word]) => `${word.toLowerCase()} ${this.mine[measure]}`,
    );
    say(byId("check-open"), said.length ? gettext("Change my numbers") : gettext("Tell us your pain and effort"));
    say(
      byId("check-said"),
      said.length
        ? gettext("You told us: %(numbers)s.", { numbers: said.join(", ") })
        : gettext("Only your team sees your numbers."),
    );
    const { checks } = /** @type {PatientView} */ (stateOf(this.link));
    this.drawGroup(checks?.[moment] ?? {});
  }

  /** @param {ToldCounts} told */
  drawGroup(told) {
    const key = JSON.stringify(told);
    if (this.drawn === key) return;
    this.drawn = key;
    const pictures = EACH.flatMap(([measure, word]) => (told[measure] ? [picture(word, told[measure])] : []));
    byId("check-group").hidden = !pictures.length;
    byId("check-pictures").replaceChildren(...pictures);
    if (pictures.length) announce(gettext("You can now see how the group is."));
  }
}

/**
 * A row of bars with its words: how many said each number, and nobody's name.
 * @param {string} word
 * @param {Told} told
 */
export function picture(word, { answered, counts }) {
  const most = Math.max(...counts);
  const bars = counts.map((count, value) =>
    make(
      "li",
      {},
      make("b", {}, count ? String(count) : ""),
      make("progress", { max: most, value: count, "aria-hidden": "true" }),
      make("span", {}, String(value)),
      make(
        "span",
        { class: "nhsuk-u-visually-hidden" },
        `: ${gettext("%(count)s of %(all)s", { count, all: answered })}`,
      ),
    ),
  );
  return make(
    "div",
    { class: "btl-hist" },
    make("h3", {}, gettext("%(measure)s, first %(answered)s answers", { measure: word, answered })),
    make("ol", {}, ...bars),
  );
}
