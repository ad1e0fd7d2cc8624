/* What facilitators put before the group: their screen, the session's video watched in step, a question. */

import { minutesAndSeconds, serverNow } from "../../shared/clock.js";
import { byId, find, findAll, icon, make, say } from "../../shared/dom.js";
import { openSheet } from "../../shared/sheet.js";
import { staffRoomOf } from "../core/seen.js";
import { placeAt } from "../patient/film-place.js";
import { bars } from "../patient/poll.js";

/** @import { Media } from "../core/media.js" */
/** @import { RoomLink } from "../core/room-connection.js" */
/** @import { PollState, StaffSee, StaffView } from "../state.js" */
/** @import { Tell } from "./acts.js" */

const BACK_MS = 10000;
const MOST_ANSWERS = 6;
const FEWEST = 5;

/**
 * What staff read before they ask a group in which there can be no counts; "" where there can.
 * @param {Record<string, Pick<StaffSee, "role" | "status">>} people
 */
export function fewWords(people) {
  const here = Object.values(people).filter((one) => one.role === "patient" && one.status === "admitted").length;
  if (here >= FEWEST) return "";
  const who = here === 0 ? "No patient is" : here === 1 ? "Only 1 patient is" : `Only ${here} patients are`;
  return `${who} in the room. With fewer than ${FEWEST} answers nobody sees counts, so it may be better to ask aloud.`;
}

export class Showing {
  /** @param {RoomLink} link @param {Media} media @param {Tell} tell */
  constructor(link, media, tell) {
    /** @type {boolean | undefined} Whether the button that is drawn stops a running film. */
    this.playing = undefined;
    this.drawn = "";
    this.link = link;
    this.media = media;
    this.tell = tell;
    byId("share-screen").addEventListener("click", () => media.showScreen(!this.mine));
    byId("film-open").addEventListener("click", () =>
      this.film ? tell(link.send("film_close")) : tell(link.send("film_open")),
    );
    byId("film-play").addEventListener("click", () => tell(link.send(this.film?.playing ? "film_pause" : "film_play")));
    byId("film-back").addEventListener(
      "click",
      () => this.film && this.seek(placeAt(this.film, serverNow()) * 1000 - BACK_MS),
    );
    byId("film-at").addEventListener("change", () => this.seek(Number(byId("film-at").value) * 1000));
    this.bindQuestion();
    setInterval(() => this.tick(), 500);
  }

  get film() {
    return this.link.state?.film;
  }
  get poll() {
    return /** @type {StaffView | null} */ (this.link.state)?.poll;
  }
  get mine() {
    return Boolean(this.media.screen?.mine);
  }

  /** @param {number} ms */
  seek(ms) {
    this.tell(this.link.send("film_seek", { at_ms: Math.max(0, Math.round(ms)) }));
  }

  bindQuestion() {
    byId("ask-open").addEventListener("click", () => {
      const few = fewWords(staffRoomOf(this.link).people);
      say(byId("ask-few"), few);
      byId("ask-few").hidden = !few;
      openSheet(byId("ask-sheet"));
    });
    byId("ask-no").addEventListener("click", () => byId("ask-sheet").close());
    byId("ask-more").addEventListener("click", () => this.moreAnswers());
    byId("ask-form").addEventListener("submit", (event) => this.ask(event));
    byId("poll-end").addEventListener(
      "click",
      () =>
        this.poll && this.tell(this.link.send(this.poll.open ? "poll_close" : "poll_clear", { poll: this.poll.id })),
    );
  }

  moreAnswers() {
    const count = byId("ask-answers").children.length;
    if (count >= MOST_ANSWERS) return;
    const input = make("input", {
      class: "nhsuk-input",
      name: "answer",
      type: "text",
      maxlength: 60,
      "aria-label": `Answer ${count + 1}`,
      autocomplete: "off",
    });
    byId("ask-answers").append(make("li", {}, input));
    byId("ask-more").hidden = count + 1 >= MOST_ANSWERS;
    input.focus();
  }

  /** @param {SubmitEvent} event */
  async ask(event) {
    event.preventDefault();
    const form = byId("ask-form");
    const question = find(form, "input[name=question]", HTMLInputElement).value;
    const boxes = findAll(form, "input[name=answer]", HTMLInputElement);
    const options = boxes.map((input) => input.value.trim()).filter(Boolean);
    const wrong =
      options.length < 2
        ? "Enter at least two answers."
        : (await this.link.send("poll_ask", { question, options })).error;
    say(byId("ask-note"), wrong ?? "");
    if (wrong !== undefined) return;
    byId("ask-sheet").close();
    form.reset();
  }

  draw() {
    if (!this.link.state?.people) return;
    const { film, poll, mine } = this;
    this.button("share-screen", mine ? "Stop showing my screen" : "Show my screen", mine);
    this.button("film-open", film ? "Close the video" : "Watch the video together", Boolean(film));
    byId("film-controls").hidden = !film;
    if (film && this.playing !== film.playing) {
      this.playing = film.playing;
      byId("film-play").replaceChildren(
        icon(film.playing ? "pause" : "play", 20),
        film.playing ? "Pause for everyone" : "Play for everyone",
      );
    }
    byId("ask-open").hidden = Boolean(poll);
    byId("poll-box").hidden = !poll;
    if (poll) this.drawPoll(poll);
    this.tick();
  }

  /** @param {"share-screen" | "film-open"} id @param {string} words @param {boolean} on */
  button(id, words, on) {
    byId(id).setAttribute("aria-pressed", String(on));
    say(find(byId(id), "span"), words);
  }

  /** @param {PollState} poll */
  drawPoll(poll) {
    const key = JSON.stringify(poll);
    if (key === this.drawn) return;
    this.drawn = key;
    say(byId("poll-asked"), poll.question);
    const more = poll.told ? "" : " The group and you see a picture from 5.";
    say(
      byId("poll-answered"),
      `${poll.answered} ${poll.answered === 1 ? "person has" : "people have"} answered.${more}`,
    );
    byId("poll-picture").replaceChildren(
      ...(poll.told ? [make("p", {}, `First ${poll.told.answered} answers:`), bars(poll.told, poll.options)] : []),
    );
    say(byId("poll-end"), poll.open ? "Close the question" : "Take it off the screen");
  }

  tick() {
    const { film } = this;
    if (!film) return;
    const at = placeAt(film, serverNow());
    const range = byId("film-at");
    range.max = String(Math.ceil(film.duration_ms / 1000));
    if (document.activeElement !== range) range.value = String(Math.round(at));
    say(byId("film-time"), `${minutesAndSeconds(Math.floor(at))} of ${minutesAndSeconds(film.duration_ms / 1000)}`);
    range.setAttribute("aria-valuetext", byId("film-time").textContent);
  }
}
