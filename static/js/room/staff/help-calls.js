/* Calls for help: who, why, since when, where, and whom to ring; one press says that somebody has it. */

import { serverNow } from "../../shared/clock.js";
import { announce, byId, icon, make, say } from "../../shared/dom.js";
import { staffRoom } from "../core/seen.js";
import { wrongNumber } from "../people/wrong-number.js";
import { ago } from "./ago.js";

/** @import { RoomLink } from "../core/room-connection.js" */
/** @import { StaffPage } from "../page.js" */
/** @import { AlertState, StaffSee } from "../state.js" */
/** @import { Actions, Sure, Tell } from "./acts.js" */
/**
 * One call for help on the page.
 * @typedef {object} Bar
 * @property {HTMLElement} root
 * @property {HTMLElement} title
 * @property {HTMLElement} since
 * @property {HTMLElement} take
 * @property {HTMLElement} late
 * @property {number} rung when it last rang because nobody answers; 0 for never
 */

const LATE_MS = 20000;
const RING_AGAIN_MS = 5000;
const TOLD = document.body.hasAttribute("data-rehearsal")
  ? "Nobody has answered. In a real session the duty contact is told now"
  : "Nobody has answered. The duty contact has been told";
/** @type {[at: number, pitch: number][]} */
const TONES = [
  [0, 880],
  [0.25, 660],
  [0.5, 880],
];
/** @type {Record<string, string>} */
const REASONS = {
  pain: "Too much pain",
  upset: "I feel upset",
  unwell: "I feel unwell",
  technical: "Can’t hear or see",
};

export class AlertBar {
  /** @param {RoomLink} link @param {Tell} tell @param {Actions} actions @param {StaffPage} data @param {Sure} sure */
  constructor(link, tell, actions, data, sure) {
    this.link = link;
    this.data = data;
    this.tell = tell;
    this.actions = actions;
    this.sure = sure;
    /** @type {Map<string, Bar>} By call. */
    this.bars = new Map();
    /** @type {AudioContext | null} */
    this.tone = null;
    this.title = document.title;
    link.addEventListener("well_again", ({ detail }) => this.wellAgain(detail.name));
    setInterval(() => this.draw(), 1000);
  }

  draw() {
    const room = staffRoom(this.link);
    if (!room) return;
    const { alerts = {}, people, small } = room;
    for (const [id, bar] of this.bars) {
      if (alerts[id]) continue;
      bar.root.remove();
      this.bars.delete(id);
    }
    for (const [id, alert] of Object.entries(alerts)) {
      const person = people[alert.seat];
      if (!person) continue;
      const bar = this.bars.get(id) ?? this.newBar(id, alert, person);
      const reason = REASONS[alert.reason];
      say(bar.title, `${person.name} needs help${reason ? `: “${reason}”` : ""}`);
      const where = small?.open && person.small ? `In small group ${person.small}. ` : "";
      say(
        bar.since,
        `${ago(alert.at_ms)}. ${where}${alert.taken_by ? `${alert.taken_by} has this` : "Nobody has answered yet"}`,
      );
      bar.take.hidden = Boolean(alert.taken_by);
      this.press(bar, alert, person);
    }
    const open = this.bars.size;
    const title = open ? `${open === 1 ? "Call for help" : `${open} calls for help`} – ${this.title}` : this.title;
    if (document.title !== title) document.title = title;
  }

  /**
   * Their call is gone from every page: who was on the way to them reads why. Stays until it was read.
   * @param {string} name
   */
  wellAgain(name) {
    const line = make("p", {}, icon("tick", 20), ` ${name} says they are OK. Their call for help is closed.`);
    const bar = make("div", { class: "btl-leadaway btl-wellbar" }, line);
    bar.append(
      make(
        "button",
        {
          class: "btl-rbtn",
          type: "button",
          "aria-label": `Dismiss: ${name} says they are OK`,
          on: {
            click: () => {
              bar.remove();
              byId("main").focus();
            },
          },
        },
        "Dismiss",
      ),
    );
    byId("alerts").append(bar);
  }

  /** @param {string} id @param {StaffSee} person */
  close(id, person) {
    this.sure(
      {
        title: `Close ${person.name}’s call for help?`,
        words: `It goes from every page, and ${person.name} reads that it is closed. Close it once somebody has spoken to them.`,
        yes: "Close this call",
      },
      () => this.tell(this.link.send("help_close", { alert: id })),
    );
  }

  /**
   * Nobody has answered for 20 s: stronger colour, and the sound again and again until somebody does.
   * @param {Bar} bar
   * @param {AlertState} alert
   * @param {StaffSee} person
   */
  press(bar, alert, person) {
    const late = !alert.taken_by && (Boolean(alert.escalated_ms) || serverNow() - alert.at_ms > LATE_MS);
    bar.root.classList.toggle("is-late", late);
    bar.late.hidden = !late;
    say(bar.late, alert.escalated_ms ? TOLD : "Nobody has answered. Please answer now");
    if (!late || Date.now() - bar.rung < RING_AGAIN_MS) return;
    if (!bar.rung) announce(`${person.name} still needs help. Nobody has answered.`);
    bar.rung = Date.now();
    this.ring();
  }

  /** @param {string} id @param {AlertState} alert @param {StaffSee} person */
  newBar(id, alert, person) {
    const title = make("span");
    const since = make("dd", { "aria-live": "off" });
    const facts = make("dl", {}, make("dt", {}, "Pressed"), since);
    const take = make(
      "button",
      {
        class: "btl-rbtn btl-rbtn--white",
        type: "button",
        on: { click: () => this.tell(this.link.send("help_take", { alert: id })) },
      },
      icon("tick", 20),
      "I’ve got this",
    );
    const close = make(
      "button",
      { class: "btl-rbtn", type: "button", on: { click: () => this.close(id, person) } },
      icon("cross", 20),
      "Close this call",
    );
    const word = make(
      "button",
      { class: "btl-rbtn", type: "button", on: { click: () => this.actions.word(alert.seat, person) } },
      icon("lock", 20),
      "Private word now",
    );
    const record = make(
      "a",
      { class: "btl-rbtn", href: `/sessions/${this.data.session}/incidents/${id}`, target: "_blank", rel: "noopener" },
      icon("form", 20),
      "Write the record",
    );
    const heading = make("h2", {}, icon("warning", 26), title);
    const late = make("p", { class: "btl-alertbar__late", hidden: true });
    const root = make(
      "section",
      { class: "btl-alertbar" },
      make("div", {}, heading, late, facts),
      make("div", { class: "btl-alertbar__do" }, take, word, record, close),
    );
    const bar = { root, title, since, take, late, rung: 0 };
    this.bars.set(id, bar);
    byId("alerts").prepend(root);
    this.fill(facts, alert.seat, person);
    this.ring();
    return bar;
  }

  /** @param {HTMLElement} facts @param {string} seat @param {StaffSee} person */
  async fill(facts, seat, person) {
    const found = await this.link.send("look_up", { seat });
    if (!found.ok) return;
    const crisis = [found.emergency_name, found.emergency_phone].filter(Boolean).join(", ");
    const news = [...(found.flags ?? []), found.news].filter(Boolean).join(". ");
    const told = Object.entries({
      ...(news ? { "New today": news } : {}),
      Where: found.place,
      Phone: found.phone,
      "Emergency contact": crisis,
    });
    for (const [term, words] of told) {
      const shown = term === "Phone" && words ? this.number(words, found.phone_is_wrong, person) : words;
      facts.append(make("dt", {}, term), make("dd", {}, shown || "Not given"));
    }
  }

  /** @param {string} phone @param {boolean} isWrong @param {StaffSee} person */
  number(phone, isWrong, person) {
    if (!isWrong) return make("a", { href: `tel:${phone.replaceAll(" ", "")}` }, phone);
    const listed = this.data.roster.find((one) => one.person === person.person);
    return wrongNumber(person.name, listed?.correct_at);
  }

  ring() {
    try {
      this.tone ??= new AudioContext();
      this.tone.resume();
      for (const [at, pitch] of TONES) {
        const note = this.tone.createOscillator();
        note.frequency.value = pitch;
        note.connect(this.tone.destination);
        note.start(this.tone.currentTime + at);
        note.stop(this.tone.currentTime + at + 0.2);
      }
    } catch {
      this.tone = null;
    }
  }
}
