/* Captions as they are kept: their times as people type them, and all of them as WebVTT. */

/** @typedef {{start_ms: number, end_ms: number, text: string, settings: string}} Caption `settings` say where it stands. */

const TYPED = /^(?:(\d{1,3}):)?(?:(\d{1,3}):)?(\d{1,5})(?:[.,](\d{1,3}))?$/;

/** @param {number} value @param {number} width */
const digits = (value, width) => String(value).padStart(width, "0");

/**
 * A time as the editor shows it, such as 1:02.500.
 * @param {number} milliseconds
 */
export function shown(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${digits(seconds % 60, 2)}.${digits(milliseconds % 1000, 3)}`;
}

/**
 * The milliseconds in 1:02.5, 62.5 or 0:01:02,500; null for what is no time.
 * @param {string} typed
 */
export function milliseconds(typed) {
  const found = TYPED.exec(typed.trim());
  if (!found) return null;
  const [, first, second, seconds = "", rest = ""] = found;
  if (first !== undefined && Number(seconds) > 59) return null;
  if (second !== undefined && Number(second) > 59) return null;
  const hours = second === undefined ? 0 : Number(first);
  const minutes = Number(second ?? first ?? 0);
  return ((hours * 60 + minutes) * 60 + Number(seconds)) * 1000 + Number(rest.padEnd(3, "0"));
}

/** @param {number} all */
function stamp(all) {
  const seconds = Math.floor(all / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${parts.map((part) => digits(part, 2)).join(":")}.${digits(all % 1000, 3)}`;
}

/** @param {string} text An empty line would end the caption. */
const escaped = (text) =>
  text
    .replace(/\n\s*\n+/g, "\n")
    .trim()
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;");

/** @param {Caption[]} captions */
export function asVtt(captions) {
  const blocks = captions.map(({ start_ms, end_ms, text, settings }) =>
    `${`${stamp(start_ms)} --> ${stamp(end_ms)} ${settings}`.trim()}\n${escaped(text)}`.trim(),
  );
  return `${["WEBVTT", ...blocks].join("\n\n")}\n`;
}
