/* What the page says about its connection, and what happens when this page must go. */

import { byId, icon, make, say } from "./dom.js";
import { Recovery } from "./recovery.js";
import { openFast } from "./sheet.js";

const SAYS = { Good: "Good", OK: "OK", Weak: "Weak. We hid some pictures to keep the sound clear", Lost: "Lost. We are trying again" };

export class Lifeline {
  constructor(link, media, data) {
    this.link = link;
    this.media = media;
    this.data = data;
    this.recovery = new Recovery(link, media);
    this.recovery.addEventListener("change", () => this.draw());
    this.banner = byId("banner");
    link.addEventListener("over", ({ detail }) => this.over(detail));
    media.addEventListener("elsewhere", () => link.finish("elsewhere"));
    document.addEventListener("pointerdown", () => media.needsTap && media.startSound());
    byId("use-here").addEventListener("click", () => window.location.reload());
  }

  draw() {
    const inRoom = this.link.state?.me.status === "admitted";
    const [word, bars] = this.media.connected ? this.media.quality : ["Lost", 0];
    for (const net of document.querySelectorAll("[data-net]")) {
      say(net.querySelector("[data-net-words]"), `Your connection: ${inRoom && !this.media.connected ? "Connecting" : SAYS[word]}`);
      [...net.querySelectorAll("i")].forEach((bar, index) => bar.classList.toggle("on", index < bars));
      net.classList.toggle("btl-net--weak", bars < 2);
    }
    this.show(this.recovery.words(), this.recovery.tap());
  }

  show(words, tap) {
    const shown = tap?.words ?? words;
    this.banner.hidden = !shown;
    if (this.shown === shown) return;
    this.shown = shown;
    const button = () => make("button", { class: "btl-rbtn", type: "button", on: { click: () => this.recovery.tap()?.act() } }, icon(tap.icon, 20), tap.words);
    this.banner.replaceChildren(tap ? button() : words);
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
