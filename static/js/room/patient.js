/* The room as somebody sees it who takes part. */

import { Beats } from "./beats.js";
import { Chat } from "./chat.js";
import { Check } from "./check.js";
import { announce, byId, pageData, say } from "./dom.js";
import { Help } from "./help.js";
import { Lifeline } from "./lifeline.js";
import { RoomLink } from "./link.js";
import { Loudspeaker } from "./loudspeaker.js";
import { Media } from "./media.js";
import { Music } from "./music.js";
import { Own } from "./own.js";
import { PollCard } from "./poll.js";
import { SectionView } from "./section.js";
import { openSheet } from "./sheet.js";
import { Show } from "./show.js";
import { handPlace, Signs } from "./signs.js";
import { Small } from "./small.js";
import { Stage } from "./stage.js";
import { Wishes } from "./wishes.js";

const data = pageData();
const csrf = document.querySelector("meta[name=csrf-token]").content;
const link = new RoomLink({ session: data.session, csrf });
const media = new Media({ session: data.session, csrf, twoRooms: data.two_rooms });
const section = new SectionView(link, data);
const wishes = new Wishes(media);
const show = new Show(link, media, data);
const stage = new Stage(link, media, data, { wishes, show, layout: () => section.layout });
const lifeline = new Lifeline(link, media, data);
const own = new Own(link, media, { onTrouble: (words) => { say(byId("camera-note"), words); announce(words); } });
const chat = new Chat(link, { zone: data.zone, onToggle: () => draw() });
new Help(link);
const speaker = new Loudspeaker();
const music = new Music(section, speaker, data, () => media.speakers.some((seat) => link.state?.people?.[seat]?.role === "facilitator"));
const check = new Check(link, section);
const poll = new PollCard(link);
new Signs(link, () => stage.draw());
new Beats(link, data, speaker);
const small = new Small(link, section);

const views = { lobby: byId("lobby"), stage: byId("stage"), exercise: byId("exercise"), rest: byId("rest") };
let wasIn = false;

function draw() {
  const { state } = link;
  if (!state) return;
  const inRoom = state.me.status === "admitted";
  const mode = inRoom && !state.film ? section.mode : "talk";
  document.body.dataset.view = inRoom ? "room" : "wait";
  document.body.dataset.mode = mode;
  document.body.dataset.role = state.me.role;
  document.body.classList.toggle("btl-rest", mode === "rest");
  if (mode !== "rest") blacken(false);
  views.lobby.hidden = inRoom;
  views.stage.hidden = !inRoom || mode === "rest";
  views.rest.hidden = mode !== "rest";
  views.exercise.hidden = mode !== "exercise" || !byId("chat").hidden;
  byId("main").classList.toggle("btl-ex__mid", mode === "exercise");
  byId("chat").classList.toggle("is-off", mode === "rest");
  if (mode === "rest" && !byId("chat").hidden) chat.toggle(false);
  say(byId("leave-words"), mode === "rest" ? "Leave quietly" : "Leave");
  const held = state.me.status === "held";
  if (held) say(byId("lobby-words"), "A facilitator will talk to you in a moment. Nobody can see or hear you now.");
  small.tick();
  enterOrLeave(inRoom);
  section.draw();
  small.follow();
  poll.draw();
  drawStage(mode);
  music.draw();
  check.draw();
  drawControls(state);
  lifeline.draw();
}

function drawStage(mode = document.body.dataset.mode) {
  show.draw({ small: wishes.lessData || wishes.soundOnly });
  stage.draw(mode);
}

function enterOrLeave(inRoom) {
  if (inRoom && !wasIn) {
    announce("You are in the room.");
    media.goTo(small.place);
  } else if (!inRoom && wasIn) {
    announce("You are back in the waiting room. Nobody can see or hear you.");
    media.leave();
  }
  wasIn = inRoom;
}

function drawControls(state) {
  own.draw();
  const up = Boolean(state.me.hand_ms);
  byId("hand").setAttribute("aria-pressed", String(up));
  say(byId("hand").querySelector("span"), up ? "Hand is up" : "Raise hand");
}

/** What somebody hears who put up a hand: whether others are before them. */
function handWords() {
  const { people, me } = link.state;
  const before = handPlace(people, me.seat) - 1;
  if (before < 1) return "Hand is up";
  return `Hand is up. ${before} ${before === 1 ? "person is" : "people are"} before you`;
}

function blacken(on) {
  document.body.classList.toggle("is-black", on);
  byId("black").setAttribute("aria-pressed", String(on));
  say(byId("black").querySelector("span"), on ? "Show the screen" : "Make screen black");
}

function setVoice(value) {
  byId("voice").value = String(Math.min(100, Math.max(0, value)));
  media.setVolume(Number(byId("voice").value) / 100);
}

async function leave() {
  byId("leave-sheet").close();
  await media.leave();
  const answer = await link.send("leave");
  if (answer.ok || answer.away) link.finish("left");
}

byId("hand").addEventListener("click", async () => {
  const up = !link.state.me.hand_ms;
  const answer = await link.send(up ? "hand_up" : "hand_down");
  announce(answer.ok ? (up ? handWords() : "Hand is down") : answer.error);
});
byId("who-sees").addEventListener("click", () => {
  say(byId("camera-note"), "");
  for (const input of document.querySelectorAll("input[name=camera]")) input.checked = input.value === link.state.me.camera;
  openSheet(byId("camera-sheet"));
});
for (const input of document.querySelectorAll("input[name=camera]")) {
  input.addEventListener("change", async () => {
    const answer = await link.send("camera_choice", { choice: input.value });
    if (answer.ok) own.wantsCamera = !answer.warning || input.value === "everyone";
    await own.follow();
    const careful = answer.warning && input.value === "facilitators";
    say(byId("camera-note"), careful ? "We cannot reach the picture just now, so we turned your camera off to be safe. Choose again in a moment." : answer.ok ? answer.warning ?? "Done." : answer.error);
  });
}
byId("camera-done").addEventListener("click", () => byId("camera-sheet").close());
byId("leave").addEventListener("click", () => openSheet(byId("leave-sheet")));
byId("leave-yes").addEventListener("click", leave);
byId("leave-no").addEventListener("click", () => byId("leave-sheet").close());
byId("black").addEventListener("click", () => blacken(!document.body.classList.contains("is-black")));
byId("words-toggle").addEventListener("click", () => {
  const open = byId("spoken").hidden;
  byId("spoken").hidden = !open;
  byId("words-toggle").setAttribute("aria-expanded", String(open));
  say(byId("words-toggle").querySelector("span"), open ? "Hide the words" : "Show the words");
});
byId("voice").addEventListener("input", () => setVoice(Number(byId("voice").value)));
byId("voice-less").addEventListener("click", () => setVoice(Number(byId("voice").value) - 10));
byId("voice-more").addEventListener("click", () => setVoice(Number(byId("voice").value) + 10));
link.addEventListener("change", () => { draw(); own.follow(); });
link.addEventListener("history", draw);
const moveOn = () => wasIn && media.goTo(small.place);
small.addEventListener("moved", moveOn);
media.addEventListener("put_out", () => setTimeout(moveOn, 500));
media.addEventListener("change", () => { drawStage(); own.draw(); lifeline.draw(); });
wishes.addEventListener("change", () => { drawStage(); own.follow(); lifeline.draw(); });
if (window.matchMedia("(min-width: 64em)").matches) {
  link.addEventListener("history", () => { if (link.state.me.status === "admitted" && link.chat.length && byId("chat").hidden && !chat.closedOnce) { chat.closedOnce = true; chat.toggle(true); } });
}
