/* What is wrong with a camera or microphone, in words that say what to do. */

const PRESS = "press Try again";
/** @typedef {"ios" | "android" | "edge" | "firefox" | "safari" | "chrome"} Browser */
/** @typedef {"camera" | "microphone" | "network" | "screen"} What of the device does not work */
/** @typedef {"blocked" | "busy" | "none" | "screen" | "insecure" | "silent" | "path" | "other"} Fault */

/** @type {Record<Browser, (what: string) => string>} */
const ALLOW = {
  ios: (what) => `On your iPhone or iPad open Settings, then Apps, then your browser, and allow the ${what}.`,
  android: (what) => `Press the icon to the left of the address, choose Permissions, and allow the ${what}.`,
  edge: (what) => `Press the lock to the left of the address, choose Permissions, and set ${what} to Allow.`,
  firefox: (what) => `Press the ${what} icon to the left of the address, and remove the word Blocked.`,
  safari: (what) => `In the menu at the top choose Safari, then Settings for this website, and set ${what} to Allow.`,
  chrome: (what) => `Press the icon to the left of the address at the top, and turn on the ${what}.`,
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

/** @type {Record<Fault, (what: What, press: string) => [title: string, advice: string]>} */
const WORDS = {
  blocked: (what, press) => [`Your ${what} is blocked.`, `${ALLOW[HERE](what)} Then come back here and ${press}.`],
  busy: (what, press) => [`Another app is using your ${what}.`, `Close other video apps, then ${press}.`],
  none: (what, press) => [
    `We found no ${what}.`,
    `Plug one in and ${press}, or take part without it. You can still ${what === "camera" ? "hear and talk" : "see and write"}.`,
  ],
  screen: () => [
    "Your screen did not open.",
    "Some phones and tablets cannot show their screen. Use a computer, then press again.",
  ],
  insecure: () => [
    "This page is not secure, so your device will not open its camera.",
    "Open the link that begins with https.",
  ],
  silent: () => [
    "We cannot hear anything from your microphone.",
    "Check that it is not switched off on the device or headset, then say a few words.",
  ],
  path: () => [
    "Sound and picture do not get through.",
    "Some work networks block them. Turn off a VPN, or use your own Wi-Fi or mobile data, then press Try again. You can still join: your team can ring you.",
  ],
  other: (what, press) => [
    `Your ${what} did not start.`,
    `To try once more, ${press}. If it still does not work, restart your browser.`,
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
  return (WORDS[fault] ?? WORDS.other)(what, press);
}
