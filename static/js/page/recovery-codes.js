/* Recovery codes leave the page as a file or on paper. They are made into a file here: we do not know them any more. */

import { find, make } from "../shared/dom.js";

const codes = [...document.querySelectorAll("#recovery-codes code")].map((each) => each.textContent ?? "");
const ways = find(document, "#keep-codes");
ways.hidden = false;

find(ways, "[data-keep=file]").addEventListener("click", () => {
  const lines = ["Back to Life: recovery codes. Each one works once.", "", ...codes, ""];
  const href = URL.createObjectURL(new Blob([lines.join("\r\n")], { type: "text/plain" }));
  make("a", { href, download: "recovery-codes.txt" }).click();
  URL.revokeObjectURL(href);
});
find(ways, "[data-keep=paper]").addEventListener("click", () => window.print());
