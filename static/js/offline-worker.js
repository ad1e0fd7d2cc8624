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
/** What they play. */
const SOUND = /^\/relax\/[^/]+\/sound$/;

self.addEventListener("install", (event) => event.waitUntil(caches.open(STORE).then((store) => store.addAll(NEEDED))));
self.addEventListener("activate", (event) => event.waitUntil(Promise.all([self.clients.claim(), dropOld()])));
self.addEventListener("fetch", (event) => {
  if (event.request.mode === "navigate") {
    event.respondWith(asked(event.request).catch(async () => (await kept(event.request)) ?? caches.match(PAGE)));
  } else if (event.request.method === "GET" && PARTS.test(new URL(event.request.url).pathname)) {
    event.respondWith(fetch(event.request).catch(async () => (await kept(event.request)) ?? Response.error()));
  } else if (event.request.method === "GET" && SOUND.test(new URL(event.request.url).pathname)) {
    event.respondWith(sound(event.request));
  }
});

/**
 * What is stored of this address, whoever's cookies it was asked with.
 * @param {Request} request
 */
const kept = (request) => caches.match(request, { ignoreVary: true });

/**
 * A sound that is stored is played from here, also with a link: it never changes under its address. A player asks for a
 * part of it, and some play nothing when they are sent the whole.
 * @param {Request} request
 */
async function sound(request) {
  const whole = await kept(request);
  if (!whole) return fetch(request);
  const asked = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("Range") ?? "");
  if (!asked) return whole;
  const all = await whole.blob();
  const from = Number(asked[1]);
  const to = asked[2] ? Math.min(Number(asked[2]), all.size - 1) : all.size - 1;
  if (from > to) return new Response(null, { status: 416, headers: { "Content-Range": `bytes */${all.size}` } });
  const headers = {
    "Content-Type": whole.headers.get("Content-Type") ?? "audio/mp4",
    "Content-Range": `bytes ${from}-${to}/${all.size}`,
    "Content-Length": String(to - from + 1),
    "Accept-Ranges": "bytes",
  };
  return new Response(all.slice(from, to + 1), { status: 206, headers });
}

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
