/* A video is sent piece by piece before its form, and goes on where it stopped: after a break, and after a reload.
   Without this script the file comes with the form. */

import { find, findAll } from "../shared/dom.js";

const PIECE_BYTES = 8 * 2 ** 20;
const WAITS_MS = [0, 1000, 3000, 5000, 10_000, 20_000, 30_000];
const SENDING = "We are sending your video. Please keep this page open.";
const BROKEN = "The line broke. We keep what has come: press Upload the video to go on.";

/* tus-js-client's own declarations need node's: only what is used here is told. */
/** @typedef {Error & {originalResponse?: {getBody: () => string, getStatus: () => number} | null}} Trouble With the server's answer, if it gave one. */
/** @typedef {{url: string | null, start: () => void, abort: (remove: boolean) => Promise<void>}} Upload */
/** @typedef {{isSupported: boolean, Upload: new (file: File, options: Options) => Upload}} Tus What is on the window. */
/**
 * @typedef {object} Options
 * @property {string} endpoint
 * @property {string | null} uploadUrl Where the same file goes on.
 * @property {Record<string, string>} metadata
 * @property {Record<string, string>} headers
 * @property {number} chunkSize
 * @property {number[]} retryDelays
 * @property {boolean} storeFingerprintForResuming
 * @property {(sent: number, all: number) => void} onProgress
 * @property {(error: Trouble) => void} onError
 * @property {() => void} onSuccess
 */

const form = find(document, "#upload-form", HTMLFormElement);
const word = find(form, "#sending");
const bar = find(form, "#sending-bar");
const stop = find(form, "#sending-stop");
/** @type {Upload | null} */
let upload = null;
let sending = false;
/* Whoever was signed out is told by the form itself how to go on: it keeps what they typed. */
let plain = false;

/** @param {boolean} on @param {string} words */
function show(on, words) {
  sending = on;
  word.textContent = words;
  bar.hidden = stop.hidden = !on;
  find(form, "button[type=submit]", HTMLButtonElement).disabled = on;
}

/**
 * Where the same file stopped before, if it did.
 * @param {File} file
 */
function begun(file) {
  const rows = findAll(document, "[data-coming]");
  const row = rows.find(({ dataset }) => dataset.name === file.name && Number(dataset.length) === file.size);
  return row?.dataset.coming ?? null;
}

/** @param {Trouble} error */
function wordsOf(error) {
  try {
    return /** @type {string} */ (JSON.parse(error.originalResponse?.getBody() ?? "").error) || BROKEN;
  } catch {
    return BROKEN;
  }
}

/** @param {Tus} tus @param {File} file */
function send(tus, file) {
  show(true, SENDING);
  upload = new tus.Upload(file, {
    endpoint: form.dataset.tus ?? "",
    uploadUrl: upload?.url ?? begun(file),
    metadata: { filename: file.name },
    headers: { "X-CSRFToken": find(form, "[name=csrf_token]", HTMLInputElement).value, Accept: "application/json" },
    chunkSize: PIECE_BYTES,
    retryDelays: WAITS_MS,
    storeFingerprintForResuming: false,
    onProgress: (sent, all) => {
      const percent = Math.floor((100 * sent) / all);
      find(bar, "progress", HTMLProgressElement).value = percent;
      find(bar, "span").textContent = `${percent}%`;
    },
    onError: (error) => {
      plain = error.originalResponse?.getStatus() === 403;
      show(false, plain ? "" : wordsOf(error));
      if (plain) form.requestSubmit();
    },
    onSuccess: () => {
      find(form, "[name=arrived]", HTMLInputElement).value = upload?.url?.split("/").pop() ?? "";
      find(form, "[name=video]", HTMLInputElement).disabled = true;
      form.submit();
    },
  });
  upload.start();
}

/** @param {SubmitEvent} event */
function submitted(event) {
  const ordinary = plain;
  plain = false;
  if (ordinary) return;
  const tus = /** @type {{tus?: Tus}} */ (/** @type {unknown} */ (globalThis)).tus;
  const file = form.querySelector("input[name=video]:not(:disabled)");
  const chosen = file instanceof HTMLInputElement ? file.files?.[0] : null;
  if (!chosen || !tus?.isSupported || !find(form, "[name=title]", HTMLInputElement).value.trim()) return;
  event.preventDefault();
  event.stopImmediatePropagation(); // what asks first whether a file will be taken would send the form once more
  if (!sending) send(tus, chosen);
}

form.addEventListener("submit", submitted, { capture: true });
form.querySelector("[name=video]")?.addEventListener("change", () => {
  upload = null;
});
find(stop, "button").addEventListener("click", async () => {
  await upload?.abort(true).catch(() => undefined);
  upload = null;
  show(false, "We stopped. Nothing of this video is kept.");
});
