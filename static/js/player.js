/* The video player: joins the picture, its controls, captions, parts and what is kept of the watching. */

import { Captions } from "./player-captions.js";
import { Controls } from "./player-controls.js";
import { markParts } from "./player-parts.js";
import { Recorder } from "./player-record.js";
import { Source } from "./player-source.js";

const player = document.getElementById("player");
const video = document.getElementById("video");
const { master, sound, record, csrf, phone } = player.dataset;
const packageId = player.dataset.package;
const placeKey = `place:${packageId}`;

/* A reload is quicker than the last report: this tab's own memory of the place comes first. */
const remembered = sessionStorage.getItem(placeKey);
const beginMs = remembered === null ? Number(player.dataset.begin) : Number(remembered);
sessionStorage.removeItem(placeKey);

const word = document.getElementById("trouble-word");
const source = new Source(video, {
  master,
  sound,
  begin: beginMs / 1000,
  onTrouble: (words) => { word.textContent = words; },
  words: {
    link: "No connection. We kept your place. The video goes on when the link is back.",
    old: "This page was open for a long time. Load it again: we kept your place.",
    other: `This video does not play on this device. You can read the words below, or call us on ${phone}.`,
  },
});
new Captions(video, document.getElementById("captions"), document.getElementById("caption"));
new Controls(player, video, source, beginMs / 1000);
markParts(document.getElementById("chapters"), video, beginMs / 1000);

const recorder = record ? new Recorder(video, { address: record, csrf, packageId }) : null;
window.addEventListener("pagehide", () => {
  sessionStorage.setItem(placeKey, Math.round(video.currentTime * 1000));
  recorder?.send();
});
source.load(master, beginMs / 1000);
