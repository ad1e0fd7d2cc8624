/* The large thing that everybody looks at: a video watched together, or the screen of a facilitator. */

import { announce, byId, say } from "./dom.js";
import { FilmPlayer } from "./film.js";

export class Show {
  constructor(link, media, data) {
    this.link = link;
    this.media = media;
    this.film = new FilmPlayer(data);
    this.screen = byId("screen");
    this.track = null;
    this.told = "";
  }

  /** What is large now: "film", "screen" or nothing. */
  get kind() {
    const { state } = this.link;
    if (state?.me.status !== "admitted" || state.status === "ended") return "";
    if (state.film) return "film";
    return this.media.screen ? "screen" : "";
  }

  draw({ small = false } = {}) {
    const { kind } = this;
    const { film, people = {} } = this.link.state ?? {};
    this.film.follow(kind === "film" ? film : null, small);
    const shown = kind === "screen" ? this.media.screen : null;
    this.attach(shown?.track ?? null);
    byId("show-place").hidden = !kind;
    byId("film").hidden = kind !== "film";
    this.screen.hidden = kind !== "screen";
    byId("film-tools").hidden = kind !== "film";
    const who = people[shown?.seat]?.name ?? "Your facilitator";
    const words = kind === "film" ? film.title : shown?.mine ? "You are showing your screen" : `${who} is showing their screen`;
    if (kind) say(byId("show-name"), words);
    const told = kind ? (kind === "film" ? `We are watching a video together: ${words}` : words) : "";
    if (told !== this.told && (told || this.told)) announce(told || "Back to the group.");
    this.told = told;
    document.body.dataset.show = kind;
  }

  attach(track) {
    if (track === this.track) return;
    this.track?.detach(this.screen);
    this.track = track;
    track?.attach(this.screen);
  }
}
