/* The chat: what was written, by whom, and the box to write in. */

import { clockTime } from "./clock.js";
import { byId, make, say } from "./dom.js";
import { placeOf } from "./small.js";

const WORD = /^w/;

export class Chat {
  constructor(link, { zone, onToggle }) {
    this.link = link;
    this.zone = zone;
    this.onToggle = onToggle;
    this.unread = 0;
    this.list = byId("messages");
    this.panel = byId("chat");
    this.note = byId("chat-note");
    link.addEventListener("all_sent", () => say(this.note, ""));
    link.addEventListener("chat", ({ detail }) => this.arrived(detail));
    link.addEventListener("history", () => this.redraw());
    byId("chat-toggle").addEventListener("click", () => this.toggle(this.panel.hidden));
    byId("chat-close").addEventListener("click", () => this.toggle(false));
    byId("chat-form").addEventListener("submit", (event) => this.submit(event));
    byId("chat-form").addEventListener("change", () => this.showAudience());
    this.panel.addEventListener("keydown", (event) => event.key === "Escape" && this.toggle(false));
    setInterval(() => this.link.state && this.showAudience(), 500);
  }

  /** The small group that this page is in, or "". A private word is no small group. */
  get small() {
    const place = placeOf(this.link.state);
    return WORD.test(place) ? "" : place;
  }

  get audience() { return byId("chat-form").elements.audience.value; }

  showAudience() {
    const { small } = this;
    say(byId("to-group"), small ? `Small group ${small}` : "Everyone");
    const chosen = this.panel.querySelector("input[name=audience]:checked").parentElement.textContent.trim();
    const group = small ? `Write to small group ${small} and your team` : "Write to everyone";
    say(byId("message-label"), this.audience === "group" ? group : `Write to ${chosen.replace("Only ", "").toLowerCase() === "facilitators" ? "facilitators" : chosen.replace("Only ", "only ")}`);
  }

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

  redraw() {
    this.list.replaceChildren(...this.link.chat.map((message) => this.row(message)));
    byId("no-messages").hidden = this.link.chat.length > 0;
    this.bottom();
  }

  arrived(message) {
    this.list.append(this.row(message));
    byId("no-messages").hidden = true;
    if (this.panel.hidden && message.seat !== this.link.state.me.seat) this.unread += 1;
    this.count();
    this.bottom();
  }

  row(message) {
    const { me, people = {} } = this.link.state;
    const mine = message.seat === me.seat;
    const writer = people[message.seat];
    const name = mine ? "You" : writer?.name ?? "Someone who has left";
    const staff = writer?.role === "facilitator" && !mine;
    const to = message.audience === "facilitators" ? ", to facilitators only" : message.small ? `, to small group ${message.small}` : "";
    const head = make("b", {}, staff ? make("strong", {}, name) : name, `${staff ? " (facilitator)" : ""}${to}, ${clockTime(message.at_ms, this.zone)}`);
    const classes = [mine ? "me" : "", to ? "is-private" : ""].join(" ").trim();
    return make("li", { class: classes, "data-message": message.id }, head, make("p", {}, message.text));
  }

  async submit(event) {
    event.preventDefault();
    const box = byId("message");
    const text = box.value.trim();
    if (!text) return;
    box.value = "";
    const answer = await this.link.write(text, this.audience, this.audience === "group" ? this.small : "");
    if (answer.ok) say(this.note, "");
    else if (answer.away) say(this.note, "Not sent yet. We send it when you are connected again.");
    else {
      say(this.note, answer.error);
      if (!box.value) box.value = answer.text ?? text;
    }
  }

  bottom() {
    const body = this.list.parentElement;
    body.scrollTop = body.scrollHeight;
  }
}
