/* A new version of the site is out. The page says so calmly, and takes it when that disturbs nobody and loses no word. */

import { announce, findAll } from "../../shared/dom.js";
import { inTab } from "../../shared/store.js";
import { gettext } from "../../shared/words.js";
import { stateOf } from "./seen.js";

/** @import { Member, StaffSee } from "../state.js" */
/** @import { Offer } from "./connection-banner.js" */
/** @import { RoomLink } from "./room-connection.js" */
/** @typedef {HTMLInputElement | HTMLTextAreaElement} Box to write in */

const LOOK_MS = 2000;
/** All pages hear of it in the same moment; they do not all load in it. */
const SPREAD_MS = 8000;
const DONE_FOR = "loaded-for";
const WORDS = "textarea, input[type=text], input[type=tel], input[type=number], input[type=search], input:not([type])";
const HOLD = gettext("Send or clear what you are writing first. Then press again.");

/** @returns {Box[]} */
const boxes = () => /** @type {Box[]} */ (findAll(document, WORDS));
/** @param {Box} box */
const changed = (box) => box.value !== box.defaultValue;

export class NewVersion {
  /**
   * `own` is the release that this page was loaded with. `resting`: whether nothing may be shown just now.
   * @param {RoomLink} link
   * @param {string} own
   * @param {{ resting?: () => boolean }} [options]
   */
  constructor(link, own, { resting = () => false } = {}) {
    this.link = link;
    this.own = own;
    this.resting = resting;
    this.later = "";
    /** @type {number | null} */
    this.quietSince = null;
    this.wait = Math.random() * SPREAD_MS;
    setInterval(() => this.look(), LOOK_MS);
  }

  get out() {
    return Boolean(this.link.release) && this.link.release !== this.own;
  }

  /** The offer for the page's banner, or null. @returns {Offer | null} */
  get offer() {
    if (!this.out || this.later === this.link.release || this.resting()) return null;
    const later = () => {
      this.later = this.link.release;
    };
    return {
      says: gettext("A new version is ready."),
      words: gettext("Load it now"),
      icon: "again",
      act: () => this.load(),
      no: { words: gettext("Later"), act: later },
    };
  }

  /** A session is on, or people are together before it. */
  get live() {
    const { status, me, people = {} } = stateOf(this.link);
    /** @param {[seat: string, one: Member | StaffSee]} person */
    const here = ([seat, one]) => seat !== me.seat && one.online && (!("status" in one) || one.status === "admitted");
    return status === "running" || Boolean(me.word) || Object.entries(people).some(here);
  }

  /** Words that a page that loads again would lose. The chat keeps its own, where the browser keeps anything. */
  get losesWords() {
    const written = boxes().filter(changed);
    const lost = inTab.lasts ? written.filter((box) => box.id !== "message" && !box.closest("#unsent")) : written;
    return lost.length > 0 || (!inTab.lasts && this.link.outbox.entries.length > 0);
  }

  get busy() {
    const { activeElement } = document;
    const typing = activeElement?.matches(WORDS) || boxes().some(changed);
    return (
      typing ||
      this.losesWords ||
      Boolean(document.querySelector("dialog[open]")) ||
      Object.keys(stateOf(this.link).alerts ?? {}).length > 0
    );
  }

  /** By itself only where nobody is disturbed, and once: a page that is still not the new one would load for ever. */
  look() {
    const may =
      this.out &&
      !this.link.finished &&
      this.link.state &&
      !this.live &&
      !this.busy &&
      inTab.lasts &&
      inTab.get(DONE_FOR) !== this.link.release;
    if (!may) {
      this.quietSince = null;
      return;
    }
    this.quietSince ??= performance.now();
    if (performance.now() - this.quietSince >= this.wait) this.go();
  }

  load() {
    if (this.losesWords) announce(HOLD);
    else this.go();
  }

  go() {
    inTab.set(DONE_FOR, this.link.release);
    window.location.reload();
  }
}
