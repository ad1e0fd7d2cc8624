/* Everyone on the facilitators' screen, with their true state, and a menu for each. */

import { clockTime, serverNow } from "./clock.js";
import { byId, icon, make, nameOf, say } from "./dom.js";
import { handFlag, signOf } from "./signs.js";
import { Tile } from "./tiles.js";
import { Watching } from "./watching.js";

const WAYS = { sitting: "Sitting", standing: "Standing", lying: "Lying" };
const FEELS = { easy: "Easy", right: "About right", hard: "Too hard", rest: "Having a rest" };

export class Wall {
  constructor(link, media, data, actions) {
    this.link = link;
    this.media = media;
    this.data = data;
    this.actions = actions;
    this.cards = new Map();
    this.watching = new Watching(media);
    this.box = byId("wall");
    document.addEventListener("click", (event) => { if (!event.target.closest?.("[data-menu]")) this.closeMenu(); });
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") this.closeMenu(true); });
    setInterval(() => this.draw(), 2000);
  }

  draw() {
    const { people } = this.link.state ?? {};
    if (!people) return;
    const seats = Object.keys(people).filter((seat) => people[seat].status === "admitted" || people[seat].word).sort((one, other) => this.compare(people, one, other));
    for (const [seat, card] of this.cards) {
      if (seats.includes(seat)) continue;
      card.tile.remove();
      card.root.remove();
      this.cards.delete(seat);
    }
    seats.forEach((seat, place) => {
      const card = this.cards.get(seat) ?? this.newCard(seat, people[seat]);
      if (this.box.children[place] !== card.root && !this.menuOf) this.box.insertBefore(card.root, this.box.children[place] ?? null);
      else if (!card.root.isConnected) this.box.append(card.root);
      this.drawCard(card, seat, people[seat]);
    });
    this.drawTurn(people, seats);
    byId("wall-empty").hidden = seats.some((seat) => people[seat].role === "patient");
  }

  /** While people exercise, each is looked at in turn, so that nobody is overlooked. For the spotter. */
  drawTurn(people, seats) {
    const { state } = this.link;
    const patients = seats.filter((seat) => people[seat].role === "patient" && !this.cutOff(seat, people[seat])).sort((one, other) => people[one].name.localeCompare(people[other].name));
    const exercising = this.data.sections[state.section?.index ?? -1]?.kind === "exercise";
    const turn = exercising && state.lead !== state.me.seat ? this.watching.turn(patients) : null;
    for (const [seat, card] of this.cards) card.root.classList.toggle("is-turn", seat === turn);
    byId("watch-now").hidden = !turn;
    if (turn) say(byId("watch-now"), `Look at ${people[turn].name} now. Everyone has a turn of 20 seconds.`);
  }

  compare(people, one, other) {
    const rank = (seat) => {
      const person = people[seat];
      if (person.role === "facilitator") return 9;
      if (this.calls(seat)) return 0;
      if (this.cutOff(seat, person)) return 1;
      if (person.hand_ms) return 3;
      return person.feels === "hard" ? 4 : 5;
    };
    return rank(one) - rank(other) || (people[one].hand_ms ?? 0) - (people[other].hand_ms ?? 0) || people[one].name.localeCompare(people[other].name);
  }

  calls(seat) { return Object.values(this.link.state.alerts).some((alert) => alert.seat === seat); }

  cutOff(seat, person) {
    if (seat === this.link.state.me.seat) return false;
    return !this.media.person(seat) && !person.online;
  }

  newCard(seat, person) {
    const tile = new Tile("div");
    const name = make("strong");
    const line = make("span");
    const mine = seat === this.link.state.me.seat;
    const patient = person.role !== "facilitator";
    const button = patient ? make("button", { class: "btl-iconbtn", type: "button", "data-menu": seat, "aria-label": `Options for ${person.name}`, "aria-expanded": "false", on: { click: () => this.toggleMenu(seat) } }, icon("more")) : null;
    const root = make("li", { "data-seat": seat, class: mine ? "is-mine" : "" }, tile.root, make("div", { class: "btl-wall__foot" }, make("div", {}, name, line), button));
    const card = { root, tile, name, line, button };
    this.cards.set(seat, card);
    return card;
  }

  drawCard(card, seat, person) {
    const mine = seat === this.link.state.me.seat;
    const cut = this.cutOff(seat, person);
    const track = this.media.pictureOf(seat);
    card.root.classList.toggle("is-alert", this.calls(seat));
    const frozen = this.watching.frozenFor(seat, card.tile.video, track);
    card.root.classList.toggle("is-warn", cut || frozen > 0);
    const leads = this.link.state.lead === seat ? " (leads)" : "";
    say(card.name, mine ? `You${leads}` : `${nameOf(person)}${leads}`);
    say(card.line, this.line(seat, person, mine, cut));
    card.tile.show({ name: person.name, track, offWords: this.offWords(person, cut, mine), sound: this.media.soundOn(seat), talking: this.media.speakers.includes(seat), flag: this.flag(seat, person, frozen), mine, named: false });
  }

  offWords(person, cut, mine) {
    if (cut) return `Cut off ${ago(person.dropped_ms ?? person.cut_ms)}`;
    const { small, me } = this.link.state;
    if (small?.open && person.small !== me.small) return person.small ? `In small group ${person.small}` : "In the main room";
    if (person.word && person.word !== this.link.state.me.word) return "In a private word";
    if (person.camera === "off") return mine ? "Your camera is off" : "Camera off, their choice";
    return this.media.connected ? "No picture yet" : "Connecting";
  }

  flag(seat, person, frozen) {
    if (this.calls(seat)) return { words: "Help", icon: "warning", kind: "alert" };
    if (frozen) return { words: `Frozen ${frozen} sec`, icon: "frozen", kind: "" };
    if (person.news && !person.news_read) return { words: "Read what is new", icon: "warning", kind: person.news === "urgent" ? "alert" : "" };
    const sign = signOf(person) ?? handFlag(this.link.state.people, seat);
    if (sign) return sign;
    if (person.camera === "facilitators") return { words: "Only staff see", icon: "lock", kind: "accent" };
    return null;
  }

  line(seat, person, mine, cut) {
    if (cut) return `Call ${this.data.roster.find((one) => one.person === person.person)?.phone ?? "them"}`;
    const sound = this.media.soundOn(seat) ? "Sound on" : "Sound off";
    if (person.role === "facilitator") return mine ? `Your sound is ${this.media.soundOn(seat) ? "on" : "off"}` : sound;
    const doing = person.feels ? [WAYS[person.way], FEELS[person.feels]] : [sound];
    return [...doing, this.watching.linkWords(seat)].filter(Boolean).join(". ");
  }

  toggleMenu(seat) {
    const open = this.menuOf === seat;
    this.closeMenu();
    if (open) return;
    const card = this.cards.get(seat);
    const person = this.link.state.people[seat];
    this.menuOf = seat;
    const items = [
      ["microphone_off", "Mute", "mute"],
      person.hand_ms ? ["hand", "Put hand down", "lower_hand"] : null,
      person.word ? null : ["lock", "Private word", "word"],
      ["phone", "Place and phone", "look_up"],
      ["clock", "Back to waiting room", "hold"],
      ["leave", "Remove from session…", "remove"],
    ].filter(Boolean);
    const rows = items.map(([picture, words, action]) => make("li", {}, make("button", { class: `btl-rbtn${action === "remove" ? " btl-rbtn--danger" : ""}`, type: "button", "data-action": action, on: { click: () => { this.closeMenu(true); this.actions[action](seat, person); } } }, icon(picture, 20), words)));
    this.menu = make("ul", { class: "btl-menu btl-menu--pop", "aria-label": `Options for ${person.name}`, "data-menu": "" }, ...rows);
    card.root.append(this.menu);
    card.button.setAttribute("aria-expanded", "true");
    this.menu.querySelector("button").focus();
  }

  closeMenu(refocus = false) {
    if (!this.menu) return;
    const card = this.cards.get(this.menuOf);
    this.menu.remove();
    this.menu = null;
    this.menuOf = null;
    card?.button.setAttribute("aria-expanded", "false");
    if (refocus) card?.button.focus();
  }
}

/** How long ago a moment was, in few words. */
export function ago(ms) {
  if (!ms) return "just now";
  const seconds = Math.max(0, Math.round((serverNow() - ms) / 1000));
  if (seconds < 60) return seconds === 1 ? "1 second ago" : `${seconds} seconds ago`;
  const minutes = Math.round(seconds / 60);
  return `${minutes} ${minutes === 1 ? "minute" : "minutes"} ago`;
}

/** 9:58am, for lists. */
export function at(ms, zone) { return clockTime(ms, zone); }
