/* What the page says about its connection, and what happens when this page must go. */

import { byId, find, findAll, icon, make, say } from "../../shared/dom.js";
import { openFast } from "../../shared/sheet.js";
import { gettext, ngettext } from "../../shared/words.js";
import { Quality } from "./quality.js";
import { Recovery } from "./recovery.js";

/** @import { RoomPage } from "../page.js" */
/** @import { Media } from "./media.js" */
/** @import { Over, RoomLink } from "./room-connection.js" */
/** @typedef {{ words: string, act: () => unknown }} Way What one tap does, and what is written on it. */
/**
 * @typedef {Way & { says?: string, icon: string, no?: Way }} Offer `says` stands before it, `no` is the way to refuse.
 */

const SAYS = {
  Good: gettext("Good"),
  OK: "OK",
  Weak: gettext("Weak"),
  Lost: gettext("Lost. We are trying again"),
  Checking: gettext("Checking"),
};

export class Lifeline {
  /** @param {RoomLink} link @param {Media} media @param {RoomPage} data */
  constructor(link, media, data) {
    this.link = link;
    this.media = media;
    this.quality = new Quality(media);
    this.quality.addEventListener("change", () => this.draw());
    this.data = data;
    this.recovery = new Recovery(link, media);
    this.recovery.addEventListener("change", () => this.draw());
    this.banner = byId("banner");
    /** @type {string | undefined} */
    this.shown = undefined;
    /** @type {(() => Offer | null)[]} What other parts of the page offer to be done by one tap. */
    this.offers = [];
    link.addEventListener("over", ({ detail }) => this.over(detail));
    media.addEventListener("elsewhere", () => link.finish("elsewhere"));
    document.addEventListener("pointerdown", () => media.needsTap && media.startSound());
    byId("use-here").addEventListener("click", () => window.location.reload());
  }

  draw() {
    const inRoom = this.link.state?.me.status === "admitted";
    const { word, bars, paused } = this.quality;
    const held = paused
      ? `. ${ngettext("%(num)s picture paused to keep sound clear", "%(num)s pictures paused to keep sound clear", paused)}`
      : "";
    for (const net of findAll(document, "[data-net]")) {
      const words = inRoom && !this.media.connected ? gettext("Connecting") : `${SAYS[word]}${held}`;
      say(find(net, "[data-net-words]"), words);
      for (const [index, bar] of net.querySelectorAll("i").entries()) bar.classList.toggle("on", index < bars);
      net.classList.toggle("btl-net--weak", bars < 2 || paused > 0);
    }
    this.show(this.recovery.words(), this.tap);
  }

  /** The one tap that matters most just now, or null. @returns {Offer | null} */
  get tap() {
    const words = this.recovery.words();
    return this.recovery.tap() ?? (words ? null : (this.offers.map((offer) => offer()).find(Boolean) ?? null));
  }

  /** @param {string} words @param {Offer | null} tap */
  show(words, tap) {
    const shown = tap ? [tap.says, tap.words].filter(Boolean).join(" ") : words;
    this.banner.hidden = !shown;
    if (this.shown === shown) return;
    this.shown = shown;
    this.banner.replaceChildren(...(tap ? this.buttons(tap) : [words]));
  }

  /** @param {Offer} offer @returns {Node[]} */
  buttons({ says, words, icon: picture, no }) {
    /** @param {() => Way | null | undefined} which @param {(Node | string)[]} inside */
    const button = (which, ...inside) =>
      make(
        "button",
        {
          class: "btl-rbtn",
          type: "button",
          on: {
            click: () => {
              which()?.act();
              this.draw();
            },
          },
        },
        ...inside,
      );
    const yes = button(() => this.tap, icon(picture, 20), words);
    const refuse = no ? [button(() => this.tap?.no, no.words)] : [];
    return [...(says ? [make("span", {}, says)] : []), yes, ...refuse];
  }

  /** @param {Over} over */
  over({ why, words, status }) {
    this.media.leave();
    if (why === "elsewhere") openFast(byId("elsewhere-sheet"));
    else if (document.body.hasAttribute("data-rehearsal") && ["ended", "left"].includes(why))
      window.location.assign(`/rehearse${why === "ended" ? "?over=1" : ""}`);
    else if (["ended", "left", "removed"].includes(why))
      window.location.assign(`/sessions/${this.data.session}/gone/${why}`);
    else if ([404, 409].includes(status)) window.location.reload();
    else {
      say(byId("refused-words"), words || gettext("Please join again."));
      openFast(byId("refused-sheet"));
    }
  }
}
