/* Finding words in what is said, and going to where they are said. */

import { find, make } from "../shared/dom.js";
import { clock } from "./controls.js";

const SHORTEST = 2;
const MOST = 30;

/** @typedef {{start: number, text: string}} Said What is said from `start`, in seconds. */

/** @param {string} text */
const plain = (text) =>
  text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[’‘]/g, "'").replace(/\s+/g, " ").trim();

/**
 * Where `typed` is said, also where it goes over from one caption into the next. Small and large letters are one.
 * @param {Said[]} said In the order of their times.
 * @param {string} typed
 * @returns {Said[]} What is said there, each once.
 */
export function hitsIn(said, typed) {
  const wanted = plain(typed);
  if (wanted.length < SHORTEST) return [];
  /** @type {number[]} */
  const begins = [];
  let all = "";
  for (const each of said) {
    begins.push(all.length);
    all += `${plain(each.text)} `;
  }
  /** @type {Set<number>} */
  const found = new Set();
  for (let at = all.indexOf(wanted); at >= 0 && found.size < MOST; at = all.indexOf(wanted, at + 1))
    found.add(begins.findLastIndex((begin) => begin <= at));
  return said.filter((_, number) => found.has(number));
}

/**
 * @param {HTMLElement | null} box With the field, the list and what is said about it.
 * @param {HTMLVideoElement} video
 * @param {TextTrack} track The captions, which the browser loads by itself.
 */
export function findWords(box, video, track) {
  if (!box) return;
  const typed = find(box, "input", HTMLInputElement);
  const list = find(box, "ol");
  const told = find(box, "[role=status]");

  /** @param {Said} hit */
  const row = (hit) => {
    const go = () => {
      video.currentTime = hit.start;
      video.scrollIntoView({ block: "nearest" });
    };
    const button = { type: "button", class: "btl-find__hit", on: { click: go } };
    return make("li", {}, make("button", button, make("time", {}, clock(hit.start)), make("span", {}, hit.text)));
  };

  const look = () => {
    const cues = /** @type {VTTCue[]} */ ([...(track.cues ?? [])]);
    const said = cues.map((cue) => ({ start: cue.startTime, text: cue.getCueAsHTML().textContent ?? "" }));
    const hits = hitsIn(said, typed.value);
    list.replaceChildren(...hits.map(row));
    const none = typed.value.trim().length < SHORTEST ? "" : box.dataset.none;
    told.textContent = (hits.length ? box.dataset.some : none) ?? "";
  };

  typed.addEventListener("input", look);
  box.hidden = false;
}
