/* The video player: joins the picture, its controls, captions, parts and what is kept of the watching. */

import { find } from "../shared/dom.js";
import { inTab } from "../shared/store.js";
import { gettext } from "../shared/words.js";
import { AmountOfData } from "./amount.js";
import { Captions } from "./captions.js";
import { Controls } from "./controls.js";
import { findWords } from "./find-words.js";
import { markParts } from "./parts.js";
import { Recorder } from "./record.js";
import { Source } from "./source.js";

const player = find(document, "#player");
const video = find(player, "#video", HTMLVideoElement);
const word = find(player, "#trouble-word");
const { master = "", little = "", sound = "", record, csrf = "", phone } = player.dataset;
const packageId = player.dataset.package ?? "";
const placeKey = `place:${packageId}`;

/* A reload is quicker than the last report: this tab's own memory of the place comes first. */
const remembered = inTab.get(placeKey);
const beginMs = remembered === null ? Number(player.dataset.begin) : Number(remembered);
inTab.drop(placeKey);

const source = new Source(video, master, {
  onTrouble: (words) => {
    word.textContent = words;
  },
  words: {
    link: gettext("No connection. We kept your place. The video goes on when the connection is back."),
    old: gettext("This page was open for a long time. Load it again: we kept your place."),
    other: gettext("This video does not play on this device. You can read the words below, or call us on %(phone)s.", {
      phone: phone ?? "",
    }),
  },
});
const amount = new AmountOfData(player, video, source, { little, sound });
const words = player.querySelector("track");
if (words) {
  new Captions(video, words.track, find(player, "#captions"), find(player, "#caption"));
  findWords(document.getElementById("find-words"), video, words.track);
}
new Controls(player, video, source, beginMs / 1000);
markParts(document.getElementById("chapters"), video, beginMs / 1000);

const recorder = record ? new Recorder(video, { address: record, csrf, packageId }) : null;
window.addEventListener("pagehide", () => {
  inTab.set(placeKey, Math.round(video.currentTime * 1000));
  recorder?.send();
});
source.load(amount.address, beginMs / 1000);
