/* What the page says about its connection, and what happens when this page must go. */

import { byId, icon, make, say } from "./dom.js";
import { openFast } from "./sheet.js";

const SAYS = { Good: "Good", OK: "OK", Weak: "Weak. We hid some pictures to keep the sound clear", Lost: "Lost. We are trying again" };

export class Lifeline {
  constructor(link, media, data) {
    this.link = link;
    this.media = media;
    this.data = data;
    this.up = false;
    this.upOnce = false;
    this.banner = byId("banner");
    link.addEventListener("up", () => this.set(true));
    link.addEventListener("down", () => this.set(false));
    link.addEventListener("over", ({ detail }) => this.over(detail));
    media.addEventListener("elsewhere", () => link.finish("elsewhere"));
    document.addEventListener("pointerdown", () => media.needsTap && media.startSound());
    byId("use-here").addEventListener("click", () => window.location.reload());
  }

  set(up) {
    this.up = up;
    this.upOnce ||= up;
    this.draw();
  }

  draw() {
    const inRoom = this.link.state?.me.status === "admitted";
    const [word, bars] = this.media.connected ? this.media.quality : ["Lost", 0];
    for (const net of document.querySelectorAll("[data-net]")) {
      say(net.querySelector("[data-net-words]"), `Your connection: ${inRoom && !this.media.connected ? "Connecting" : SAYS[word]}`);
      [...net.querySelectorAll("i")].forEach((bar, index) => bar.classList.toggle("on", index < bars));
      net.classList.toggle("btl-net--weak", bars < 2);
    }
    this.show(this.trouble(inRoom));
  }

  trouble(inRoom) {
    if (!this.up && this.upOnce) return "Reconnecting… Sound and picture go on. We keep your place.";
    if (!this.up) return "Connecting…";
    if (inRoom && this.media.connection === "reconnecting") return "Reconnecting sound and picture… You can still use the chat.";
    if (inRoom && this.leadIsAway()) return "Your facilitator is reconnecting. Stay here: the group goes on.";
    return "";
  }

  leadIsAway() {
    const { lead, me, people } = this.link.state;
    return me.role === "patient" && Boolean(lead) && lead in people && !people[lead].online;
  }

  show(words) {
    const tap = !words && this.media.needsTap;
    this.banner.hidden = !words && !tap;
    if (tap && this.shown !== "tap") {
      const start = () => this.media.startSound();
      this.banner.replaceChildren(make("button", { class: "btl-rbtn", type: "button", on: { click: start } }, icon("speaker", 20), "Tap to hear the group"));
    } else if (!tap && this.shown !== words) this.banner.replaceChildren(words);
    this.shown = tap ? "tap" : words;
  }

  over({ why, words, status }) {
    this.media.leave();
    if (why === "elsewhere") openFast(byId("elsewhere-sheet"));
    else if (["ended", "left", "removed"].includes(why)) window.location.assign(`/sessions/${this.data.session}/gone/${why}`);
    else if (status === 404) window.location.reload();
    else {
      say(byId("refused-words"), words || "Please join again.");
      openFast(byId("refused-sheet"));
    }
  }
}
