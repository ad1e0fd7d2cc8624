/* What is wrong with a camera or microphone, in words that say what to do. */

import { gettext } from "../../shared/words.js";

const PRESS = gettext("press Try again");
/** @typedef {"ios" | "android" | "edge" | "firefox" | "safari" | "chrome"} Browser */
/** @typedef {"camera" | "microphone" | "network" | "screen"} What of the device does not work */
/** @typedef {"blocked" | "busy" | "none" | "screen" | "insecure" | "silent" | "path" | "other"} Fault */

/** @type {Record<What, string>} */
const NAMES = {
  camera: gettext("camera"),
  microphone: gettext("microphone"),
  network: gettext("connection"),
  screen: gettext("screen"),
};

/** @type {Record<Browser, (gaps: { what: string }) => string>} */
const ALLOW = {
  ios: (gaps) =>
    gettext("On your iPhone or iPad open Settings, then Apps, then your browser, and allow the %(what)s.", gaps),
  android: (gaps) =>
    gettext("Press the icon to the left of the address, choose Permissions, and allow the %(what)s.", gaps),
  edge: (gaps) =>
    gettext("Press the lock to the left of the address, choose Permissions, and set %(what)s to Allow.", gaps),
  firefox: (gaps) => gettext("Press the %(what)s icon to the left of the address, and remove the word Blocked.", gaps),
  safari: (gaps) =>
    gettext("In the menu at the top choose Safari, then Settings for this website, and set %(what)s to Allow.", gaps),
  chrome: (gaps) => gettext("Press the icon to the left of the address at the top, and turn on the %(what)s.", gaps),
};

/**
 * Which advice fits this browser.
 * @param {string} agent
 * @param {number} [touches] how many fingers its screen feels at once
 * @returns {Browser}
 */
export function browserOf(agent, touches = 0) {
  if (/iPhone|iPad|iPod/.test(agent) || (/Macintosh/.test(agent) && touches > 1)) return "ios";
  if (/Android/.test(agent)) return "android";
  if (/Edg\//.test(agent)) return "edge";
  if (/Firefox\//.test(agent)) return "firefox";
  if (/Safari\//.test(agent) && !/Chrom/.test(agent)) return "safari";
  return "chrome";
}

const HERE = browserOf(navigator.userAgent, navigator.maxTouchPoints);

/** @type {Record<Fault, (what: string, press: string, device: What) => [title: string, advice: string]>} */
const WORDS = {
  blocked: (what, press) => [
    gettext("Your %(what)s is blocked.", { what }),
    gettext("%(allow)s Then come back here and %(press)s.", { allow: ALLOW[HERE]({ what }), press }),
  ],
  busy: (what, press) => [
    gettext("Another app is using your %(what)s.", { what }),
    gettext("Close other video apps, then %(press)s.", { press }),
  ],
  none: (what, press, device) => [
    gettext("We found no %(what)s.", { what }),
    device === "camera"
      ? gettext("Plug one in and %(press)s, or take part without it. You can still hear and talk.", { press })
      : gettext("Plug one in and %(press)s, or take part without it. You can still see and write.", { press }),
  ],
  screen: () => [
    gettext("Your screen did not open."),
    gettext("Some phones and tablets cannot show their screen. Use a computer, then press again."),
  ],
  insecure: () => [
    gettext("This page is not secure, so your device will not open its camera."),
    gettext("Open the link that begins with https."),
  ],
  silent: () => [
    gettext("We cannot hear anything from your microphone."),
    gettext("Check that it is not switched off on the device or headset, then say a few words."),
  ],
  path: () => [
    gettext("Sound and picture do not get through."),
    gettext(
      "Some work networks block them. Turn off a VPN, or use your own Wi-Fi or mobile data, then press Try again. You can still join: your team can ring you.",
    ),
  ],
  other: (what, press) => [
    gettext("Your %(what)s did not start.", { what }),
    gettext("To try once more, %(press)s. If it still does not work, restart your browser.", { press }),
  ],
};

/** @type {Record<string, Fault>} */
const BY_NAME = {
  NotAllowedError: "blocked",
  SecurityError: "blocked",
  NotReadableError: "busy",
  AbortError: "busy",
  TrackStartError: "busy",
  NotFoundError: "none",
  OverconstrainedError: "none",
};

/** By its name alone: in some browsers OverconstrainedError is no Error. @param {unknown} error */
export const nameOfError = (error) => (typeof error === "object" && error && "name" in error ? String(error.name) : "");

/** Which fault a refused getUserMedia means: blocked, busy, none, insecure or other. @param {unknown} error */
export function faultOf(error) {
  if (!navigator.mediaDevices) return "insecure";
  return BY_NAME[nameOfError(error)] ?? "other";
}

/** Whether an error comes from the camera or microphone itself, not from the way to the room. @param {unknown} error */
export const isDeviceFault = (error) => !navigator.mediaDevices || nameOfError(error) in BY_NAME;

/**
 * Title and advice for a fault of a device. `press` names the button that is there to try again.
 * @param {Fault} fault
 * @param {What} what
 */
export function wordsFor(fault, what, press = PRESS) {
  return (WORDS[fault] ?? WORDS.other)(NAMES[what] ?? what, press, what);
}
