/* The people in the room as one patient sees them. Either whoever leads is large and the others lie in order beside or
   below, or all have the same size; while a film or a screen is shown, that is large and everybody lies beside it. */

import { byId, make, nameOf, say } from "../../shared/dom.js";
import { gettext, ngettext } from "../../shared/words.js";
import { stateOf } from "../core/seen.js";
import { fit } from "./fit.js";
import { Order } from "./order.js";
import { handFlag, signOf } from "./signs.js";
import { letterOf, Tile } from "./tiles.js";

/** @import { Media, Picture } from "../core/media.js" */
/** @import { RoomLink } from "../core/room-connection.js" */
/** @import { RoomPage } from "../page.js" */
/** @import { Show } from "../patient/presentation.js" */
/** @import { Mode } from "../patient/section.js" */
/** @import { Member } from "../state.js" */
/** @import { Wishes } from "./view-preferences.js" */

const MOST_ON_PHONE = 9;
const LEAST_HIGH = 92;
const NARROW = window.matchMedia("(max-width: 63.99em)");

export class Stage {
  /**
   * `wishes` are what this person chose for their page, `show` is the large thing there may be instead of a person.
   * @param {RoomLink} link
   * @param {Media} media
   * @param {RoomPage} data
   * @param {{ wishes: Wishes, show: Show, layout: () => string }} options
   */
  constructor(link, media, data, { wishes, show, layout }) {
    this.wishes = wishes;
    this.show = show;
    this.sectionLayout = layout;
    this.link = link;
    this.media = media;
    this.jobs = new Map(data.staff.map((one) => [one.name, one.job]));
    this.lead = new Tile("div", "btl-lead");
    this.place = byId("lead-place");
    this.place.append(this.lead.root);
    this.gallery = byId("gallery");
    /** @type {Map<string, Tile>} By seat. */
    this.tiles = new Map();
    /** @type {Mode | undefined} */
    this.mode = undefined;
    this.order = new Order(this.gallery);
    this.restFace = new Tile("div", "btl-halo__tile");
    this.more = byId("show-more");
    this.more.addEventListener("click", () => this.showMore());
    setInterval(() => this.draw(), 10500);
    new ResizeObserver(() => this.lie()).observe(this.gallery);
    new ResizeObserver(() => this.lie()).observe(byId("now"));
    window.addEventListener("resize", () => this.lie());
  }

  showMore() {
    const whole = this.gallery.classList.toggle("is-whole");
    this.more.setAttribute("aria-expanded", String(whole));
    this.draw(this.mode);
  }

  /** "gallery", "speaker" or "show": what the session or this person wants, and what there is to show. */
  get layout() {
    if (this.show.kind) return "show";
    if (this.mode !== "talk") return "speaker";
    return this.wishes.layout === "session" ? this.sectionLayout() : this.wishes.layout;
  }

  /** @param {Mode | undefined} [mode] what the part of the session is that is on */
  draw(mode = this.mode) {
    this.mode = mode;
    const { state } = this.link;
    if (!state?.people) return;
    const all = /** @type {Record<string, Member>} */ (state.people);
    const people = Object.fromEntries(Object.entries(all).filter(([seat, one]) => this.here(seat, one)));
    const count = Object.keys(people).length;
    const { layout } = this;
    byId("stage").dataset.n = String(Math.min(16, Math.max(1, count + (layout === "show" ? 1 : 0))));
    byId("stage").dataset.layout = layout;
    say(byId("people-here"), ngettext("You are the first one here", "%(num)s people here", count));
    const other = Object.keys(people).find((seat) => people[seat]?.role === "facilitator");
    const lead = (state.lead && people[state.lead] ? state.lead : other) ?? null;
    this.place.hidden = layout !== "speaker" || (lead === null && Boolean(state.small?.open));
    this.drawLead(lead);
    this.drawGallery(people, lead, layout);
    this.lie();
  }

  /** @param {string} seat @param {Member} person */
  here(seat, person) {
    return seat === stateOf(this.link).me.seat || person.online || Boolean(this.media.person(seat));
  }

  /** @param {string | null} seat */
  drawLead(seat) {
    const person = seat ? stateOf(this.link).people?.[seat] : undefined;
    if (!seat || !person) {
      this.lead.show({
        name: gettext("Your facilitator"),
        track: null,
        offWords: gettext("Your facilitator is not here yet"),
        sound: true,
      });
      this.face(null, gettext("Your facilitator"));
      return;
    }
    const track = this.media.pictureOf(seat);
    const dim = this.mode === "rest";
    const job = this.jobs.get(person.name);
    const gone =
      !person.online && !this.media.person(seat)
        ? gettext("%(name)s is reconnecting", { name: person.name })
        : this.wishes.soundOnly
          ? gettext("Sound only")
          : gettext("Camera off");
    this.lead.show({
      name: `${person.name}${job ? `, ${job}` : ""}${seat === stateOf(this.link).lead ? gettext(" – leads today") : ""}`,
      track: dim ? null : track,
      offWords: gone,
      sound: this.media.soundOn(seat),
      talking: this.media.speakers.includes(seat),
      flag: signOf(person),
    });
    this.face(dim ? track : null, person.name);
    say(byId("rest-title"), gettext("Just listen to %(name)s", { name: person.name }));
    say(byId("voice-words"), gettext("%(name)s’s voice", { name: person.name }));
  }

  /** @param {Picture | null} track @param {string} name */
  face(track, name) {
    const place = byId("rest-face");
    if (!this.restFace.root.isConnected) place.append(this.restFace.video, this.restFace.letter);
    this.restFace.picture(track);
    this.restFace.letter.hidden = Boolean(track);
    say(this.restFace.letter, letterOf(name));
  }

  /** In the gallery every tile is as large as the room allows. */
  lie() {
    const box = this.gallery;
    const tiles = [...this.tiles.values()].filter((tile) => !tile.root.hidden);
    if (this.layout !== "gallery" || !tiles.length || !box.clientWidth) {
      for (const name of ["--wide", "--high"]) box.style.removeProperty(name);
      return;
    }
    const gap = NARROW.matches ? 6 : 10;
    const across = Math.ceil(Math.sqrt(tiles.length));
    const free =
      window.innerHeight -
      (byId("controls").parentElement?.offsetHeight ?? 0) -
      (box.getBoundingClientRect().top + window.scrollY) -
      2 * gap;
    const high = Math.max(free, Math.ceil(tiles.length / across) * LEAST_HIGH);
    const size = fit(tiles.length, box.clientWidth, high, gap, NARROW.matches ? 0.95 : 1.25);
    box.style.setProperty("--wide", `${size.width}px`);
    box.style.setProperty("--high", `${size.height}px`);
  }

  /** @param {Record<string, Member>} people @param {string | null} lead @param {string} layout */
  drawGallery(people, lead, layout) {
    const state = stateOf(this.link);
    const { me } = state;
    const hidden = this.mode === "rest";
    const large = layout === "speaker" ? lead : null;
    const ordered = this.order.of(people, { me: me.seat, lead: large, speakers: this.media.speakers });
    const seats = ordered.filter((seat) => seat !== me.seat || this.wishes.ownPicture);
    for (const [seat, tile] of this.tiles) {
      if (seats.includes(seat)) continue;
      tile.remove();
      this.tiles.delete(seat);
    }
    seats.forEach((seat, place) => {
      let tile = this.tiles.get(seat);
      if (!tile) {
        tile = new Tile();
        tile.root.dataset.seat = seat;
        this.tiles.set(seat, tile);
      }
      if (this.gallery.children[place] !== tile.root)
        this.gallery.insertBefore(tile.root, this.gallery.children[place] ?? null);
      const person = people[seat];
      if (person) this.drawPerson(tile, person, { seat, people, hidden, leads: seat === state.lead });
    });
    this.drawMore(layout === "gallery" ? 0 : seats.length);
  }

  /**
   * @param {Tile} tile
   * @param {Member} person
   * @param {{ seat: string, people: Record<string, Member>, hidden: boolean, leads: boolean }} how
   */
  drawPerson(tile, person, { seat, people, hidden, leads }) {
    const { me } = stateOf(this.link);
    const mine = seat === me.seat;
    const choice = mine ? me.camera : person.camera;
    const shown = mine ? choice !== "off" : choice === "on" || person.role === "facilitator";
    const gone = !mine && !person.online && !this.media.person(seat);
    let flag = signOf(person) ?? handFlag(people, seat);
    if (!flag && mine && this.media.ownPaused)
      flag = { words: gettext("Picture paused"), icon: "camera_off", kind: "" };
    if (!flag && mine && choice === "facilitators") flag = { words: gettext("Private"), icon: "lock", kind: "accent" };
    tile.show({
      name: mine
        ? gettext("You")
        : person.role === "facilitator"
          ? `${person.name}, ${leads ? gettext("leads") : gettext("helper")}`
          : nameOf(person),
      track: hidden || !shown ? null : this.media.pictureOf(seat),
      offWords: gone
        ? gettext("Reconnecting")
        : shown && this.wishes.soundOnly
          ? gettext("Sound only")
          : gettext("Camera off"),
      sound: this.media.soundOn(seat),
      talking: this.media.speakers.includes(seat),
      flag,
      mine,
    });
  }

  /** @param {number} count */
  drawMore(count) {
    const beyond = count - MOST_ON_PHONE;
    this.more.hidden = beyond <= 0;
    const whole = this.gallery.classList.contains("is-whole");
    if (beyond > 0)
      this.more.replaceChildren(
        make(
          "span",
          {},
          whole
            ? gettext("Show fewer people")
            : ngettext("Show %(num)s more person", "Show %(num)s more people", beyond),
        ),
      );
  }
}
