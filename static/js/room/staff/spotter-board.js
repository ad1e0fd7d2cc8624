/* Everyone on the facilitators' screen, with their true state, and a menu for each. */

import { byId, find, icon, make, nameOf, say } from "../../shared/dom.js";
import { staffRoom, staffRoomOf } from "../core/seen.js";
import { besideTheirs } from "../people/beside.js";
import { handFlag, signOf } from "../people/signs.js";
import { Tile } from "../people/tiles.js";
import { WallSize } from "../people/wall-size.js";
import { ago } from "./ago.js";
import { Watching } from "./watching.js";

/** @import { Media } from "../core/media.js" */
/** @import { RoomLink } from "../core/room-connection.js" */
/** @import { StaffPage } from "../page.js" */
/** @import { Flag } from "../people/signs.js" */
/** @import { StaffSee } from "../state.js" */
/** @import { Actions, ActName } from "./acts.js" */
/**
 * One person on the wall.
 * @typedef {object} Card
 * @property {HTMLElement} root
 * @property {Tile} tile
 * @property {HTMLElement} name
 * @property {HTMLElement} line
 * @property {HTMLElement | null} button opens the menu; facilitators have none
 */

/** @type {Record<string, string>} */
const WAYS = { sitting: "Sitting", standing: "Standing", lying: "Lying" };
/** @type {Record<string, string>} */
const FEELS = { easy: "Easy", right: "About right", hard: "Too hard", rest: "Having a rest" };

export class Wall {
  /** @param {RoomLink} link @param {Media} media @param {StaffPage} data @param {Actions} actions */
  constructor(link, media, data, actions) {
    this.link = link;
    this.media = media;
    this.data = data;
    this.actions = actions;
    /** @type {Map<string, Card>} By seat. */
    this.cards = new Map();
    /** @type {{ seat: string, list: HTMLElement } | null} The menu that is open, and whose it is. */
    this.menu = null;
    this.watching = new Watching(media);
    this.box = byId("wall");
    this.size = new WallSize(this.box);
    document.addEventListener("click", (event) => {
      if (!(event.target instanceof Element && event.target.closest("[data-menu]"))) this.closeMenu();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.closeMenu(true);
    });
    setInterval(() => this.draw(), 2000);
  }

  draw() {
    const room = staffRoom(this.link);
    if (!room) return;
    const admitted = Object.entries(room.people)
      .filter(([, one]) => one.status === "admitted" || one.word)
      .sort(([one, a], [other, b]) => this.compare(one, a, other, b));
    const inside = besideTheirs(admitted);
    const seats = inside.map(([seat]) => seat);
    for (const [seat, card] of this.cards) {
      if (seats.includes(seat)) continue;
      card.tile.remove();
      card.root.remove();
      this.cards.delete(seat);
    }
    inside.forEach(([seat, person], place) => {
      const card = this.cards.get(seat) ?? this.newCard(seat, person);
      if (this.box.children[place] !== card.root && !this.menu)
        this.box.insertBefore(card.root, this.box.children[place] ?? null);
      else if (!card.root.isConnected) this.box.append(card.root);
      this.drawCard(card, seat, person);
    });
    this.drawTurn(inside);
    byId("wall-empty").hidden = inside.some(([, one]) => one.role === "patient");
    this.size.draw(inside.length, this.exercising);
  }

  get exercising() {
    return this.data.sections[staffRoomOf(this.link).section?.index ?? -1]?.kind === "exercise";
  }

  /**
   * While people exercise, each is looked at in turn, so that nobody is overlooked. For the spotter.
   * @param {[seat: string, person: StaffSee][]} inside
   */
  drawTurn(inside) {
    const { lead, me } = staffRoomOf(this.link);
    const patients = inside
      .filter(([seat, one]) => one.role === "patient" && !this.cutOff(seat, one))
      .sort(([, a], [, b]) => a.name.localeCompare(b.name));
    const turn = this.exercising && lead !== me.seat ? this.watching.turn(patients.map(([seat]) => seat)) : undefined;
    for (const [seat, card] of this.cards) card.root.classList.toggle("is-turn", seat === turn);
    byId("watch-now").hidden = !turn;
    const name = patients.find(([seat]) => seat === turn)?.[1].name;
    if (name) say(byId("watch-now"), `Look at ${name} now. Everyone has a turn of 20 seconds.`);
  }

  /** @param {string} one @param {StaffSee} a @param {string} other @param {StaffSee} b */
  compare(one, a, other, b) {
    return (
      this.rank(one, a) - this.rank(other, b) || (a.hand_ms ?? 0) - (b.hand_ms ?? 0) || a.name.localeCompare(b.name)
    );
  }

  /** Who needs to be seen first: the smaller, the sooner. @param {string} seat @param {StaffSee} person */
  rank(seat, person) {
    if (person.role === "facilitator") return 9;
    if (this.calls(seat)) return 0;
    if (this.cutOff(seat, person)) return 1;
    if (person.hand_ms) return 3;
    return person.feels === "hard" ? 4 : 5;
  }

  /** Whether this person calls for help. @param {string} seat */
  calls(seat) {
    return Object.values(staffRoomOf(this.link).alerts).some((alert) => alert.seat === seat);
  }

  /** @param {string} seat @param {StaffSee} person */
  cutOff(seat, person) {
    if (seat === staffRoomOf(this.link).me.seat) return false;
    return !this.media.person(seat) && !person.online;
  }

  /** @param {string} seat @param {StaffSee} person @returns {Card} */
  newCard(seat, person) {
    const tile = new Tile("div");
    const name = make("strong");
    const line = make("span");
    const mine = seat === staffRoomOf(this.link).me.seat;
    const patient = person.role !== "facilitator";
    const button = patient
      ? make(
          "button",
          {
            class: "btl-iconbtn",
            type: "button",
            "data-menu": seat,
            "aria-label": `Options for ${person.name}`,
            "aria-expanded": "false",
            on: { click: () => this.toggleMenu(seat) },
          },
          icon("more"),
        )
      : null;
    const root = make(
      "li",
      { "data-seat": seat, class: mine ? "is-mine" : "" },
      tile.root,
      make("div", { class: "btl-wall__foot" }, make("div", {}, name, line), button),
    );
    const card = { root, tile, name, line, button };
    this.cards.set(seat, card);
    return card;
  }

  /** @param {Card} card @param {string} seat @param {StaffSee} person */
  drawCard(card, seat, person) {
    const { me, lead } = staffRoomOf(this.link);
    const mine = seat === me.seat;
    const cut = this.cutOff(seat, person);
    const track = this.media.pictureOf(seat);
    card.root.classList.toggle("is-alert", this.calls(seat));
    const frozen = this.watching.frozenFor(seat, card.tile.video, track);
    card.root.classList.toggle("is-warn", cut || frozen > 0);
    const leads = lead === seat ? " (leads)" : "";
    say(card.name, mine ? `You${leads}` : `${nameOf(person)}${leads}`);
    say(card.line, this.line(seat, person, mine, cut));
    card.tile.show({
      name: person.name,
      track,
      offWords: this.offWords(person, cut, mine),
      sound: this.media.soundOn(seat),
      talking: this.media.speakers.includes(seat),
      flag: this.flag(seat, person, frozen),
      mine,
      named: false,
    });
  }

  /** @param {StaffSee} person @param {boolean} cut @param {boolean} mine */
  offWords(person, cut, mine) {
    if (cut) return `Cut off ${ago(person.dropped_ms ?? person.cut_ms)}`;
    const { small, me } = staffRoomOf(this.link);
    if (small?.open && person.small !== me.small)
      return person.small ? `In small group ${person.small}` : "In the main room";
    if (person.word && person.word !== me.word) return "In a private word";
    if (person.camera === "off") return mine ? "Your camera is off" : "Camera off, their choice";
    return this.media.connected ? "No picture yet" : "Connecting";
  }

  /**
   * @param {string} seat
   * @param {StaffSee} person
   * @param {number} frozen for how many seconds
   * @returns {Flag | null}
   */
  flag(seat, person, frozen) {
    const { people, me } = staffRoomOf(this.link);
    if (this.calls(seat)) return { words: "Help", icon: "warning", kind: "alert" };
    if (frozen) return { words: `Frozen ${frozen} sec`, icon: "frozen", kind: "" };
    if (person.news && !person.news_read)
      return { words: "Read what is new", icon: "warning", kind: person.news === "urgent" ? "alert" : "" };
    const sign = signOf(person) ?? handFlag(people, seat);
    if (sign) return sign;
    if (seat === me.seat && this.media.ownPaused) return { words: "Picture paused", icon: "camera_off", kind: "" };
    if (person.camera === "facilitators") return { words: "Only staff see", icon: "lock", kind: "accent" };
    return null;
  }

  /** @param {string} seat @param {StaffSee} person @param {boolean} mine @param {boolean} cut */
  line(seat, person, mine, cut) {
    if (cut) return `Call ${this.data.roster.find((one) => one.person === person.person)?.phone ?? "them"}`;
    const sound = this.media.soundOn(seat) ? "Sound on" : "Sound off";
    if (person.role === "facilitator") return mine ? `Your sound is ${this.media.soundOn(seat) ? "on" : "off"}` : sound;
    const doing = person.feels ? [WAYS[person.way ?? ""], FEELS[person.feels]] : [sound];
    return [...doing, this.watching.linkWords(seat)].filter(Boolean).join(". ");
  }

  /** What can be done with somebody now: a picture, the words, the act. @param {StaffSee} person */
  items(person) {
    /** @type {([picture: string, words: string, action: ActName] | null)[]} */
    const items = [
      ["microphone_off", "Mute", "mute"],
      person.camera === "off" ? null : ["camera_off", "Stop their camera", "stop_camera"],
      person.hand_ms ? ["hand", "Put hand down", "lower_hand"] : null,
      person.word ? null : ["lock", "Private word", "word"],
      ["phone", "Place and phone", "look_up"],
      ["clock", "Back to waiting room", "hold"],
      ["leave", "Remove from session…", "remove"],
    ];
    return items.filter((item) => item !== null);
  }

  /** @param {string} seat */
  toggleMenu(seat) {
    const open = this.menu?.seat === seat;
    this.closeMenu();
    const card = this.cards.get(seat);
    const person = staffRoomOf(this.link).people[seat];
    if (open || !card || !person) return;
    const rows = this.items(person).map(([picture, words, action]) =>
      make(
        "li",
        {},
        make(
          "button",
          {
            class: `btl-rbtn${action === "remove" ? " btl-rbtn--danger" : ""}`,
            type: "button",
            "data-action": action,
            on: {
              click: () => {
                this.closeMenu(true);
                this.actions[action](seat, person);
              },
            },
          },
          icon(picture, 20),
          words,
        ),
      ),
    );
    const list = make(
      "ul",
      { class: "btl-menu btl-menu--pop", "aria-label": `Options for ${person.name}`, "data-menu": "" },
      ...rows,
    );
    this.menu = { seat, list };
    card.root.append(list);
    this.size.turn(list);
    card.button?.setAttribute("aria-expanded", "true");
    find(list, "button").focus();
  }

  closeMenu(refocus = false) {
    if (!this.menu) return;
    const { seat, list } = this.menu;
    const button = this.cards.get(seat)?.button;
    list.remove();
    this.menu = null;
    button?.setAttribute("aria-expanded", "false");
    if (refocus) button?.focus();
  }
}
