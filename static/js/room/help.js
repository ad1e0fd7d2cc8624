/* "I need help": sent at the first press, then we ask what it is. Closing the sheet does not take the call back. */

import { byId, say } from "./dom.js";
import { openSheet } from "./sheet.js";

const AGAIN = 3000;

export class Help {
  constructor(link) {
    this.link = link;
    this.sheet = byId("help-sheet");
    this.told = byId("help-words").textContent;
    byId("help").addEventListener("click", () => this.press());
    byId("help-back").addEventListener("click", () => this.sheet.close());
    byId("help-over").addEventListener("click", () => this.over());
    for (const button of this.sheet.querySelectorAll("[data-reason]")) {
      button.addEventListener("click", () => this.because(button));
    }
    link.addEventListener("change", () => this.draw());
    link.addEventListener("up", () => this.pending && this.call());
  }

  press() {
    for (const button of this.sheet.querySelectorAll("[data-reason]")) button.setAttribute("aria-pressed", "false");
    openSheet(this.sheet);
    this.call();
  }

  async call() {
    this.pending = true;
    const answer = await this.link.send("help");
    if (answer.ok) {
      this.pending = false;
      if (this.reason) this.link.send("help_reason", { reason: this.reason });
    } else setTimeout(() => this.pending && this.call(), AGAIN);
    this.draw();
  }

  async because(button) {
    this.reason = button.dataset.reason;
    for (const one of this.sheet.querySelectorAll("[data-reason]")) one.setAttribute("aria-pressed", String(one === button));
    await this.link.send("help_reason", { reason: this.reason });
  }

  async over() {
    this.pending = false;
    this.reason = undefined;
    this.sheet.close();
    await this.link.send("help_over");
  }

  draw() {
    const [alert] = Object.values(this.link.state?.alerts ?? {});
    if (this.pending) say(byId("help-words"), "We are sending this. Call 999 if you cannot wait");
    else if (alert?.taken_by) say(byId("help-words"), `${alert.taken_by} has seen this`);
    else say(byId("help-words"), this.told);
    say(byId("help").querySelector("span"), alert ? "Help is coming" : "I need help");
  }
}
