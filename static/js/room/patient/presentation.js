/* The large thing that everybody looks at: a video watched together, or the screen of a facilitator. */

import { announce, byId, say } from "../../shared/dom.js";
import { gettext } from "../../shared/words.js";
import { FilmPlayer } from "./film.js";

/** @import { Media, Picture } from "../core/media.js" */
/** @import { RoomLink } from "../core/room-connection.js" */
/** @import { RoomPage } from "../page.js" */

export class Show {
  /** @param {RoomLink} link @param {Media} media @param {Pick<RoomPage, "session">} data */
  constructor(link, media, data) {
    this.link = link;
    this.media = media;
    this.film = new FilmPlayer(data);
    this.screen = byId("screen");
    /** @type {Picture | null} */
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
    const { state } = this.link;
    const film = kind === "film" ? state?.film : null;
    this.film.follow(film, small);
    const shown = kind === "screen" ? this.media.screen : null;
    this.attach(shown?.track ?? null);
    byId("show-place").hidden = !kind;
    byId("film").hidden = kind !== "film";
    this.screen.hidden = kind !== "screen";
    byId("film-tools").hidden = kind !== "film";
    const who = (shown && state?.people?.[shown.seat]?.name) ?? gettext("Your facilitator");
    const words = film
      ? film.title
      : shown?.mine
        ? gettext("You are showing your screen")
        : gettext("%(name)s is showing their screen", { name: who });
    if (kind) say(byId("show-name"), words);
    const told = kind
      ? kind === "film"
        ? gettext("We are watching a video together: %(title)s", { title: words })
        : words
      : "";
    if (told !== this.told && (told || this.told)) announce(told || gettext("Back to the group."));
    this.told = told;
    document.body.dataset.show = kind;
  }

  /** @param {Picture | null} track */
  attach(track) {
    if (track === this.track) return;
    this.track?.detach(this.screen);
    this.track = track;
    track?.attach(this.screen);
  }
}
