/* Calls for help: who, why, since when, where, and whom to ring; one press says that somebody has it. */

import { byId, icon, make, say } from "./dom.js";
import { ago } from "./wall.js";

const REASONS = { pain: "Too much pain", upset: "I feel upset", unwell: "I feel unwell", technical: "Can’t hear or see" };

export class AlertBar {
  constructor(link, tell, actions) {
    this.link = link;
    this.tell = tell;
    this.actions = actions;
    this.bars = new Map();
    this.tone = null;
    setInterval(() => this.draw(), 1000);
  }

  draw() {
    const { alerts = {}, people } = this.link.state ?? {};
    if (!people) return;
    for (const [id, bar] of this.bars) {
      if (alerts[id]) continue;
      bar.root.remove();
      this.bars.delete(id);
    }
    for (const [id, alert] of Object.entries(alerts)) {
      const person = people[alert.seat];
      if (!person) continue;
      const bar = this.bars.get(id) ?? this.newBar(id, alert, person);
      const reason = REASONS[alert.reason];
      say(bar.title, `${person.name} needs help${reason ? `: “${reason}”` : ""}`);
      say(bar.since, `${ago(alert.at_ms)}. ${alert.taken_by ? `${alert.taken_by} has this` : "Nobody has answered yet"}`);
      bar.take.hidden = Boolean(alert.taken_by);
    }
  }

  newBar(id, alert, person) {
    const title = make("span");
    const since = make("dd", { "aria-live": "off" });
    const facts = make("dl", {}, make("dt", {}, "Pressed"), since);
    const take = make("button", { class: "btl-rbtn btl-rbtn--white", type: "button", on: { click: () => this.tell(this.link.send("help_take", { alert: id })) } }, icon("tick", 20), "I’ve got this");
    const close = make("button", { class: "btl-rbtn", type: "button", on: { click: () => this.tell(this.link.send("help_close", { alert: id })) } }, icon("cross", 20), "Close this call");
    const word = make("button", { class: "btl-rbtn", type: "button", on: { click: () => this.actions.hold(alert.seat, person) } }, icon("clock", 20), "Take out of the group");
    const heading = make("h2", {}, icon("warning", 26), title);
    const root = make("section", { class: "btl-alertbar" }, make("div", {}, heading, facts), make("div", { class: "btl-alertbar__do" }, take, word, close));
    const bar = { root, title, since, take };
    this.bars.set(id, bar);
    byId("alerts").prepend(root);
    this.fill(facts, alert.seat);
    this.ring();
    return bar;
  }

  async fill(facts, seat) {
    const found = await this.link.send("look_up", { seat });
    if (!found.ok) return;
    const crisis = [found.emergency_name, found.emergency_phone].filter(Boolean).join(", ");
    for (const [term, words] of [["Where", found.place], ["Phone", found.phone], ["In a crisis call", crisis]]) {
      facts.append(make("dt", {}, term), make("dd", {}, words || "Not given"));
    }
  }

  ring() {
    try {
      this.tone ??= new AudioContext();
      for (const [at, pitch] of [[0, 880], [0.25, 660], [0.5, 880]]) {
        const note = this.tone.createOscillator();
        note.frequency.value = pitch;
        note.connect(this.tone.destination);
        note.start(this.tone.currentTime + at);
        note.stop(this.tone.currentTime + at + 0.2);
      }
    } catch {
      this.tone = null;
    }
  }
}
