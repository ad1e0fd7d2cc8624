/* The chat: what was written, by whom, and the box to write in. */

import { clockTime } from "../../shared/clock.js";
import { announce, byId, find, make, say } from "../../shared/dom.js";
import { gettext } from "../../shared/words.js";
import { stateOf } from "../core/seen.js";
import { placeOf } from "../patient/breakout.js";
import { Draft } from "./draft.js";
import { Unsent } from "./unsent.js";

/** @import { RoomLink } from "../core/room-connection.js" */
/** @import { ShownMessage } from "../state.js" */
/** @import { Audience, Place } from "./outbox.js" */

const NOT_YET = gettext("You are not connected yet. Your words are still here. Please send them again in a moment.");
const WORD = /^w/;
const NEAR_END = 60;
const HEARD_MS = 10000;

/** Of one message; the room refuses longer ones. */
const LONGEST = 1000;

/**
 * What to do about a message that is too long; "" for one that fits. Nothing is cut: its writer chooses what to leave out.
 * @param {string} text
 */
export function tooLong(text) {
  const length = [...text].length;
  if (length <= LONGEST) return "";
  return gettext(
    "Your message has %(length)s characters. Up to %(longest)s fit. Make it shorter, or send it in two parts.",
    { length: String(length), longest: String(LONGEST) },
  );
}

export class Chat {
  /** @param {RoomLink} link @param {{ zone: string, onToggle?: (open: boolean) => void }} options */
  constructor(link, { zone, onToggle }) {
    this.link = link;
    this.zone = zone;
    this.onToggle = onToggle;
    this.unread = 0;
    this.list = byId("messages");
    this.panel = byId("chat");
    /** Whether the chat was told to this page once. */
    this.begun = false;
    /** Whether it was shown by itself on a wide screen: what the person closes stays closed. */
    this.closedOnce = false;
    /** @type {Map<string, HTMLLIElement>} By message. */
    this.rows = new Map();
    this.unsent = new Unsent(link.outbox, { place: () => this.place, onShow: () => this.toggle(true) });
    this.draft = new Draft(link, () => this.place);
    link.addEventListener("chat", ({ detail }) => this.arrived(detail));
    link.addEventListener("history", () => this.redraw());
    byId("chat-toggle").addEventListener("click", () => this.toggle(Boolean(this.panel.hidden)));
    byId("chat-close").addEventListener("click", () => this.toggle(false));
    byId("chat-form").addEventListener("submit", (event) => this.submit(event));
    byId("chat-form").addEventListener("change", () => this.showAudience());
    this.panel.addEventListener("keydown", (event) => event.key === "Escape" && this.toggle(false));
    setInterval(() => this.link.state && this.showAudience(), 500);
  }

  /** The small group that this page is in, or "". A private word is no small group. */
  get small() {
    const place = this.link.state ? placeOf(this.link.state) : "";
    return WORD.test(place) ? "" : place;
  }

  /** Who reads what is written to the group now: the small group, and when that was opened. @returns {Place} */
  get place() {
    const { small } = this;
    return small ? { small, round: stateOf(this.link).small?.opened_ms } : { small: "" };
  }

  get audience() {
    const choice = /** @type {RadioNodeList} */ (byId("chat-form").elements.namedItem("audience"));
    return /** @type {Audience} */ (choice.value);
  }

  showAudience() {
    const { small } = this;
    say(byId("to-group"), small ? gettext("Small group %(small)s", { small }) : gettext("Everyone"));
    const chosen = find(this.panel, "input[name=audience]:checked").closest("label")?.textContent.trim() ?? "";
    const group = small
      ? gettext("Write to small group %(small)s and your team", { small })
      : gettext("Write to everyone");
    say(
      byId("message-label"),
      this.audience === "group"
        ? group
        : chosen === "Only facilitators"
          ? gettext("Write to facilitators")
          : gettext("Write to %(readers)s", { readers: chosen.replace("Only ", "only ") }),
    );
    this.unsent.aim();
    this.draft.aim(this.audience);
  }

  /** The page takes the chat away: whoever was in it is led to what is there instead. */
  close() {
    const within = this.panel.contains(document.activeElement);
    this.toggle(false);
    if (within) byId("main").focus();
  }

  /** @param {boolean} open */
  toggle(open) {
    this.panel.hidden = !open;
    const button = byId("chat-toggle");
    button.setAttribute("aria-expanded", String(open));
    byId("main").classList.toggle("is-chat", open);
    if (open) {
      this.unread = 0;
      byId("chat-title").focus();
      this.bottom();
    } else button.focus();
    this.count();
    this.onToggle?.(open);
  }

  count() {
    const badge = byId("chat-new");
    badge.hidden = !this.unread;
    badge.replaceChildren(String(this.unread), make("span", { class: "nhsuk-u-visually-hidden" }, " new"));
  }

  /** What is on the page stays as it is; only what came or went meanwhile changes. */
  redraw() {
    const missed = this.begun ? this.link.chat.filter((message) => !this.rows.has(message.id)) : [];
    this.begun = true;
    const { body } = this;
    const atEnd = body.scrollHeight - body.scrollTop - body.clientHeight < NEAR_END;
    const known = new Set(this.link.chat.map((message) => message.id));
    for (const [id, row] of this.rows) {
      if (known.has(id)) continue;
      if (row.contains(document.activeElement)) body.focus(); // who pressed "Take back" here stays in the chat
      row.remove();
      this.rows.delete(id);
    }
    this.link.chat.forEach((message, at) => {
      const row = this.rowOf(message);
      if (this.list.children[at] !== row) this.list.insertBefore(row, this.list.children[at] ?? null);
    });
    for (const message of missed) this.hear(message);
    byId("no-messages").hidden = this.link.chat.length > 0;
    this.draft.restore();
    if (atEnd) this.bottom();
  }

  /** @param {ShownMessage} message */
  rowOf(message) {
    const row = this.rows.get(message.id) ?? this.row(message);
    this.rows.set(message.id, row);
    return row;
  }

  /** @param {ShownMessage} message */
  arrived(message) {
    if (!this.link.state) return; // it is in the chat that comes with the state
    this.list.append(this.rowOf(message));
    this.hear(message);
    byId("no-messages").hidden = true;
    if (this.panel.hidden && message.seat !== this.link.state.me.seat) this.unread += 1;
    this.count();
    this.bottom();
  }

  /**
   * Have a screen reader say who wrote what, without the buttons beside it; what was said goes, so as to be there once.
   * @param {ShownMessage} message
   */
  hear(message) {
    const row = this.rowOf(message);
    const line = make("p", {}, `${find(row, "b").textContent}: ${find(row, "p").textContent}`);
    byId("heard").append(line);
    setTimeout(() => line.remove(), HEARD_MS);
  }

  /** @param {ShownMessage} message */
  row(message) {
    const { me, people = {} } = stateOf(this.link);
    const mine = message.seat === me.seat;
    const writer = people[message.seat];
    const name = mine ? gettext("You") : (writer?.name ?? gettext("Someone who has left"));
    const staff = writer?.role === "facilitator" && !mine;
    const to =
      message.audience === "facilitators"
        ? gettext(", to facilitators only")
        : message.small
          ? gettext(", to small group %(small)s", { small: message.small })
          : "";
    const head = make(
      "b",
      {},
      staff ? make("strong", {}, name) : name,
      `${staff ? gettext(" (facilitator)") : ""}${to}, ${clockTime(message.at_ms, this.zone)}`,
    );
    const classes = [mine ? "me" : "", to ? "is-private" : ""].join(" ").trim();
    const back = mine || me.role === "facilitator" ? this.backButton(message) : "";
    return make("li", { class: classes, "data-message": message.id }, head, make("p", {}, message.text), back);
  }

  /** One's own words, or for a facilitator anybody's, can be taken off every page. @param {ShownMessage} message */
  backButton(message) {
    const press = async () => {
      const answer = await this.link.send("take_back", { message: message.id });
      announce(answer.ok ? gettext("The message is taken back") : answer.error);
    };
    const name = gettext("Take back: %(words)s", { words: message.text.slice(0, 40) });
    return make(
      "button",
      { class: "btl-takeback", type: "button", "aria-label": name, on: { click: press } },
      gettext("Take back"),
    );
  }

  /** @param {SubmitEvent} event */
  submit(event) {
    event.preventDefault();
    const box = byId("message");
    const text = box.value.trim();
    if (!text) return;
    const long = tooLong(text);
    if (long) {
      say(byId("chat-note"), long);
      return;
    }
    if (!this.link.state) {
      say(byId("chat-note"), NOT_YET);
      return;
    }
    box.value = "";
    say(byId("chat-note"), "");
    this.draft.keep();
    this.link.outbox.write(text, this.audience, this.audience === "group" ? this.place : { small: "" });
  }

  /** What scrolls. */
  get body() {
    return /** @type {HTMLElement} */ (this.list.parentElement);
  }

  bottom() {
    const { body } = this;
    body.scrollTop = body.scrollHeight;
  }
}
