/* What the page says about its connection, and what happens when this page must go. */

import { byId, icon, make, say } from "./dom.js";
import { Quality } from "./quality.js";
import { Recovery } from "./recovery.js";
import { openFast } from "./sheet.js";

const SAYS = { Good: "Good", OK: "OK", Weak: "Weak", Lost: "Lost. We are trying again", Checking: "Checking" };

export class Lifeline {
  constructor(link, media, data) {
    this.link = link;
    this.media = media;
    this.quality = new Quality(media);
    this.quality.addEventListener("change", () => this.draw());
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
    const { word, bars, paused } = this.quality;
    const held = paused ? `. ${paused} ${paused === 1 ? "picture" : "pictures"} paused to keep sound clear` : "";
    for (const net of document.querySelectorAll("[data-net]")) {
      say(net.querySelector("[data-net-words]"), inRoom && !this.media.connected ? "Connecting" : `${SAYS[word]}${held}`);
      [...net.querySelectorAll("i")].forEach((bar, index) => bar.classList.toggle("on", index < bars));
      net.classList.toggle("btl-net--weak", bars < 2 || paused > 0);
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
    else if (document.body.hasAttribute("data-rehearsal") && ["ended", "left"].includes(why)) window.location.assign(`/rehearse${why === "ended" ? "?over=1" : ""}`);
    else if (["ended", "left", "removed"].includes(why)) window.location.assign(`/sessions/${this.data.session}/gone/${why}`);
    else if (status === 404) window.location.reload();
    else {
      say(byId("refused-words"), words || "Please join again.");
      openFast(byId("refused-sheet"));
    }
  }
}
