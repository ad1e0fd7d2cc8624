/* The page before the session: shows that camera, microphone and speaker work, or names what does not and what to do. */

import { faultOf, wordsFor } from "./faults.js";
import { sendPatiently } from "./sending.js";

const SILENT_AFTER = 12000;
const PATH_WITHIN = 12000;
const HEARD = 0.012;
const page = document.getElementById("device-check");
const preview = document.getElementById("preview");
const note = document.getElementById("fault");
const faults = new Map();
let streams = [];
let context = null;
let checking = 0;

function show(name, words, tag, kind) {
  const row = page.querySelector(`[data-check="${name}"]`);
  row.querySelector("[data-words]").textContent = words;
  const label = row.querySelector("[data-tag]");
  if (!label) return;
  label.replaceChildren(...(kind === "ok" ? [document.getElementById("tick").content.cloneNode(true)] : []), tag);
  label.className = `btl-tag btl-tag--${kind}`;
}

function showFault(fault, what) {
  const [title] = wordsFor(fault, what);
  faults.set(what, fault);
  drawFaults();
  const tags = { blocked: "Blocked", busy: "In use", none: "Not found", silent: "Silent", path: "Blocked" };
  show(what, title, tags[fault] ?? "Not working", "wait");
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
  note.querySelector("[data-faults]").replaceChildren(...lines);
  note.hidden = !lines.length;
}

function mended(what) {
  faults.delete(what);
  drawFaults();
}

async function openDevice(kind, what) {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ [kind]: true });
    streams.push(stream);
    return stream;
  } catch (error) {
    showFault(faultOf(error), what);
    return null;
  }
}

function stop() {
  for (const stream of streams) for (const track of stream.getTracks()) track.stop();
  streams = [];
}

async function check() {
  const turn = ++checking;
  tryPath(turn);
  stop();
  faults.clear();
  drawFaults();
  for (const name of ["camera", "microphone"]) show(name, name === "camera" ? "Press Allow if your device asks" : "Say a few words", "Trying", "accent");
  const camera = await openDevice("video", "camera");
  if (turn !== checking) return;
  if (camera) {
    preview.srcObject = camera;
    show("camera", "Your picture is clear", "Works", "ok");
  }
  const microphone = await openDevice("audio", "microphone");
  if (microphone && turn === checking) listen(microphone, turn);
}

function listen(stream, turn) {
  context ??= new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(analyser);
  const meter = page.querySelector(".btl-meter");
  const bars = [...meter.children];
  const samples = new Float32Array(analyser.fftSize);
  const began = performance.now();
  let heard = false;
  meter.hidden = false;
  const look = () => {
    if (turn !== checking || !streams.length) return;
    analyser.getFloatTimeDomainData(samples);
    const level = Math.sqrt(samples.reduce((sum, each) => sum + each * each, 0) / samples.length);
    bars.forEach((bar, index) => bar.classList.toggle("on", level > HEARD * 1.7 ** index));
    if (level > HEARD && !heard) {
      heard = true;
      show("microphone", "We can hear you", "Works", "ok");
      mended("microphone");
    }
    if (!heard && performance.now() - began > SILENT_AFTER && !faults.has("microphone")) showFault("silent", "microphone");
    setTimeout(look, 120);
  };
  look();
}

/** Whether sound and picture get through: a room of our own, in which nobody is and nothing is sent. */
async function tryPath(turn) {
  show("network", "We try whether sound and picture get through", "Trying", "accent");
  const room = new window.LivekitClient.Room();
  try {
    const given = await fetch(`/sessions/${page.dataset.session}/media-check`, {
      method: "POST",
      headers: { "X-CSRFToken": document.querySelector("input[name=csrf_token]").value, Accept: "application/json" },
    });
    const { url, token } = await given.json();
    await room.connect(url, token, { peerConnectionTimeout: PATH_WITHIN, websocketTimeout: PATH_WITHIN, maxRetries: 0 });
    if (turn === checking) show("network", "Sound and picture get through", "Works", "ok");
  } catch {
    if (turn === checking) showFault("path", "network");
  } finally {
    room.disconnect();
  }
}

function playTune() {
  context ??= new AudioContext();
  context.resume();
  [523.25, 659.25, 783.99, 659.25].forEach((pitch, index) => {
    const tone = context.createOscillator();
    const loudness = context.createGain();
    const start = context.currentTime + index * 0.28;
    tone.frequency.value = pitch;
    loudness.gain.setValueAtTime(0, start);
    loudness.gain.linearRampToValueAtTime(0.2, start + 0.03);
    loudness.gain.exponentialRampToValueAtTime(0.001, start + 0.27);
    tone.connect(loudness).connect(context.destination);
    tone.start(start);
    tone.stop(start + 0.28);
  });
  show("speaker", "Heard nothing? Turn your sound up, and check your headphones.");
}

sendPatiently(page.closest("form"), document.getElementById("join-note"), `/sessions/${page.dataset.session}/room`);
document.getElementById("play-tune").addEventListener("click", playTune);
document.getElementById("try-again").addEventListener("click", check);
window.addEventListener("pagehide", stop);
navigator.mediaDevices?.addEventListener("devicechange", check);
if (navigator.mediaDevices) check();
else for (const what of ["camera", "microphone"]) showFault("insecure", what);
