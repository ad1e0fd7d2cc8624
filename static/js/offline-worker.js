/* Keeps one page at hand: the one that says plainly that there is no link. Nothing else is stored. */

const STORE = "offline-1";
const PAGE = "/offline";
const NEEDED = [PAGE, "/static/vendor/nhsuk-frontend/nhsuk-frontend.min.css", "/static/css/tokens.css", "/static/css/pages.css", "/static/css/forms.css", "/static/js/page.js"];

self.addEventListener("install", (event) => event.waitUntil(caches.open(STORE).then((store) => store.addAll(NEEDED))));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  if (event.request.mode === "navigate") {
    event.respondWith(fetch(event.request).catch(() => caches.match(PAGE)));
  } else if (NEEDED.includes(new URL(event.request.url).pathname)) {
    event.respondWith(fetch(event.request).catch(() => caches.match(event.request)));
  }
});
