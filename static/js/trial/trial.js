/* The trial run: a patient sees and hears themselves as they come back from us, days before the first session. */

import { LevelMeter } from "../room/audio/level-meter.js";
import { Choosing } from "../room/checks/device-lists.js";
import { Devices, routeSound } from "../room/checks/devices.js";
import { faultOf, wordsFor } from "../room/core/faults.js";
import { find, say } from "../shared/dom.js";
import { Echo } from "./echo.js";

/** @import { Fault, What } from "../room/core/faults.js" */
/** @typedef {"camera" | "microphone"} Device */
/** @typedef {"good" | "poor" | "none"} Network */
/** @typedef {Partial<{ camera: "yes" | "no", sound: "yes" | "no", network: Network }>} Result */

const LISTEN_MS = 5000;
const KEPT = "We have kept what you found. Your team can see it.";
const AWAY = "We cannot reach our own sound and picture just now. It is not your device. Please try again later today.";
const FULL = "Many people are here at the moment. It is not your device. Please try again in a few minutes.";
const OFTEN =
  "You have tried many times. That is fine. Please wait ten minutes, then try again, or ask us to call you.";
/** What is no finding: it says nothing of the device or the network. @type {Record<"away" | "full" | "often", string>} */
const NOT_TRIED = { away: AWAY, full: FULL, often: OFTEN };
/** @type {Record<Network, string>} */
const NETWORK = {
  good: "Sound and picture get through well",
  poor: "Sound and picture get through, but slowly. Go nearer to your Wi-Fi, or close other apps.",
  none: "Sound and picture do not get through. Turn off a VPN, or use another network.",
};
const page = find(document, "#trial");
const devices = new Devices();
const picture = find(page, "#echo-picture", HTMLVideoElement);
const sound = find(page, "#echo-sound", HTMLAudioElement);
const note = find(page, "#trial-note");
const heard = find(page, "#heard-yourself");
const start = find(page, "#start", HTMLButtonElement);
const meter = new LevelMeter(find(page, ".btl-meter"), { onHeard: () => {}, onSilent: silent });
/** @type {Echo | null} */
let echo = null;
/** @type {AudioContext | null} */
let context = null;
let turn = 0;

/** @param {"camera" | "microphone" | "network" | "speaker"} name @param {string} words @param {"ok" | "wait" | "accent"} kind */
function show(name, words, kind) {
  const row = find(page, `[data-check="${name}"]`);
  say(find(row, "[data-words]"), words);
  const tag = find(row, "[data-tag]");
  tag.className = `btl-tag btl-tag--${kind}`;
  say(tag, { ok: "Works", wait: "Look here", accent: "Trying" }[kind]);
  tag.hidden = false;
}

/** @param {Fault} fault @param {What} what */
function showFault(fault, what) {
  const [title, advice] = wordsFor(fault, what, "press Try again");
  show(what === "camera" ? "camera" : "microphone", `${title} ${advice}`, "wait");
}

function silent() {
  showFault("silent", "microphone");
}

/** @param {Result} result @param {string} [words] what the page says once it is kept */
async function keep(result, words = KEPT) {
  const body = new FormData(find(page, "#help", HTMLFormElement));
  for (const [name, value] of Object.entries(result)) body.set(name, value);
  const sent = await fetch("/trial/result", { method: "POST", body, headers: { Accept: "application/json" } }).catch(
    () => null,
  );
  say(note, sent?.ok ? words : "We could not keep this. Please try again.");
}

/**
 * Open one device; null where it does not open, and the page says why.
 * @param {Device} what
 */
async function open(what) {
  show(what, "Press Allow if your device asks", "accent");
  const kind = what === "camera" ? "video" : "audio";
  try {
    const wish = devices.wish(what === "camera" ? "videoinput" : "audioinput");
    const stream = await navigator.mediaDevices.getUserMedia({ [kind]: "deviceId" in wish ? wish : true });
    show(what, what === "camera" ? "Your camera works" : "Say a few words", what === "camera" ? "ok" : "accent");
    devices.read();
    return stream;
  } catch (error) {
    showFault(faultOf(error), what);
    return null;
  }
}

async function run() {
  const mine = ++turn;
  stop();
  start.disabled = true;
  heard.hidden = true;
  say(note, "");
  context ??= new AudioContext();
  context.resume();
  await devices.ready;
  const camera = await open("camera");
  const microphone = await open("microphone");
  if (microphone) meter.listen(context, microphone);
  show("network", "We send your picture and sound to us and back", "accent");
  const trying = new Echo({
    csrf: find(page, "input[name=csrf_token]", HTMLInputElement).value,
    picture,
    streams: [camera, microphone],
  });
  echo = trying;
  /** @type {Result} */
  const result = { camera: camera ? "yes" : "no", ...(microphone ? {} : { sound: "no" }) };
  const found = await trying.begin();
  if (mine !== turn) return;
  start.disabled = false;
  say(start, "Try again");
  const listens = microphone && trying.sound && (found === "good" || found === "poor");
  if (!listens) stop(); // at once: nobody waits with an open camera for what they found to be kept
  if (found === "away" || found === "full" || found === "often") {
    show("network", NOT_TRIED[found], "wait");
    await keep(result);
    return;
  }
  show("network", NETWORK[found], found === "good" ? "ok" : "wait");
  await keep({ ...result, network: found });
  if (listens) await listen(trying);
}

/**
 * What was said comes back after some seconds: at once it would howl between loudspeaker and microphone.
 * @param {Echo} trying
 */
async function listen(trying) {
  show("microphone", "Say a few words now. You hear them in a moment.", "accent");
  const said = await trying.record(LISTEN_MS).catch(() => null);
  if (trying !== echo) return;
  stop();
  if (!said) {
    show(
      "microphone",
      "Your sound came back, but your browser cannot play it to you. Please ask us to call you.",
      "wait",
    );
    return;
  }
  show("microphone", "Now listen. Turn your sound up.", "accent");
  sound.hidden = false;
  sound.src = URL.createObjectURL(said);
  await routeSound(devices.chosen("audiooutput"), []);
  sound.play().catch(() => {});
  heard.hidden = false;
}

/** @param {"yes" | "no"} answer */
async function answered(answer) {
  heard.hidden = true;
  if (answer === "yes") show("microphone", "You heard yourself: sound works both ways", "ok");
  else show("microphone", "Check that the sound is up and the right microphone is chosen. Then try again.", "wait");
  await keep({ sound: answer }, `That is all. ${KEPT}`);
}

function stop() {
  meter.stop();
  echo?.end();
  echo = null;
}

start.addEventListener("click", run);
find(page, "#heard-yes").addEventListener("click", () => answered("yes"));
find(page, "#heard-no").addEventListener("click", () => answered("no"));
window.addEventListener("pagehide", stop);
new Choosing(devices, find(page, "#devices-choice"));
if (navigator.mediaDevices) start.disabled = false;
else for (const what of /** @type {Device[]} */ (["camera", "microphone"])) showFault("insecure", what);
