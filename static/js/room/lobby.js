/* Who waits to come in, and who is here, late or gone, for the facilitators. */

import { clockTime, serverNow } from "./clock.js";
import { announce, byId, icon, make, nameOf, say } from "./dom.js";

const LATE_AFTER = 10 * 60000;

export class Lobby {
  constructor(link, data, actions) {
    this.link = link;
    this.data = data;
    this.actions = actions;
    this.known = new Set();
    this.rows = new Map();
    byId("admit-all").addEventListener("click", () => actions.admit_all());
    setInterval(() => this.draw(), 15000);
  }

  draw() {
    const { people } = this.link.state ?? {};
    if (!people) return;
    const waiting = Object.entries(people).filter(([, one]) => one.status === "lobby" || one.status === "held").sort(([, a], [, b]) => a.came_ms - b.came_ms);
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
    this.roster(people);
  }

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
    const since = minutes ? `Waiting ${minutes} min` : "Just came";
    const held = person.word ? ". In a private word now" : person.status === "held" ? ". Kept for a private word" : "";
    const away = person.online ? "" : ". Their page is closed";
    say(row.line, `${listed ? "On the list" : person.role === "patient" ? "Not on the list" : "Guest, invited"}. ${since}${held}${away}`);
    row.news.hidden = !person.news;
    row.news.classList.toggle("btl-rbtn--white", person.news === "urgent" && !person.news_read);
    row.news.classList.toggle("btl-rbtn--wait", person.news !== "urgent" && !person.news_read);
    say(row.newsWords, person.news_read ? `${person.news_read} has read what is new` : person.news === "urgent" ? "A warning sign: read it first" : "Something is new: read it");
    if (person.news === "urgent" && !person.news_read && !row.warned) announce(`${person.name} has ticked a warning sign. Read it before you let them in.`);
    row.warned = true;
  }

  newRow(seat, person, listed) {
    const line = make("span");
    const name = listed?.full_name ?? nameOf(person);
    const press = (action) => ({ click: () => this.actions[action](seat, this.link.state.people[seat]) });
    const newsWords = make("span", {}, "Something is new: read it");
    const news = make("button", { class: "btl-rbtn btl-rbtn--wait", type: "button", hidden: true, on: press("look_up") }, icon("warning", 18), newsWords);
    const admit = make("button", { class: "btl-rbtn btl-rbtn--accent", type: "button", "data-admit": seat, on: press("admit") }, icon("tick", 18), `Let ${person.name} in`);
    const about = () => make("span", { class: "nhsuk-u-visually-hidden" }, ` (${person.name})`);
    const others = make("div", {}, make("button", { class: "btl-rbtn", type: "button", on: press("look_up") }, "Who is it?", about()), make("button", { class: "btl-rbtn", type: "button", on: press("word") }, "Private word", about()), make("button", { class: "btl-rbtn", type: "button", on: press("remove") }, "Don’t let in", about()));
    return { root: make("li", { "data-seat": seat }, make("strong", {}, name), line, news, admit, others), line, news, newsWords };
  }

  roster(people) {
    const by = new Map(Object.values(people).map((one) => [one.person, one]));
    const rows = this.data.roster.map((listed) => {
      const [picture, words] = this.standing(by.get(listed.person), this.link.state.late?.[listed.person]);
      return make("li", {}, make("span", {}, listed.full_name), make("span", {}, picture ? icon(picture, 16) : "", words));
    });
    const here = this.data.roster.filter((listed) => by.get(listed.person)?.status === "admitted" && by.get(listed.person).online).length;
    say(byId("roster-title"), `Attendance: ${here} of ${this.data.roster.length} here`);
    const key = rows.map((row) => row.textContent).join("|");
    if (this.drawnRoster !== key) byId("roster").replaceChildren(...rows);
    this.drawnRoster = key;
  }

  standing(person, late) {
    if (!person && late) return ["clock", `Says ${late.minutes} min late`];
    if (!person) return ["", "Not here"];
    const time = (ms) => clockTime(ms, this.data.zone);
    if (person.status === "removed") return ["cross", "Removed"];
    if (person.status === "left") return ["leave", "Left"];
    if (person.status !== "admitted") return ["clock", "In waiting room"];
    if (!person.online) return ["cut_off", `Cut off ${time(person.dropped_ms ?? serverNow())}`];
    const came = person.here_ms ?? person.admitted_ms;
    const started = this.link.state.started_ms;
    if (started && came > started + LATE_AFTER) return ["clock", `Late, ${time(came)}`];
    return ["tick", `Here since ${time(came)}`];
  }
}
