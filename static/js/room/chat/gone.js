/* The page after the room: the words that could not be sent before it closed, so that nobody believes they were. */

import { find } from "../../shared/dom.js";
import { forget, leftOn } from "./outbox.js";

const box = find(document, "#unsent");
const { session = "", seat = "" } = box.dataset;
const entries = leftOn(session, seat);

box.hidden = !entries.length;
find(box, "ul").replaceChildren(
  ...entries.map(({ text }) => Object.assign(document.createElement("li"), { textContent: text })),
);
find(document, "#unsent-drop").addEventListener("click", () => {
  for (const entry of entries) forget(session, seat, entry);
  box.hidden = true;
  find(document, "#main").focus();
});
