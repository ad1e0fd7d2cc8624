/* Small groups as facilitators see them: make them, change them, open them, look into each, call everyone back. */

import { minutesAndSeconds, serverNow } from "../../shared/clock.js";
import { announce, byId, icon, make, nameOf, say } from "../../shared/dom.js";
import { staffRoomOf, stateOf } from "../core/seen.js";
import { placeOf } from "../patient/breakout.js";

/** @import { Media } from "../core/media.js" */
/** @import { RoomLink } from "../core/room-connection.js" */
/** @import { EventName } from "../events.js" */
/** @import { StaffPage } from "../page.js" */
/** @import { RoomEvents, SmallGroups, StaffSee } from "../state.js" */
/** @import { Tell } from "./acts.js" */
/** @typedef {RoomEvents["small_move"]["group"]} Group */
/** @typedef {"small-make" | "small-open" | "small-call" | "small-now" | "small-drop"} Button */

const COUNTDOWN = 30;

export class SmallBoard {
  /** @param {RoomLink} link @param {Media} media @param {StaffPage} data @param {Tell} tell */
  constructor(link, media, data, tell) {
    this.link = link;
    this.media = media;
    this.data = data;
    this.tell = tell;
    /** @type {Map<string, { key: string, card: HTMLElement }>} The cards on the page, with what they show. */
    this.cards = new Map();
    /** @type {number | undefined} The end of which countdown was told to the room. */
    this.ended = undefined;
    this.open = false;
    this.box = byId("small-box");
    this.list = byId("small-groups");
    this.press("small-make", () => this.make());
    this.press("small-open", () => this.send("small_open", { minutes: this.minutes }));
    this.press("small-call", () => this.send("small_back", { seconds: COUNTDOWN }));
    this.press("small-now", () => this.send("small_end"));
    this.press("small-drop", () => this.send("small_end"));
    byId("small-count").addEventListener("change", () => this.plan && !this.plan.open && this.make());
    setInterval(() => this.tick(), 500);
  }

  /** Divide the group anew, into as many groups as were chosen, or into those that fit. */
  make() {
    this.send("small_plan", this.count ? { groups: this.count } : {});
  }

  /** @param {Button} id @param {() => void} act */
  press(id, act) {
    byId(id).addEventListener("click", act);
  }
  /** @template {EventName} Name @param {Name} name @param {RoomEvents[Name]} [data] */
  send(name, data) {
    return this.tell(this.link.send(name, data));
  }
  get plan() {
    return this.link.state?.small;
  }
  get count() {
    return Number(byId("small-count").value);
  }
  get section() {
    return this.data.sections[this.link.state?.section?.index ?? -1];
  }
  get minutes() {
    return this.section?.small?.minutes || 7;
  }

  draw() {
    const { plan } = this;
    if (this.open && !plan?.open) announce("Everyone is back together.");
    this.open = Boolean(plan?.open);
    const running = stateOf(this.link).status === "running";
    this.box.hidden = !running || !(plan || this.section?.small);
    if (this.box.hidden) return;
    const open = Boolean(plan?.open);
    byId("small-make").hidden = open;
    say(byId("small-make"), plan ? "Mix them again" : "Make small groups");
    const count = byId("small-count").closest("label");
    if (count) count.hidden = open;
    byId("small-open").hidden = !plan || open;
    say(byId("small-open"), `Open the groups for ${this.minutes} minutes`);
    byId("small-drop").hidden = !plan || open;
    byId("small-call").hidden = !open || Boolean(plan?.back_ms);
    byId("small-now").hidden = !open;
    this.drawGroups(plan);
    this.tick();
  }

  /** A card is made again only when something on it changed: an open choice in another one stays open.
   * @param {SmallGroups | undefined} plan */
  drawGroups(plan) {
    const groups = plan?.groups ?? [];
    this.list.hidden = !groups.length;
    for (const [group, { card }] of this.cards) {
      if (groups.includes(group)) continue;
      card.remove();
      this.cards.delete(group);
    }
    if (!plan) return;
    const focused = /** @type {HTMLElement | null} */ (document.activeElement?.closest("[data-small]") ?? null);
    groups.forEach((group, index) => {
      const key = this.shown(group, plan);
      const before = this.cards.get(group);
      if (before?.key === key) return;
      const card = this.card(group, plan);
      if (before) before.card.replaceWith(card);
      else this.list.insertBefore(card, this.list.children[index] ?? null);
      this.cards.set(group, { key, card });
    });
    const again = focused && !focused.isConnected && this.list.querySelector(`[data-small="${focused.dataset.small}"]`);
    if (again instanceof HTMLElement) again.focus();
  }

  /** Everything that a card shows, to compare. @param {string} group @param {SmallGroups} plan */
  shown(group, plan) {
    const rows = this.members(group).map(([seat, one]) => [
      seat,
      nameOf(one),
      one.role,
      this.state(seat, one, group, plan),
    ]);
    return JSON.stringify([plan.open, plan.groups, stateOf(this.link).me.small === group, rows]);
  }

  /** @param {string} group */
  members(group) {
    return Object.entries(staffRoomOf(this.link).people).filter(
      ([, one]) => one.small === group && one.status === "admitted",
    );
  }

  /** @param {string} group @param {SmallGroups} plan */
  card(group, plan) {
    const members = this.members(group);
    const here = stateOf(this.link).me.small === group;
    const calls = members.some(([seat]) => this.calls(seat));
    const visit = plan.open
      ? make(
          "button",
          {
            class: `btl-rbtn${here ? " btl-rbtn--accent" : ""}`,
            type: "button",
            "data-small": `go ${group}`,
            on: { click: () => this.visit(here ? "" : /** @type {Group} */ (group)) },
          },
          icon(here ? "leave" : "people", 18),
          here ? "Come out" : `Go into group ${group}`,
        )
      : null;
    const rows = members.map(([seat, one]) => this.row(seat, one, group, plan));
    return make(
      "li",
      { class: calls ? "is-alert" : here ? "is-here" : "" },
      make("h3", {}, `Group ${group}${here ? ", you are here" : ""}`),
      make("ul", {}, ...(rows.length ? rows : [make("li", { class: "btl-muted" }, "Nobody yet")])),
      visit,
    );
  }

  /** @param {string} seat @param {StaffSee} one @param {string} group @param {SmallGroups} plan */
  row(seat, one, group, plan) {
    const words = this.state(seat, one, group, plan);
    const name = make(
      "span",
      {},
      make("strong", {}, nameOf(one)),
      words ? make("span", { class: words === "In" ? "btl-muted" : "btl-small__warn" }, ` ${words}`) : null,
    );
    if (one.role !== "patient") return make("li", {}, name);
    const choices = plan.groups.map((each) =>
      make("option", { value: each, selected: each === group }, `Group ${each}`),
    );
    const move = make(
      "select",
      { class: "btl-rinput", "aria-label": `Group for ${one.name}`, "data-small": seat },
      ...choices,
    );
    move.addEventListener("change", () => this.move(seat, /** @type {Group} */ (move.value)));
    return make("li", {}, name, plan.groups.length > 1 ? move : null);
  }

  /** @param {string} seat @param {StaffSee} one @param {string} group @param {SmallGroups} plan */
  state(seat, one, group, plan) {
    if (this.calls(seat)) return "Help";
    if (!plan.open) return "";
    if (!one.online && !one.media) return "Cut off";
    if (!one.media || one.at !== group) return "On the way";
    return one.hand_ms ? "Hand up" : "In";
  }

  /** @param {string} seat */
  calls(seat) {
    return Object.values(staffRoomOf(this.link).alerts).some((alert) => alert.seat === seat);
  }

  /** @param {string} seat @param {Group} group */
  async move(seat, group) {
    const answer = await this.send("small_move", { seat, group });
    if (answer.ok) announce(`Moved to group ${group}`);
    for (const drawn of this.cards.values()) drawn.key = ""; // a refused choice goes back to what holds
    this.draw();
  }

  /** @param {Group | ""} group "" for the main room */
  async visit(group) {
    const answer = await this.send("small_visit", { group });
    if (answer.ok) announce(group ? `You are in group ${group}` : "You are out of the group");
  }

  tick() {
    const { plan } = this;
    if (this.box.hidden) return;
    const words = byId("small-time");
    if (!plan) {
      say(words, "Nobody moves until you open the groups.");
      return;
    }
    if (!plan.open) {
      say(words, "Check the groups, then open them. Nobody has moved yet.");
      return;
    }
    const now = serverNow();
    if (!plan.back_ms) {
      const left = ((plan.until_ms ?? now) - now) / 1000;
      say(
        words,
        left > 0 ? `${minutesAndSeconds(left)} left` : `${minutesAndSeconds(-left)} over time. Call everyone back`,
      );
      return;
    }
    const back = Math.ceil((plan.back_ms - now) / 1000);
    say(words, back > 0 ? `Everyone comes back in ${minutesAndSeconds(back)}` : "Everyone comes back now");
    if (back <= 0 && this.ended !== plan.back_ms) {
      this.ended = plan.back_ms;
      this.link.send("small_end");
    }
  }

  /** Where this facilitator's sound and picture belong. */
  get place() {
    return this.link.state ? placeOf(this.link.state) : "";
  }
}
