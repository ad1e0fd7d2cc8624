/* Who waits to come in, and who is here, late or gone, for the facilitators. */

import { clockTime, serverNow } from "../../shared/clock.js";
import { announce, byId, icon, make, nameOf, say } from "../../shared/dom.js";
import { staffRoom, staffRoomOf } from "../core/seen.js";

/** @import { RoomLink } from "../core/room-connection.js" */
/** @import { Listed, StaffPage } from "../page.js" */
/** @import { Late, Missing, StaffSee, StaffView, WarningLevel } from "../state.js" */
/** @import { Actions, ActName } from "./acts.js" */
/**
 * One person who waits.
 * @typedef {object} Row
 * @property {HTMLElement} root
 * @property {HTMLElement} line
 * @property {HTMLElement} missing
 * @property {HTMLElement} news
 * @property {HTMLElement} newsWords
 * @property {boolean} warned whether their warning sign was said
 */

const LATE_AFTER = 10 * 60000;
/** What somebody did not tell who waits; to be asked before they move. */
/** @type {Record<Missing, string>} */
const MISSING = {
  address: "No address given.",
  contact: "No emergency contact.",
  agreement: "Has not agreed to the group agreement yet.",
};

export class Lobby {
  /** @param {RoomLink} link @param {StaffPage} data @param {Actions} actions */
  constructor(link, data, actions) {
    this.link = link;
    this.data = data;
    this.actions = actions;
    /** @type {Set<string>} */
    this.known = new Set();
    /** @type {Map<string, Row>} By seat. */
    this.rows = new Map();
    this.drawnRoster = "";
    byId("admit-all").addEventListener("click", () => actions.admit_all());
    setInterval(() => this.draw(), 15000);
  }

  draw() {
    const room = staffRoom(this.link);
    if (!room) return;
    const { people } = room;
    const waiting = Object.entries(people)
      .filter(([, one]) => one.status === "lobby" || one.status === "held")
      .sort(([, a], [, b]) => a.came_ms - b.came_ms);
    say(byId("lobby-title"), `Waiting to come in (${waiting.length})`);
    byId("lobby-empty").hidden = waiting.length > 0;
    byId("admit-all").hidden = waiting.filter(([, one]) => one.status === "lobby").length < 2;
    for (const [seat, row] of this.rows) {
      if (waiting.some(([other]) => other === seat)) continue;
      row.root.remove();
      this.rows.delete(seat);
      this.known.delete(seat);
    }
    for (const [seat, person] of waiting) this.drawRow(seat, person);
    this.roster(room);
  }

  /** @param {string} seat @param {StaffSee} person */
  drawRow(seat, person) {
    const listed = this.data.roster.find((one) => one.person === person.person);
    let row = this.rows.get(seat);
    if (!row) {
      row = this.newRow(seat, person, listed);
      this.rows.set(seat, row);
      byId("lobby").append(row.root);
      if (!this.known.has(seat)) announce(`${person.name} is waiting to come in`);
      this.known.add(seat);
    }
    const minutes = Math.max(0, Math.round((serverNow() - person.came_ms) / 60000));
    const since = minutes ? `Waiting ${minutes} min` : "Just arrived";
    const held = person.word
      ? ". In a private word now"
      : person.word_over
        ? ". The private word is over"
        : person.status === "held"
          ? ". Kept for a private word"
          : "";
    const away = person.online ? "" : ". Their page is closed";
    say(
      row.line,
      `${listed ? "On the list" : person.role === "patient" ? "Not on the list" : "Guest, invited"}. ${since}${held}${away}`,
    );
    row.missing.hidden = !person.missing?.length;
    say(row.missing, (person.missing ?? []).map((one) => MISSING[one]).join(" "));
    row.news.hidden = !person.news;
    row.news.classList.toggle("btl-rbtn--white", person.news === "urgent" && !person.news_read);
    row.news.classList.toggle("btl-rbtn--wait", person.news !== "urgent" && !person.news_read);
    say(
      row.newsWords,
      person.news_read
        ? `${person.news_read} has read what is new`
        : person.news === "urgent"
          ? "A warning sign: read it first"
          : "Something is new: read it",
    );
    if (person.news === "urgent" && !person.news_read && !row.warned)
      announce(`${person.name} has ticked a warning sign. Read it before you let them in.`);
    row.warned = true;
  }

  /** @param {string} seat @param {StaffSee} person @param {Listed | undefined} listed @returns {Row} */
  newRow(seat, person, listed) {
    const line = make("span");
    const missing = make("span", { class: "btl-lobby__missing", hidden: true });
    const needs = listed?.needs ? make("span", { class: "btl-lobby__needs" }, `Needs: ${listed.needs}`) : "";
    const name = listed?.full_name ?? nameOf(person);
    /** @param {ActName} action */
    const press = (action) => ({
      click: () => this.actions[action](seat, staffRoomOf(this.link).people[seat] ?? person),
    });
    const newsWords = make("span", {}, "Something is new: read it");
    const news = make(
      "button",
      { class: "btl-rbtn btl-rbtn--wait", type: "button", hidden: true, on: press("look_up") },
      icon("warning", 18),
      newsWords,
    );
    const admit = make(
      "button",
      { class: "btl-rbtn btl-rbtn--accent", type: "button", "data-admit": seat, on: press("admit") },
      icon("tick", 18),
      `Let ${person.name} in`,
    );
    const about = () => make("span", { class: "nhsuk-u-visually-hidden" }, ` (${person.name})`);
    const others = make(
      "div",
      {},
      make("button", { class: "btl-rbtn", type: "button", on: press("look_up") }, "Who is it?", about()),
      make("button", { class: "btl-rbtn", type: "button", on: press("word") }, "Private word", about()),
      make("button", { class: "btl-rbtn", type: "button", on: press("remove") }, "Don’t let in", about()),
    );
    return {
      root: make("li", { "data-seat": seat }, make("strong", {}, name), line, needs, missing, news, admit, others),
      line,
      missing,
      news,
      newsWords,
      warned: false,
    };
  }

  /** @param {StaffView & { people: Record<string, StaffSee> }} room */
  roster({ people, late, warned, not_coming: notComing }) {
    const by = new Map(Object.values(people).map((one) => [one.person, one]));
    const seats = new Map(Object.entries(people).map(([seat, one]) => [one.person, seat]));
    const rows = this.data.roster.map((listed) => {
      const person = by.get(listed.person);
      const notYet = !person && !listed.agreed;
      const cannot = notComing?.[listed.person] !== undefined;
      const [picture, words] = this.standing(person, late?.[listed.person], warned?.[listed.person], cannot);
      return make(
        "li",
        {},
        make("span", {}, listed.full_name, listed.needs && make("small", {}, `Needs: ${listed.needs}`)),
        make("span", {}, picture ? icon(picture, 16) : "", notYet ? `${words}. Has not agreed yet` : words),
        person && this.backButton(seats.get(listed.person), person),
      );
    });
    for (const [seat, one] of Object.entries(people)) {
      if (one.status !== "removed" || this.data.roster.some((listed) => listed.person === one.person)) continue;
      rows.push(
        make(
          "li",
          {},
          make("span", {}, nameOf(one)),
          make("span", {}, icon("cross", 16), "Removed"),
          this.backButton(seat, one),
        ),
      );
    }
    const listed = this.data.roster.map((one) => by.get(one.person));
    const here = listed.filter((one) => one?.status === "admitted" && one.online).length;
    say(byId("roster-title"), `Attendance: ${here} of ${this.data.roster.length} here`);
    const key = rows.map((row) => row.textContent).join("|");
    if (this.drawnRoster !== key) byId("roster").replaceChildren(...rows);
    this.drawnRoster = key;
  }

  /**
   * Undoes a removal: the person can get ready and wait at the door again.
   * @param {string | undefined} seat
   * @param {StaffSee} person
   */
  backButton(seat, person) {
    if (!seat || person.status !== "removed") return "";
    return make(
      "button",
      { class: "btl-rbtn btl-roster__back", type: "button", on: { click: () => this.actions.let_back(seat, person) } },
      `Let ${person.name} back in`,
    );
  }

  /**
   * How it stands with somebody on the list, as a picture's name and words.
   * @param {StaffSee | undefined} person
   * @param {Late | undefined} late
   * @param {WarningLevel | undefined} warned
   * @param {boolean} cannot They said that they cannot come.
   * @returns {[picture: string, words: string]}
   */
  standing(person, late, warned, cannot) {
    if (!person && warned === "urgent") return ["warning", "Not here. Ticked a warning sign: call them"];
    if (!person && warned) return ["warning", "Not here. Ticked a sign to sit out"];
    if (!person && cannot) return ["cross", "Said they cannot come"];
    if (!person && late) return ["clock", `Says ${late.minutes} min late`];
    if (!person) return ["", "Not here"];
    /** @param {number} ms */
    const time = (ms) => clockTime(ms, this.data.zone);
    if (person.status === "removed") return ["cross", "Removed"];
    if (person.status === "left") return ["leave", "Left"];
    if (person.status !== "admitted") return ["clock", "In waiting room"];
    if (!person.online) return ["cut_off", `Cut off ${time(person.dropped_ms ?? serverNow())}`];
    const came = person.here_ms ?? person.admitted_ms ?? person.came_ms;
    const started = staffRoomOf(this.link).started_ms;
    if (started && came > started + LATE_AFTER) return ["clock", `Late, ${time(came)}`];
    return ["tick", `Here since ${time(came)}`];
  }
}
