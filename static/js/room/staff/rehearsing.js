/* A rehearsal: what the facilitator practises, and the simulated people who may be gone. */

import { announce, byId, findAll, say } from "../../shared/dom.js";

/** @import { RoomLink } from "../core/room-connection.js" */

export class Rehearsing {
  /** @param {RoomLink} link @param {{ session: string, csrf: string }} page */
  constructor(link, { session, csrf }) {
    this.session = session;
    this.csrf = csrf;
    for (const button of findAll(document, "[data-practise]", HTMLButtonElement)) {
      button.disabled = false;
      button.addEventListener("click", () => this.ask("practise", { practice: button.dataset.practise }));
    }
    byId("people-back").addEventListener("click", () => this.bringBack());
    link.socket.on("people_gone", () => this.gone());
  }

  /**
   * Ask for something and show the answer's words. Resolves to whether it went well.
   * @param {string} what
   * @param {object} [body]
   */
  async ask(what, body = {}) {
    let words = "That did not get through. Please press again.";
    let ok = false;
    try {
      const answer = await fetch(`/sessions/${this.session}/${what}`, {
        method: "POST",
        headers: { "X-CSRFToken": this.csrf, "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify(body),
      });
      const told = await answer.json();
      ok = answer.ok;
      words = told.words ?? told.error ?? words;
      if (words.includes("Bring them back")) this.gone();
    } catch {
      ok = false;
    }
    this.tell(words);
    return ok;
  }

  /** @param {string} words */
  tell(words) {
    say(byId("practise-said"), words);
    announce(words);
  }

  gone() {
    byId("people-back").hidden = false;
    this.tell("The simulated people are gone. Press Bring them back.");
  }

  async bringBack() {
    if (await this.ask("people")) byId("people-back").hidden = true;
  }
}
