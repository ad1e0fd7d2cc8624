/* The people in the room as one patient sees them. Either whoever leads is large and the others lie in order beside or
   below, or all have the same size; while a film or a screen is shown, that is large and everybody lies beside it. */

import { byId, make, nameOf, say } from "./dom.js";
import { fit } from "./fit.js";
import { Order } from "./order.js";
import { handFlag, signOf } from "./signs.js";
import { Tile } from "./tiles.js";

const MOST_ON_PHONE = 9;
const LEAST_HIGH = 92;
const NARROW = window.matchMedia("(max-width: 63.99em)");

export class Stage {
  /** `wishes` are what this person chose for their page, `show` is the large thing there may be instead of a person. */
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
    this.tiles = new Map();
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

  draw(mode = this.mode) {
    this.mode = mode;
    const { state } = this.link;
    if (!state?.people) return;
    const people = Object.fromEntries(Object.entries(state.people).filter(([seat, one]) => this.here(seat, one)));
    const count = Object.keys(people).length;
    const { layout } = this;
    byId("stage").dataset.n = String(Math.min(16, Math.max(1, count + (layout === "show" ? 1 : 0))));
    byId("stage").dataset.layout = layout;
    say(byId("people-here"), count === 1 ? "You are the first one here" : `${count} people here`);
    const lead = people[state.lead] ? state.lead : Object.keys(people).find((seat) => people[seat].role === "facilitator") ?? null;
    this.place.hidden = layout !== "speaker" || (lead === null && Boolean(state.small?.open));
    this.drawLead(lead, people[lead]);
    this.drawGallery(people, lead, layout);
    this.lie();
  }

  here(seat, person) {
    return seat === this.link.state.me.seat || person.online || Boolean(this.media.person(seat));
  }

  drawLead(seat, person) {
    const track = seat ? this.media.pictureOf(seat) : null;
    const dim = this.mode === "rest";
    if (!person) {
      this.lead.show({ name: "Your facilitator", track: null, offWords: "Your facilitator is not here yet", sound: true });
      this.face(null, "Your facilitator");
      return;
    }
    const job = this.jobs.get(person.name);
    const gone = !person.online && !this.media.person(seat) ? `${person.name} is reconnecting` : this.wishes.soundOnly ? "Sound only" : "Camera off";
    this.lead.show({
      name: `${person.name}${job ? `, ${job}` : ""} – leads today`,
      track: dim ? null : track,
      offWords: gone,
      sound: this.media.soundOn(seat),
      talking: this.media.speakers.includes(seat),
      flag: signOf(person),
    });
    this.face(dim ? track : null, person.name);
    say(byId("rest-title"), `Just listen to ${person.name}`);
    say(byId("voice-words"), `${person.name}’s voice`);
  }

  face(track, name) {
    const place = byId("rest-face");
    if (!this.restFace.root.isConnected) place.append(this.restFace.video, this.restFace.letter);
    this.restFace.picture(track);
    this.restFace.letter.hidden = Boolean(track);
    say(this.restFace.letter, name[0]);
  }

  /** In the gallery every tile is as large as the room allows. */
  lie() {
    const box = this.gallery;
    const tiles = [...box.children].filter((tile) => !tile.hidden);
    if (this.layout !== "gallery" || !tiles.length || !box.clientWidth) {
      for (const name of ["--wide", "--high"]) box.style.removeProperty(name);
      return;
    }
    const gap = NARROW.matches ? 6 : 10;
    const across = Math.ceil(Math.sqrt(tiles.length));
    const free = window.innerHeight - byId("controls").parentElement.offsetHeight - (box.getBoundingClientRect().top + window.scrollY) - 2 * gap;
    const high = Math.max(free, Math.ceil(tiles.length / across) * LEAST_HIGH);
    const size = fit(tiles.length, box.clientWidth, high, gap, NARROW.matches ? 0.95 : 1.25);
    box.style.setProperty("--wide", `${size.width}px`);
    box.style.setProperty("--high", `${size.height}px`);
  }

  drawGallery(people, lead, layout) {
    const { me } = this.link.state;
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
      if (this.gallery.children[place] !== tile.root) this.gallery.insertBefore(tile.root, this.gallery.children[place] ?? null);
      this.drawPerson(tile, seat, people, { hidden, leads: seat === lead });
    });
    this.drawMore(layout === "gallery" ? 0 : seats.length);
  }

  drawPerson(tile, seat, people, { hidden, leads }) {
    const { me } = this.link.state;
    const person = people[seat];
    const mine = seat === me.seat;
    const choice = mine ? me.camera : person.camera;
    const shown = mine ? choice !== "off" : choice === "on" || person.role === "facilitator";
    const gone = !mine && !person.online && !this.media.person(seat);
    let flag = signOf(person) ?? handFlag(people, seat);
    if (!flag && mine && choice === "facilitators") flag = { words: "Private", icon: "lock", kind: "accent" };
    tile.show({
      name: mine ? "You" : person.role === "facilitator" ? `${person.name}, ${leads ? "leads" : "helper"}` : nameOf(person),
      track: hidden || !shown ? null : this.media.pictureOf(seat),
      offWords: gone ? "Reconnecting" : shown && this.wishes.soundOnly ? "Sound only" : "Camera off",
      sound: this.media.soundOn(seat),
      talking: this.media.speakers.includes(seat),
      flag,
      mine,
    });
  }

  drawMore(count) {
    const beyond = count - MOST_ON_PHONE;
    this.more.hidden = beyond <= 0;
    const whole = this.gallery.classList.contains("is-whole");
    const people = beyond === 1 ? "person" : "people";
    if (beyond > 0) this.more.replaceChildren(make("span", {}, whole ? "Show fewer people" : `Show ${beyond} more ${people}`));
  }
}
