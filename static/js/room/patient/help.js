/* "I need help": sent at the first press, then we ask what it is. Closing the sheet does not take the call back. */

import { announce, byId, find, findAll, say } from "../../shared/dom.js";
import { openSheet } from "../../shared/sheet.js";
import { inTab } from "../../shared/store.js";
import { verdictOf } from "../../shared/verdict.js";
import { gettext } from "../../shared/words.js";
import { helpWords } from "./help-words.js";

/** @import { RoomLink } from "../core/room-connection.js" */
/** @import { OwnAlert, RoomEvents } from "../state.js" */

/** @typedef {RoomEvents["help_reason"]["reason"]} Reason */

const AGAIN = 3000;
/** Under this a press that has not arrived is kept in the tab: loading the page again must not swallow it. */
const PRESSED = "help-pressed";

export class Help {
  /** @param {RoomLink} link */
  constructor(link) {
    this.link = link;
    this.sheet = byId("help-sheet");
    this.reasons = findAll(this.sheet, "[data-reason]");
    /** The call is still on its way to the room, also from before the page was loaded again. */
    this.pending = inTab.get(PRESSED) === link.session;
    /** The room had it. */
    this.heard = false;
    /** @type {Reason | undefined} What the person said it is. */
    this.reason = undefined;
    /** @type {(() => Promise<void>) | null} What is still to be said after the call. */
    this.later = null;
    this.calling = 0;
    this.saying = 0;
    byId("help").addEventListener("click", () => this.press());
    byId("help-back").addEventListener("click", () => this.sheet.close());
    byId("help-over").addEventListener("click", () => this.over());
    for (const button of this.reasons) button.addEventListener("click", () => this.because(button));
    link.addEventListener("change", () => this.draw());
    link.addEventListener("up", () => this.pending && this.call());
    link.addEventListener("up", () => this.later?.());
  }

  press() {
    this.later = null; // what was still to be said, that help is not needed any more above all, is over
    for (const button of this.reasons) button.setAttribute("aria-pressed", "false");
    this.reason = undefined; // what was said of an earlier call is not said of this one
    this.heard = false;
    this.pending = true;
    inTab.set(PRESSED, this.link.session);
    this.draw();
    openSheet(this.sheet);
    this.call();
  }

  async call() {
    this.pending = true;
    clearTimeout(this.calling);
    const answer = await this.link.send("help");
    if (answer.ok) {
      this.pending = false;
      inTab.drop(PRESSED);
      if (this.reason) this.surely("help_reason", { reason: this.reason });
    } else this.calling = window.setTimeout(() => this.pending && this.call(), AGAIN);
    this.draw();
  }

  /** @param {HTMLElement} button */
  async because(button) {
    const reason = /** @type {Reason} */ (button.dataset.reason);
    this.reason = reason;
    for (const one of this.reasons) one.setAttribute("aria-pressed", String(one === button));
    await this.surely("help_reason", { reason });
  }

  async over() {
    this.pending = false;
    inTab.drop(PRESSED);
    this.reason = undefined;
    this.sheet.close();
    await this.surely("help_over");
  }

  /**
   * Say it until the room has heard it; what is said after it takes its place.
   * @template {"help_reason" | "help_over"} Name
   * @param {Name} name
   * @param {RoomEvents[Name]} [data]
   */
  async surely(name, data) {
    const turn = async () => {
      if (this.later !== turn) return;
      clearTimeout(this.saying);
      const verdict = verdictOf(await this.link.send(name, data));
      if (this.later !== turn) return;
      if (verdict === "sent" || verdict === "refused") this.later = null;
      else this.saying = window.setTimeout(turn, AGAIN);
    };
    this.later = turn;
    await turn();
  }

  draw() {
    const alerts = /** @type {OwnAlert[]} */ (Object.values(this.link.state?.alerts ?? {}));
    const [alert] = alerts;
    this.heard ||= Boolean(alert);
    const [told, who] = helpWords(alert, this);
    if (this.sheet.open && !this.pending && byId("help-words").textContent !== told)
      announce([`${told}.`, who].filter(Boolean).join(" "));
    say(byId("help-words"), told);
    say(byId("help-who"), who);
    say(
      find(byId("help"), "span"),
      alert?.taken_by ? gettext("Help is coming") : alert ? gettext("You asked for help") : gettext("I need help"),
    );
  }
}
