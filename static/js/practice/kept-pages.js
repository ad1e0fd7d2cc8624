/* Pages of somebody's own that stay readable on their device without a link, because they asked for it. The worker
   (offline-worker.js) shows them when nothing can be reached. They go when their owner logs out, and when anybody else
   signs in here. */

import { onDevice } from "../shared/store.js";

const STORE = "own-1";
const WHOSE = "own-pages";
const PARTS = "img[src], script[src], link[rel=stylesheet][href]";

/** Whose pages are kept here; empty for nobody's. */
export const keptFor = () => onDevice.get(WHOSE) ?? "";
export const canKeep = () => "caches" in window && "serviceWorker" in navigator && window.isSecureContext;

/**
 * Keep these pages with all that they show. Resolves to whether all of it is kept.
 * @param {string} whose
 * @param {string[]} pages
 */
export async function keepPages(whose, pages) {
  const store = await caches.open(STORE);
  const loaded = performance.getEntriesByType("resource").map(({ name }) => new URL(name));
  const parts = new Set(loaded.filter(isStatic).map(({ href }) => href));
  try {
    for (const page of pages) {
      const answer = await fetch(page, { headers: { Accept: "text/html" } });
      if (!answer.ok || answer.redirected) return false;
      for (const part of partsOf(await answer.clone().text())) parts.add(part);
      await store.put(page, answer);
    }
    await Promise.all([...parts].map((part) => store.add(part)));
  } catch {
    return false; // the link broke: what was kept before stays
  }
  onDevice.set(WHOSE, whose);
  return true;
}

/**
 * Keep a sound beside the pages. Resolves to whether it is kept whole.
 * @param {string} address
 */
export async function keepSound(address) {
  try {
    await (await caches.open(STORE)).add(address);
    return true;
  } catch {
    return false; // the link broke, or this device is full
  }
}

/** @param {string} address */
export const hasSound = async (address) =>
  Boolean(await (await caches.open(STORE)).match(address, { ignoreVary: true }));

/** @param {string} address */
export const dropSound = async (address) => (await caches.open(STORE)).delete(address, { ignoreVary: true });

export async function dropPages() {
  onDevice.drop(WHOSE);
  if (canKeep()) await caches.delete(STORE);
}

/** @param {URL} address */
const isStatic = (address) => address.origin === location.origin && address.pathname.startsWith("/static/");

/** @param {string} text of a page */
function partsOf(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  return [...page.querySelectorAll(PARTS)]
    .map((part) => new URL(part.getAttribute("src") ?? part.getAttribute("href") ?? "", location.href).href)
    .filter((address) => address.startsWith(location.origin));
}
