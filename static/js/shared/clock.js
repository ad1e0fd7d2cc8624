/* The server's clock on this device: what the device thinks the time is plays no part. */

import { gettext, language, ngettext } from "./words.js";

/** @type {number | null} Milliseconds from the page's steady clock to the server's time. */
let ahead = null;

/**
 * Learn the server's time from a message that has just come in. The smallest delay seen so far is believed.
 * @param {number} sentMs When the server sent it, in milliseconds since 1970.
 */
export function learnServerTime(sentMs) {
  const seen = sentMs - performance.now();
  if (ahead === null || seen > ahead || Math.abs(seen - ahead) > 60000) ahead = seen;
}

/** Now, in milliseconds since 1970, by the server's clock. */
export function serverNow() {
  return ahead === null ? Date.now() : ahead + performance.now();
}

/**
 * 125 seconds as 2:05.
 * @param {number} seconds
 */
export function minutesAndSeconds(seconds) {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/**
 * How long is left, in words that do not change every second.
 * @param {number} ms
 */
export function leftInWords(ms) {
  const minutes = Math.ceil(ms / 60000);
  if (minutes <= 0) return gettext("nearly done");
  return ngettext("about %(num)s minute left", "about %(num)s minutes left", minutes);
}

/**
 * 10:14am on the clock of `zone`.
 * @param {number} ms Milliseconds since 1970.
 * @param {string} zone A name of the tz database.
 */
export function clockTime(ms, zone) {
  const english = language === "en-GB";
  const shape = /** @type {const} */ ({ timeZone: zone, hour: "numeric", minute: "2-digit" });
  const said = new Intl.DateTimeFormat(language, english ? { ...shape, hour12: true } : shape).format(new Date(ms));
  return english ? said.replace(" ", "").replace(" ", "").replace(/^0:/, "12:") : said;
}
