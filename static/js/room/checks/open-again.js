/* The page after a session that was ended early: it says so by itself when the session is opened again. */

import { find } from "../../shared/dom.js";

const LOOK_EVERY_MS = 10000;
const place = find(document, "#open-again");

async function look() {
  try {
    const page = new DOMParser().parseFromString(await (await fetch(place.dataset.address ?? "")).text(), "text/html");
    const way = page.getElementById("goes-on");
    // Past the time for it, or signed out: asking on would only keep a forgotten page signed in.
    if (way || !page.getElementById("open-again")) clearInterval(looking);
    if (!way) return;
    const line = Object.assign(document.createElement("p"), {
      className: "btl-p",
      textContent: "The session goes on. It was ended by mistake. ",
    });
    line.append(document.importNode(way, true));
    place.replaceChildren(line);
  } catch {
    // no link at the moment: the next look tells
  }
}

const looking = setInterval(look, LOOK_EVERY_MS);
