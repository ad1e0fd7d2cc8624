/* What is wrong with a camera or microphone, in words that say what to do. */

const PHONE = /Android|iPhone|iPad/.test(navigator.userAgent);
const ALLOW = PHONE
  ? "Open your browser’s settings for this page, allow it, then press Try again."
  : "Press the lock or camera sign beside the address at the top, choose Allow, then press Try again.";

const WORDS = {
  blocked: (what) => [`Your ${what} is blocked.`, ALLOW],
  busy: (what) => [`Another app is using your ${what}.`, "Close other video apps, then press Try again."],
  none: (what) => [`We found no ${what}.`, `Plug one in, or join without it. You can still ${what === "camera" ? "hear and talk" : "see and write"}.`],
  insecure: () => ["This page is not secure, so your device keeps its camera closed.", "Open the link that begins with https."],
  silent: () => ["We hear nothing from your microphone.", "Check that it is not switched off on the device or headset, then say a few words."],
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
