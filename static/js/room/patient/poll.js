/* A question to the group, as those who answer see it: one press answers, and from five answers on there is a picture. */

import { announce, byId, findAll, make, say } from "../../shared/dom.js";
import { gettext } from "../../shared/words.js";

/** @import { Offer } from "../core/connection-banner.js" */
/** @import { RoomLink } from "../core/room-connection.js" */
/** @import { AnyAnswer } from "../events.js" */
/** @import { PollSeen, RoomEvents, Told } from "../state.js" */
/** @import { AnswersOutbox, Went } from "./answers-outbox.js" */

const WAITS = gettext("Saved on this device. We send it by itself.");

/** The counts as bars with their words, and nobody's name. @param {Told} told @param {string[]} options */
export function bars({ answered, counts }, options) {
  const rows = options.map((words, place) =>
    make(
      "li",
      {},
      make("span", {}, words),
      make("progress", { max: answered, value: counts[place] ?? 0, "aria-hidden": "true" }),
      make("b", {}, gettext("%(count)s of %(all)s", { count: counts[place] ?? 0, all: answered })),
    ),
  );
  return make("ol", { class: "btl-bars" }, ...rows);
}

/** `kept` brings an answer to the room, also later. `uncover` takes away what lies before the question. */
export class PollCard {
  /** @param {RoomLink} link @param {AnswersOutbox} kept @param {{ uncover: () => void }} options */
  constructor(link, kept, { uncover }) {
    this.uncover = uncover;
    this.link = link;
    this.kept = kept;
    this.says = "";
    kept.addEventListener("sent", ({ detail }) => this.sent(detail));
    this.box = byId("poll");
    this.drawn = "";
    this.asked = "";
    /** @type {string | undefined} The question that this person has closed. */
    this.away = undefined;
    /** @type {number | undefined} The part of the session in which it was asked, or last folded away. */
    this.part = undefined;
    this.folded = false;
    byId("poll-open").addEventListener("click", () => this.see());
    byId("poll-close").addEventListener("click", () => {
      this.away = this.poll?.id;
      this.draw();
      byId("main").focus();
    });
  }

  get poll() {
    return this.link.state?.poll;
  }

  /**
   * The way to an open question that something else on the page hides, as the chat does on a phone; or null.
   * @returns {Offer | null}
   */
  get offer() {
    const waits = this.poll?.open && !this.box.hidden && !Number.isInteger(this.link.chosen);
    if (!waits || this.box.offsetParent) return null;
    return {
      says: gettext("There is a question to the group."),
      words: gettext("See the question"),
      icon: "form",
      act: () => this.see(),
    };
  }

  see() {
    this.uncover();
    this.fold(false);
    this.box.scrollIntoView({ block: "nearest" });
    byId("poll-options").querySelector("input")?.focus();
  }

  /** What the session goes on to has the page for itself: of the question a button is left. @param {boolean} away */
  fold(away) {
    const within = this.box.contains(document.activeElement);
    this.folded = away;
    this.drawn = "";
    this.draw();
    if (away && within) byId("poll-open").focus();
  }

  draw() {
    const { poll } = this;
    this.box.hidden = !poll || poll.id === this.away;
    if (!poll || this.box.hidden) return;
    if (this.asked !== poll.id) {
      if (this.asked) this.link.chosen = null;
      this.asked = poll.id;
      this.says = "";
      this.folded = false;
      this.part = this.link.state?.section?.index;
      if (poll.open) announce(gettext("A question to the group: %(question)s", { question: poll.question }));
      this.drawn = "";
    }
    if (this.part !== this.link.state?.section?.index) {
      this.part = this.link.state?.section?.index;
      this.fold(true);
      return;
    }
    const key = JSON.stringify([poll, this.link.chosen, this.says]);
    if (key === this.drawn) return;
    this.drawn = key;
    say(byId("poll-title"), poll.question);
    this.options(poll);
    say(byId("poll-note"), this.note(poll));
    byId("poll-told").replaceChildren(
      ...(poll.told
        ? [
            make("h3", {}, gettext("First %(answered)s answers", { answered: poll.told.answered })),
            bars(poll.told, poll.options),
          ]
        : []),
    );
    for (const part of this.box.children) part.toggleAttribute("hidden", this.folded !== (part.id === "poll-open"));
    byId("poll-close").hidden ||= poll.open && !Number.isInteger(this.link.chosen);
  }

  /** @param {PollSeen} poll */
  note({ open, told }) {
    if (this.says) return this.says;
    if (!open)
      return told
        ? gettext("This question is closed.")
        : gettext("This question is closed. There were too few answers to show.");
    if (Number.isInteger(this.link.chosen)) return gettext("We have your answer. You can change it.");
    return gettext("Nobody sees what you chose. We show the counts from 5 answers. You never have to answer.");
  }

  /** @param {PollSeen} poll */
  options({ id, options, open }) {
    const { activeElement: active } = document;
    const focused = active instanceof HTMLInputElement && active.name === "poll" ? active.value : null;
    const rows = options.map((words, place) =>
      make(
        "label",
        {},
        make("input", {
          type: "radio",
          name: "poll",
          value: place,
          disabled: !open,
          on: { change: () => this.answer(id, place) },
        }),
        words,
      ),
    );
    byId("poll-options").replaceChildren(...rows);
    for (const input of findAll(byId("poll-options"), "input", HTMLInputElement)) {
      input.checked = Number(input.value) === this.link.chosen;
      if (input.value === focused) input.focus();
    }
  }

  /** @param {string} poll @param {number} choice */
  async answer(poll, choice) {
    const before = this.link.chosen;
    this.link.chosen = choice;
    const answer = await this.kept.send(`poll ${poll}`, "poll_answer", { poll, choice });
    if (this.poll?.id === poll) this.went(answer, before);
  }

  /**
   * An answer that had waited on this device went; what the room told on the way back did not know of it yet.
   * @param {Went} went
   */
  sent({ key, data, answer }) {
    if (key !== `poll ${this.poll?.id}`) return;
    if (answer.ok) this.link.chosen = /** @type {RoomEvents["poll_answer"]} */ (data).choice;
    this.went(answer);
  }

  /**
   * How it went with an answer: the team has it, it waits on this device, or it came too late.
   * @param {AnyAnswer} answer
   * @param {number | null} [before] what was chosen before it
   */
  went(answer, before = null) {
    this.says = answer.ok
      ? ""
      : answer.away
        ? WAITS
        : gettext("%(why)s Your answer was not counted.", { why: answer.error });
    if (!answer.ok && !answer.away) this.link.chosen = before;
    this.draw();
  }
}
