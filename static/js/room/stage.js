/* The people in the room as one patient sees them: whoever leads is large, the others lie in order beside or below. */

import { byId, make, say } from "./dom.js";
import { Order } from "./order.js";
import { Tile } from "./tiles.js";

const MOST_ON_PHONE = 9;

export class Stage {
  constructor(link, media, data) {
    this.link = link;
    this.media = media;
    this.jobs = new Map(data.staff.map((one) => [one.name, one.job]));
    this.lead = new Tile("div", "btl-lead");
    byId("lead-place").append(this.lead.root);
    this.gallery = byId("gallery");
    this.tiles = new Map();
    this.order = new Order(this.gallery);
    this.restFace = new Tile("div", "btl-halo__tile");
    this.more = byId("show-more");
    this.more.addEventListener("click", () => this.showMore());
    setInterval(() => this.draw("talk"), 10500);
  }

  showMore() {
    const whole = this.gallery.classList.toggle("is-whole");
    this.more.setAttribute("aria-expanded", String(whole));
    this.draw(this.mode);
  }

  draw(mode = this.mode) {
    if (mode !== "talk" || !this.mode) this.mode = mode;
    const { state } = this.link;
    if (!state?.people) return;
    const people = Object.fromEntries(Object.entries(state.people).filter(([seat, one]) => this.here(seat, one)));
    const count = Object.keys(people).length;
    byId("stage").dataset.n = String(Math.min(16, Math.max(1, count)));
    say(byId("people-here"), count === 1 ? "You are the first one here" : `${count} people here`);
    const lead = people[state.lead] ? state.lead : Object.keys(people).find((seat) => people[seat].role === "facilitator") ?? null;
    this.drawLead(lead, people[lead]);
    this.drawGallery(people, lead);
  }

  here(seat, person) {
    return seat === this.link.state.me.seat || person.online || Boolean(this.media.person(seat));
  }

  drawLead(seat, person) {
    const track = seat ? this.media.pictureOf(seat) : null;
    const dim = this.mode === "rest";
    byId("lead-place").hidden = !person && Boolean(this.link.state.small?.open);
    if (!person) {
      this.lead.show({ name: "Your facilitator", track: null, offWords: "Your facilitator is not here yet", sound: true });
      this.face(null, "Your facilitator");
      return;
    }
    const job = this.jobs.get(person.name);
    const gone = person.online || this.media.person(seat) ? "Camera off" : `${person.name} is reconnecting`;
    this.lead.show({
      name: `${person.name}${job ? `, ${job}` : ""} – leads today`,
      track: dim ? null : track,
      offWords: gone,
      sound: this.media.soundOn(seat),
      talking: this.media.speakers.includes(seat),
      flag: null,
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

  drawGallery(people, lead) {
    const { me } = this.link.state;
    const hidden = this.mode === "rest";
    const seats = this.order.of(people, { me: me.seat, lead, speakers: this.media.speakers });
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
      this.drawPerson(tile, seat, people[seat], hidden);
    });
    this.drawMore(seats.length);
  }

  drawPerson(tile, seat, person, hidden) {
    const { me } = this.link.state;
    const mine = seat === me.seat;
    const choice = mine ? me.camera : person.camera;
    const shown = mine ? choice !== "off" : choice === "on" || person.role === "facilitator";
    const hand = mine ? me.hand_ms : person.hand_ms;
    const gone = !mine && !person.online && !this.media.person(seat);
    let flag = hand ? { words: "Hand up", icon: "hand", kind: "" } : null;
    if (!flag && mine && choice === "facilitators") flag = { words: "Private", icon: "lock", kind: "accent" };
    tile.show({
      name: mine ? "You" : person.role === "facilitator" ? `${person.name}, helper` : person.name,
      track: hidden || !shown ? null : this.media.pictureOf(seat),
      offWords: gone ? "Reconnecting" : "Camera off",
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
