/* Keeps one page at hand: the one that says plainly that there is no link. Beside it stand a patient's own pages, where
   they asked for that (practice/kept-pages.js). Nothing else is stored. */

const STORE = "offline-1";
const PAGE = "/offline";
/* site.css stands for the sheets of every page. */
/* The site sends each of these under the address that names its content, and so sends a new worker when one has changed. */
const NEEDED = [
  PAGE,
  "/static/vendor/nhsuk-frontend/nhsuk-frontend.min.css",
  "/static/css/site.css",
  "/static/js/page/page.js",
];

/** What pages show: scripts, sheets and drawings. */
const PARTS = /^\/static\/|\.svg$/;

self.addEventListener("install", (event) => event.waitUntil(caches.open(STORE).then((store) => store.addAll(NEEDED))));
self.addEventListener("activate", (event) => event.waitUntil(Promise.all([self.clients.claim(), dropOld()])));
self.addEventListener("fetch", (event) => {
  if (event.request.mode === "navigate") {
    event.respondWith(asked(event.request).catch(async () => (await kept(event.request)) ?? caches.match(PAGE)));
  } else if (event.request.method === "GET" && PARTS.test(new URL(event.request.url).pathname)) {
    event.respondWith(fetch(event.request).catch(async () => (await kept(event.request)) ?? Response.error()));
  }
});

/**
 * What is stored of this address, whoever's cookies it was asked with.
 * @param {Request} request
 */
const kept = (request) => caches.match(request, { ignoreVary: true });

/**
 * Who goes back to the answer to a form asks for what is in no store. Nobody wants to send the form again: they get its
 * page, where their words are.
 * @param {Request} request
 */
async function asked(request) {
  if (request.cache !== "only-if-cached") return fetch(request);
  return fetch(request.url, { credentials: "include", redirect: "manual" });
}

/** Addresses of before a release are of no use. */
async function dropOld() {
  const store = await caches.open(STORE);
  const old = (await store.keys()).filter((request) => !NEEDED.includes(new URL(request.url).pathname));
  await Promise.all(old.map((request) => store.delete(request)));
}
