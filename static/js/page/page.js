/* What every page does: say when the link is gone, and name the service's clock where this device keeps another. */

import { gettext } from "../shared/words.js";

const banner = document.createElement("div");
banner.className = "btl-note btl-note--wait btl-offline";
banner.setAttribute("role", "status");
banner.hidden = true;
banner.textContent = gettext(
  "You are offline. This page will carry on when the connection is back. What you gave us is safe.",
);
document.getElementById("main")?.before(banner);
const showLink = () => {
  banner.hidden = navigator.onLine;
};
window.addEventListener("online", showLink);
window.addEventListener("offline", showLink);
showLink();

const note = document.getElementById("zone-note");
const halfYear = 182 * 24 * 3600 * 1000;
const moments = [Date.now(), Date.now() + halfYear]; // two zones may agree in winter and not in summer
/** @param {string} [timeZone] The device's own, where none is given. */
const clock = (timeZone) =>
  moments
    .map((at) => new Intl.DateTimeFormat("en-GB", { timeZone, dateStyle: "short", timeStyle: "short" }).format(at))
    .join();
const zone = note?.dataset.serviceZone;
if (note && zone && clock(zone) !== clock()) {
  const place = zone.slice(zone.lastIndexOf("/") + 1).replaceAll("_", " ");
  note.textContent = gettext("Times on this page are %(place)s time. Your device keeps another time.", { place });
  note.hidden = false;
}

const wrong = document.querySelector(".nhsuk-error-summary");
if (wrong instanceof HTMLElement) {
  wrong.tabIndex = -1;
  wrong.focus();
}

if ("serviceWorker" in navigator && window.isSecureContext) navigator.serviceWorker.register("/offline-worker.js");
