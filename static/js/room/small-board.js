/* Small groups as facilitators see them: make them, change them, open them, look into each, call everyone back. */

import { minutesAndSeconds, serverNow } from "./clock.js";
import { announce, byId, icon, make, nameOf, say } from "./dom.js";
import { placeOf } from "./small.js";

const COUNTDOWN = 30;

export class SmallBoard {
  constructor(link, media, data, tell) {
    this.link = link;
    this.media = media;
    this.data = data;
    this.tell = tell;
    this.box = byId("small-box");
    this.list = byId("small-groups");
    this.press("small-make", () => this.send("small_plan", this.count ? { groups: this.count } : {}));
    this.press("small-open", () => this.send("small_open", { minutes: this.minutes }));
    this.press("small-call", () => this.send("small_back", { seconds: COUNTDOWN }));
    this.press("small-now", () => this.send("small_end"));
    this.press("small-drop", () => this.send("small_end"));
    byId("small-count").addEventListener("change", () => this.plan && !this.plan.open && this.send("small_plan", { groups: this.count }));
    setInterval(() => this.tick(), 500);
  }

  press(id, act) { byId(id).addEventListener("click", act); }
  send(name, data = {}) { return this.tell(this.link.send(name, data)); }
  get plan() { return this.link.state?.small; }
  get count() { return Number(byId("small-count").value); }
  get section() { return this.data.sections[this.link.state?.section?.index ?? -1]; }
  get minutes() { return this.section?.small?.minutes || 7; }

  draw() {
    const { plan } = this;
    const running = this.link.state.status === "running";
    this.box.hidden = !running || !(plan || this.section?.small);
    if (this.box.hidden) return;
    const open = Boolean(plan?.open);
    byId("small-make").hidden = open;
    say(byId("small-make"), plan ? "Mix them again" : "Make small groups");
    byId("small-count").closest("label").hidden = open;
    byId("small-open").hidden = !plan || open;
    say(byId("small-open"), `Open the groups for ${this.minutes} minutes`);
    byId("small-drop").hidden = !plan || open;
    byId("small-call").hidden = !open || Boolean(plan.back_ms);
    byId("small-now").hidden = !open;
    this.drawGroups(plan);
    this.tick();
  }

  drawGroups(plan) {
    const { people, alerts } = this.link.state;
    const groups = plan?.groups ?? [];
    const key = JSON.stringify([plan, this.link.state.me.small, groups.map((group) => this.members(group).map(([seat, one]) => [seat, one.online, one.media, one.at, one.name, one.role, one.hand_ms])), Object.values(alerts).map((alert) => alert.seat)]);
    if (this.drawn === key) return;
    this.drawn = key;
    const focused = document.activeElement?.dataset?.small;
    this.list.hidden = !groups.length;
    this.list.replaceChildren(...groups.map((group) => this.card(group, plan, people)));
    if (focused) this.list.querySelector(`[data-small="${focused}"]`)?.focus();
  }

  members(group) {
    return Object.entries(this.link.state.people).filter(([, one]) => one.small === group && one.status === "admitted");
  }

  card(group, plan) {
    const members = this.members(group);
    const here = this.link.state.me.small === group;
    const calls = members.some(([seat]) => this.calls(seat));
    const visit = plan.open
      ? make("button", { class: `btl-rbtn${here ? " btl-rbtn--accent" : ""}`, type: "button", "data-small": `go ${group}`, on: { click: () => this.visit(here ? "" : group) } }, icon(here ? "leave" : "people", 18), here ? "Come out" : `Go into group ${group}`)
      : null;
    const rows = members.map(([seat, one]) => this.row(seat, one, group, plan));
    return make("li", { class: calls ? "is-alert" : here ? "is-here" : "" }, make("h3", {}, `Group ${group}${here ? ", you are here" : ""}`), make("ul", {}, ...(rows.length ? rows : [make("li", { class: "btl-muted" }, "Nobody yet")])), visit);
  }

  row(seat, one, group, plan) {
    const words = this.state(seat, one, group, plan);
    const name = make("span", {}, make("strong", {}, nameOf(one)), words ? make("span", { class: words === "In" ? "btl-muted" : "btl-small__warn" }, ` ${words}`) : null);
    if (one.role !== "patient") return make("li", {}, name);
    const choices = plan.groups.map((each) => make("option", { value: each, selected: each === group }, `Group ${each}`));
    const move = make("select", { class: "btl-rinput", "aria-label": `Group for ${one.name}`, "data-small": seat, on: { change: (event) => this.move(seat, event.target.value) } }, ...choices);
    return make("li", {}, name, plan.groups.length > 1 ? move : null);
  }

  state(seat, one, group, plan) {
    if (this.calls(seat)) return "Help";
    if (!plan.open) return "";
    if (!one.online && !one.media) return "Cut off";
    if (!one.media || one.at !== group) return "On the way";
    return one.hand_ms ? "Hand up" : "In";
  }

  calls(seat) { return Object.values(this.link.state.alerts).some((alert) => alert.seat === seat); }

  async move(seat, group) {
    const answer = await this.send("small_move", { seat, group });
    if (answer.ok) announce(`Moved to group ${group}`);
    this.drawn = "";
    this.draw();
  }

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
      const left = (plan.until_ms - now) / 1000;
      say(words, left > 0 ? `${minutesAndSeconds(left)} left` : `${minutesAndSeconds(-left)} over time. Call everyone back`);
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
  get place() { return this.link.state ? placeOf(this.link.state) : ""; }
}
