/* The page before the session: shows that camera, microphone and speaker work, or names what does not and what to do. */

import { find } from "../../shared/dom.js";
import { gettext } from "../../shared/words.js";
import { LevelMeter } from "../audio/level-meter.js";
import { faultOf, wordsFor } from "../core/faults.js";
import { Choosing } from "./device-lists.js";
import { Devices, routeSound } from "./devices.js";

/** @import { Fault, What } from "../core/faults.js" */
/** @import { Kind, Moved } from "./devices.js" */
/** @typedef {"camera" | "microphone"} Device */

const PATH_WITHIN = 12000;
const LEAST_HELD = 5000;
const page = find(document, "#device-check");
const preview = find(document, "#preview", HTMLVideoElement);
const note = find(document, "#fault");
const tick = find(document, "#tick", HTMLTemplateElement);
/** @type {Map<What, Fault>} */
const faults = new Map();
/** @type {Device[]} */
const DEVICES = ["camera", "microphone"];
const KINDS = { camera: "video", microphone: "audio" };
/** @type {Record<Device, Kind>} */
const LISTED = { camera: "videoinput", microphone: "audioinput" };
const devices = new Devices();
const meter = new LevelMeter(find(page, ".btl-meter"), {
  onHeard: heard,
  onSilent: () => showFault("silent", "microphone"),
});
/** @type {Partial<Record<Device, MediaStream>>} */
const streams = {};
/** @type {Partial<Record<Fault, string>>} */
const TAGS = {
  blocked: gettext("Blocked"),
  busy: gettext("In use"),
  none: gettext("Not found"),
  silent: gettext("Silent"),
  path: gettext("Blocked"),
};
const turns = { camera: 0, microphone: 0, network: 0 };
/** @type {AudioContext | null} */
let context = null;

/**
 * @param {What | "speaker"} name
 * @param {string} words
 * @param {string} [tag]
 * @param {"ok" | "wait" | "accent"} [kind]
 */
function show(name, words, tag = "", kind = "accent") {
  const row = find(page, `[data-check="${name}"]`);
  find(row, "[data-words]").textContent = words;
  const label = row.querySelector("[data-tag]");
  if (!label) return;
  label.replaceChildren(...(kind === "ok" ? [tick.content.cloneNode(true)] : []), tag);
  label.className = `btl-tag btl-tag--${kind}`;
}

/** @param {Fault} fault @param {What} what */
function showFault(fault, what) {
  const [title] = wordsFor(fault, what);
  faults.set(what, fault);
  drawFaults();
  show(what, title, TAGS[fault] ?? gettext("Not working"), "wait");
}

/** Every fault with what to do about it, one below the other. */
function drawFaults() {
  const lines = [...faults].map(([what, fault]) => {
    const [title, advice] = wordsFor(fault, what);
    const line = document.createElement("p");
    line.className = "btl-p";
    line.append(Object.assign(document.createElement("strong"), { textContent: title }), ` ${advice}`);
    return line;
  });
  find(note, "[data-faults]").replaceChildren(...lines);
  note.hidden = !lines.length;
}

/** @param {What} what */
function mended(what) {
  faults.delete(what);
  drawFaults();
}

/** @param {Device} what */
function stop(what) {
  for (const track of streams[what]?.getTracks() ?? []) track.stop();
  delete streams[what];
}

/**
 * Open one device, the one that was chosen, and show that it works. The newest try of a device counts.
 * @param {Device} what
 */
async function tryDevice(what) {
  const turn = ++turns[what];
  const began = performance.now();
  stop(what);
  if (what === "microphone") meter.stop();
  mended(what);
  show(
    what,
    what === "camera" ? gettext("Press Allow if your device asks") : gettext("Say a few words"),
    gettext("Trying"),
    "accent",
  );
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ [KINDS[what]]: asked(what) });
    if (turn !== turns[what]) {
      for (const track of stream.getTracks()) track.stop();
      return;
    }
    streams[what] = stream;
    for (const track of stream.getTracks())
      track.addEventListener("ended", () => streams[what] === stream && ended(what, began), { once: true });
    if (what === "camera") {
      preview.srcObject = stream;
      show("camera", gettext("Your picture is clear"), gettext("Works"), "ok");
    } else meter.listen(audio(), stream);
  } catch (error) {
    if (turn === turns[what]) showFault(faultOf(error), what);
  }
  devices.read();
}

/**
 * The device was taken away: go on with another one, but never in a ring with whoever takes it.
 * @param {Device} what
 * @param {number} began
 */
function ended(what, began) {
  if (performance.now() - began > LEAST_HELD) tryDevice(what);
  else showFault("busy", what);
}

/** The page's one audio context, made at first need. */
const audio = () => (context ??= new AudioContext());
/** The chosen device, or any: a plain `true` is what the oldest browsers understand. @param {Device} what */
function asked(what) {
  const wish = devices.wish(LISTED[what]);
  return "deviceId" in wish ? wish : true;
}

function heard() {
  show("microphone", gettext("We can hear you"), gettext("Works"), "ok");
  mended("microphone");
}

/** One after the other: some browsers ask for one thing at a time. */
async function check() {
  tryPath();
  await tryDevice("camera");
  await tryDevice("microphone");
}

/**
 * Only what did not work is tried again, and only because a device of its kind came: a capture may change the list.
 * @param {Moved} moved
 */
function changed({ came }) {
  for (const what of DEVICES) if (faults.has(what) && came.some((one) => one.kind === LISTED[what])) tryDevice(what);
}

/** @param {{ kind: Kind, id: string }} choice */
function chosen({ kind, id }) {
  if (kind === "audiooutput") routeSound(id, [audio()]);
  else tryDevice(kind === "videoinput" ? "camera" : "microphone");
}

/** Whether sound and picture get through: a room of our own, in which nobody is and nothing is sent. */
async function tryPath() {
  const turn = ++turns.network;
  mended("network");
  show("network", gettext("We check that sound and picture get through"), gettext("Trying"), "accent");
  const room = window.LivekitClient && new window.LivekitClient.Room();
  try {
    if (!room) throw new Error("what goes through there did not load");
    const given = await fetch(`/sessions/${page.dataset.session}/media-check`, {
      method: "POST",
      headers: {
        "X-CSRFToken": page.dataset.csrf ?? "",
        Accept: "application/json",
      },
    });
    const { url, token } = await given.json();
    await room.connect(url, token, {
      peerConnectionTimeout: PATH_WITHIN,
      websocketTimeout: PATH_WITHIN,
      maxRetries: 0,
    });
    if (turn === turns.network) show("network", gettext("Sound and picture get through"), gettext("Works"), "ok");
  } catch {
    if (turn === turns.network) showFault("path", "network");
  } finally {
    room?.disconnect();
  }
}

async function playTune() {
  const player = audio();
  player.resume();
  await routeSound(devices.chosen("audiooutput"), [player]);
  [523.25, 659.25, 783.99, 659.25].forEach((pitch, index) => {
    const tone = player.createOscillator();
    const loudness = player.createGain();
    const start = player.currentTime + index * 0.28;
    tone.frequency.value = pitch;
    loudness.gain.setValueAtTime(0, start);
    loudness.gain.linearRampToValueAtTime(0.2, start + 0.03);
    loudness.gain.exponentialRampToValueAtTime(0.001, start + 0.27);
    tone.connect(loudness).connect(player.destination);
    tone.start(start);
    tone.stop(start + 0.28);
  });
  show("speaker", gettext("Heard nothing? Turn your sound up, and check your headphones."));
}

find(page, "#play-tune").addEventListener("click", playTune);
find(page, "#try-again").addEventListener("click", check);
window.addEventListener("pagehide", () => DEVICES.forEach(stop));
new Choosing(devices, find(page, "#devices-choice"));
devices.addEventListener("change", ({ detail }) => changed(detail));
devices.addEventListener("chosen", ({ detail }) => chosen(detail));
if (navigator.mediaDevices) devices.ready.then(check);
else for (const what of DEVICES) showFault("insecure", what);
