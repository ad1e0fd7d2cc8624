/* What every page does: say when the link is gone, and name the service's clock where this device keeps another. */

(() => {
  "use strict";

  const banner = document.createElement("div");
  banner.className = "btl-note btl-note--wait btl-offline";
  banner.setAttribute("role", "status");
  banner.hidden = true;
  banner.textContent = "You are offline. This page will go on when the link is back. What you gave us is safe.";
  document.getElementById("main")?.before(banner);
  const showLink = () => { banner.hidden = navigator.onLine; };
  window.addEventListener("online", showLink);
  window.addEventListener("offline", showLink);
  showLink();

  const note = document.getElementById("zone-note");
  const mine = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (note && mine && mine !== note.dataset.serviceZone) {
    const place = note.dataset.serviceZone.split("/").pop().replaceAll("_", " ");
    note.textContent = `Times on this page are ${place} time. Your device keeps another time.`;
    note.hidden = false;
  }

  if ("serviceWorker" in navigator && window.isSecureContext) navigator.serviceWorker.register("/offline-worker.js");
})();
