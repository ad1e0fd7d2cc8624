/* The words that were not sent, under the chat: those on their way, and those given back, to change and send again. */

import { announce, byId, findAll, make, say } from "../../shared/dom.js";
import { gettext } from "../../shared/words.js";

/** @import { Offer } from "../core/connection-banner.js" */
/** @import { ChatOutbox, Place, UnsentWords } from "./outbox.js" */

const WAITS = gettext("Not sent yet. We send it when you are connected again.");
const GIVEN_BACK = gettext("A message was not sent. It is at the end of the chat.");

export class Unsent {
  /**
   * `place` says where the writer is now. `onShow` opens the chat.
   * @param {ChatOutbox} outbox
   * @param {{ place: () => Place, onShow: () => void }} options
   */
  constructor(outbox, { place, onShow }) {
    this.outbox = outbox;
    this.place = place;
    this.onShow = onShow;
    this.list = byId("unsent");
    /** @type {Map<string, HTMLElement>} */
    this.rows = new Map();
    this.told = 0;
    outbox.addEventListener("change", () => this.draw());
  }

  /** The offer for the page's banner while words lie unseen in a closed chat, or null. @returns {Offer | null} */
  get offer() {
    if (!this.outbox.returned.length || !byId("chat").hidden) return null;
    return { words: gettext("A message was not sent. Tap to see it"), icon: "chat", act: () => this.onShow() };
  }

  draw() {
    const { waiting, returned, stuck } = this.outbox;
    say(byId("chat-note"), stuck && waiting.length ? WAITS : "");
    if (returned.length > this.told) announce(GIVEN_BACK);
    this.told = returned.length;
    const shown = [...returned, ...(stuck ? waiting : [])];
    for (const [key, row] of this.rows) {
      if (shown.some((entry) => keyOf(entry) === key)) continue;
      row.remove();
      this.rows.delete(key);
    }
    for (const entry of shown) this.drawOne(entry);
    this.list.hidden = !shown.length;
    this.aim();
  }

  /** @param {UnsentWords} entry */
  drawOne(entry) {
    const key = keyOf(entry);
    if (this.rows.has(key)) return;
    const row = entry.error
      ? this.returnedRow(entry)
      : make("li", { class: "me is-waiting" }, make("b", {}, gettext("You, not sent yet")), make("p", {}, entry.text));
    this.rows.set(key, row);
    this.list.append(row);
    row.scrollIntoView({ block: "nearest" });
  }

  /** @param {UnsentWords} entry */
  returnedRow(entry) {
    const id = `unsent-${entry.key}`;
    const box = make("textarea", {
      class: "btl-rinput",
      id,
      rows: 2,
      on: { input: () => this.outbox.edit(entry, box.value) },
    });
    box.value = entry.text;
    const send = make("button", {
      class: "btl-rbtn btl-rbtn--accent",
      type: "button",
      "data-again": entry.audience,
      on: { click: () => this.again(entry, box.value.trim()) },
    });
    const drop = make(
      "button",
      {
        class: "btl-rbtn",
        type: "button",
        on: {
          click: () => {
            this.outbox.drop(entry);
            byId("message").focus();
          },
        },
      },
      gettext("Delete it"),
    );
    return make(
      "li",
      { class: "is-unsent" },
      make("p", {}, entry.error),
      make("label", { for: id }, gettext("Your words. You can change them")),
      box,
      make("div", {}, send, drop),
    );
  }

  /** @param {UnsentWords} entry @param {string} text as it is now */
  again(entry, text) {
    if (!text) return;
    byId("message").focus();
    this.outbox.again(entry, text, this.place());
  }

  /** Say on each button who would read the words now. */
  aim() {
    const { small } = this.place();
    for (const button of findAll(this.list, "[data-again]")) {
      const toGroup = small
        ? gettext("Send again to small group %(small)s", { small })
        : gettext("Send again to everyone");
      say(button, button.dataset.again === "facilitators" ? gettext("Send again to facilitators only") : toGroup);
    }
  }
}

/** @param {UnsentWords} entry */
const keyOf = (entry) => `${entry.key} ${entry.error ? "returned" : "waits"}`;
