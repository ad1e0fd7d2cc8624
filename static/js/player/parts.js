/* The parts of a video: which one you are in, and going to another. */

import { findAll } from "../shared/dom.js";
import { gettext } from "../shared/words.js";

const SLACK_S = 0.05;

/**
 * Which part plays at `seconds`; -1 before the first.
 * @param {number[]} starts Where the parts begin, in seconds, in order.
 * @param {number} seconds
 */
export function partAt(starts, seconds) {
  return starts.findLastIndex((start) => start <= seconds + SLACK_S);
}

/**
 * @param {HTMLElement | null} list Links to the parts, each with its start in milliseconds.
 * @param {HTMLVideoElement} video
 * @param {number} begin Where the video begins, in seconds.
 */
export function markParts(list, video, begin) {
  if (!list) return;
  const links = findAll(list, "a");
  const starts = links.map((link) => Number(link.dataset.start) / 1000);

  /** @param {number} seconds */
  const mark = (seconds) => {
    const here = partAt(starts, seconds);
    links.forEach((link, at) => {
      if ((at === here) === link.hasAttribute("aria-current")) return;
      link.toggleAttribute("aria-current", at === here);
      if (at !== here) link.querySelector("small")?.remove();
      else {
        link.setAttribute("aria-current", "true");
        link.append(Object.assign(document.createElement("small"), { textContent: gettext("You are here") }));
      }
    });
  };

  links.forEach((link, at) => {
    const start = starts[at] ?? 0;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      video.currentTime = start;
      mark(start);
    });
  });
  for (const name of ["timeupdate", "seeking"]) video.addEventListener(name, () => mark(video.currentTime));
  mark(begin);
}
