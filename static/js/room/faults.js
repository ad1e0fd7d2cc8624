/* What is wrong with a camera or microphone, in words that say what to do. */

const AGAIN = "Then come back here and press Try again.";
const ALLOW = {
  ios: (what) => `On your iPhone or iPad open Settings, then Apps, then your browser, and allow the ${what}. ${AGAIN}`,
  android: (what) => `Press the sign to the left of the address, choose Permissions, and allow the ${what}. ${AGAIN}`,
  edge: (what) => `Press the lock to the left of the address, choose Permissions, and set ${what} to Allow. ${AGAIN}`,
  firefox: (what) => `Press the ${what} sign to the left of the address, and take away the word Blocked. ${AGAIN}`,
  safari: (what) => `In the menu at the top choose Safari, then Settings for this website, and set ${what} to Allow. ${AGAIN}`,
  chrome: (what) => `Press the sign to the left of the address at the top, and turn on the ${what}. ${AGAIN}`,
};

/** Which advice fits this browser: ios, android, edge, firefox, safari or chrome. */
export function browserOf(agent, touches = 0) {
  if (/iPhone|iPad|iPod/.test(agent) || (/Macintosh/.test(agent) && touches > 1)) return "ios";
  if (/Android/.test(agent)) return "android";
  if (/Edg\//.test(agent)) return "edge";
  if (/Firefox\//.test(agent)) return "firefox";
  if (/Safari\//.test(agent) && !/Chrom/.test(agent)) return "safari";
  return "chrome";
}

const HERE = browserOf(navigator.userAgent, navigator.maxTouchPoints);

const WORDS = {
  blocked: (what) => [`Your ${what} is blocked.`, ALLOW[HERE](what)],
  busy: (what) => [`Another app is using your ${what}.`, "Close other video apps, then press Try again."],
  none: (what) => [`We found no ${what}.`, `Plug one in, or join without it. You can still ${what === "camera" ? "hear and talk" : "see and write"}.`],
  screen: () => ["Your screen did not open.", "Some phones and tablets cannot show their screen. Use a computer, then press again."],
  insecure: () => ["This page is not secure, so your device keeps its camera closed.", "Open the link that begins with https."],
  silent: () => ["We hear nothing from your microphone.", "Check that it is not switched off on the device or headset, then say a few words."],
  path: () => ["Sound and picture do not get through.", "Some work networks block them. Turn off a VPN, or use your own Wi-Fi or mobile data, then press Try again. You can still join: your team can ring you."],
  other: (what) => [`Your ${what} did not start.`, "Press Try again. If it goes on, restart your browser."],
};

const BY_NAME = {
  NotAllowedError: "blocked",
  SecurityError: "blocked",
  NotReadableError: "busy",
  AbortError: "busy",
  TrackStartError: "busy",
  NotFoundError: "none",
  OverconstrainedError: "none",
};

/** Which fault a refused getUserMedia means: blocked, busy, none, insecure or other. */
export function faultOf(error) {
  if (!navigator.mediaDevices) return "insecure";
  return BY_NAME[error?.name] ?? "other";
}

/** Title and advice for a fault of "camera" or "microphone". */
export function wordsFor(fault, what) {
  return (WORDS[fault] ?? WORDS.other)(what);
}
