/* The page after a session that was ended early: when the session is opened again, it goes back in by itself. */

import { find } from "../../shared/dom.js";
import { gettext } from "../../shared/words.js";

const LOOK_EVERY_MS = 10000;
/** Long enough to read, and to hear read out, why the page changes. */
const READ_MS = 5000;
const place = find(document, "#open-again");

async function look() {
  try {
    const page = new DOMParser().parseFromString(await (await fetch(place.dataset.address ?? "")).text(), "text/html");
    const way = page.getElementById("goes-on");
    // Past the time for it, or signed out: asking on would only keep a forgotten page signed in.
    if (way || !page.getElementById("open-again")) clearInterval(looking);
    if (way instanceof HTMLAnchorElement) goBack(document.importNode(way, true));
  } catch {
    // no link at the moment: the next look tells
  }
}

/** Say that the session goes on, and follow the way back in, unless the person stays out. @param {HTMLAnchorElement} way */
function goBack(way) {
  const going = setTimeout(() => window.location.replace(way.href), READ_MS);
  const stay = Object.assign(document.createElement("button"), {
    className: "btl-btn btl-btn--line",
    type: "button",
    textContent: gettext("Stay out"),
    onclick: () => {
      clearTimeout(going);
      stay.remove();
    },
  });
  const line = Object.assign(document.createElement("p"), {
    className: "btl-p",
    textContent: gettext(
      "The session goes on. It was ended by mistake. You come back in now, with your sound and camera off. ",
    ),
  });
  line.append(way, " ", stay);
  place.replaceChildren(line);
}

const looking = setInterval(look, LOOK_EVERY_MS);
