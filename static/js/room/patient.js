/* The room as somebody sees it who takes part. */

import { announce, byId, find, pageData, say } from "../shared/dom.js";
import { openSheet } from "../shared/sheet.js";
import { gettext, ngettext } from "../shared/words.js";
import { Beats } from "./audio/bell.js";
import { Loudspeaker } from "./audio/loudspeaker.js";
import { Music } from "./audio/music.js";
import { Chat } from "./chat/chat.js";
import { Devices } from "./checks/devices.js";
import { Headset } from "./checks/headset.js";
import { Awake } from "./core/awake.js";
import { Lifeline } from "./core/connection-banner.js";
import { Media } from "./core/media.js";
import { NewVersion } from "./core/new-version.js";
import { RoomLink } from "./core/room-connection.js";
import { stateOf } from "./core/seen.js";
import { AnswersOutbox } from "./patient/answers-outbox.js";
import { Small } from "./patient/breakout.js";
import { CameraChoice } from "./patient/camera-choice.js";
import { Check } from "./patient/check.js";
import { Help } from "./patient/help.js";
import { PollCard } from "./patient/poll.js";
import { Show } from "./patient/presentation.js";
import { SectionView } from "./patient/section.js";
import { waitingWords } from "./patient/waiting-words.js";
import { Own } from "./people/device-controls.js";
import { handPlace, Signs } from "./people/signs.js";
import { Stage } from "./people/stage.js";
import { Wishes } from "./people/view-preferences.js";

/** @import { RoomPage } from "./page.js" */
/** @import { Mode } from "./patient/section.js" */
/** @import { RoomView } from "./state.js" */

const data = /** @type {RoomPage} */ (pageData());
const csrf = find(document, "meta[name=csrf-token]", HTMLMetaElement).content;
const link = new RoomLink({ session: data.session, csrf });
const devices = new Devices();
const media = new Media({ session: data.session, csrf, devices, twoRooms: data.two_rooms });
const kept = new AnswersOutbox(link);
const section = new SectionView(link, data, kept);
const wishes = new Wishes(media);
const show = new Show(link, media, data);
const stage = new Stage(link, media, data, { wishes, show, layout: () => section.layout });
const lifeline = new Lifeline(link, media, data);
const own = new Own(link, media, {
  onTrouble: (words, what, title) => camera.trouble(words, what, title),
  tryCamera: gettext("press Who sees me, then Try my camera again"),
});
const camera = new CameraChoice(link, kept, own, lifeline);
const awake = new Awake();
const chat = new Chat(link, { zone: data.zone, onToggle: () => draw() });
lifeline.offers.push(() => chat.unsent.offer);
new Help(link);
const speaker = new Loudspeaker();
const headset = new Headset(devices, media, {
  contexts: () => [speaker.context],
  onCamera: () => own.cameraFailed && own.retryCamera(),
});
const version = new NewVersion(link, data.release, { resting: () => document.body.dataset.mode === "rest" });
lifeline.offers.push(
  () => headset.offer,
  () => camera.offer,
  () => version.offer,
);
const music = new Music(section, speaker, data, () =>
  media.speakers.some((seat) => link.state?.people?.[seat]?.role === "facilitator"),
);
const check = new Check(link, section, kept);
const poll = new PollCard(link, kept, { uncover: () => chat.toggle(false) });
lifeline.offers.unshift(() => (document.body.dataset.mode === "rest" ? null : poll.offer));
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
  const aside = Boolean(state.me.word);
  for (const button of [byId("chat-toggle"), byId("hand")])
    if (button.parentElement) button.parentElement.hidden = aside; // of the group, and refused to who is aside
  if ((mode === "rest" || aside || !inRoom) && !byId("chat").hidden) chat.close();
  say(byId("leave-words"), mode === "rest" ? gettext("Leave quietly") : gettext("Leave"));
  say(byId("lobby-words"), waitingWords(state.me));
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

function drawStage(mode = /** @type {Mode | undefined} */ (document.body.dataset.mode)) {
  show.draw({ small: wishes.lessData || wishes.soundOnly });
  stage.draw(mode);
}

/** @param {boolean} inRoom */
function enterOrLeave(inRoom) {
  if (inRoom && !wasIn) {
    announce(gettext("You are in the room."));
    media.goTo(small.place);
  } else if (!inRoom && wasIn) {
    announce(gettext("You are back in the waiting room. Nobody can see or hear you."));
    media.leave();
  }
  awake.want(inRoom);
  wasIn = inRoom;
}

/** @param {RoomView} state */
function drawControls(state) {
  own.draw();
  byId("camera-again").hidden = !own.cameraFailed;
  const up = Boolean(state.me.hand_ms);
  byId("hand").setAttribute("aria-pressed", String(up));
  say(find(byId("hand"), "span"), up ? gettext("Hand is up") : gettext("Raise hand"));
}

/** What somebody hears who put up a hand: whether others are before them. */
function handWords() {
  const { people = {}, me } = stateOf(link);
  const before = handPlace(people, me.seat) - 1;
  if (before < 1) return gettext("Hand is up");
  return ngettext("Hand is up. %(num)s person is before you", "Hand is up. %(num)s people are before you", before);
}

/** @param {boolean} on */
function blacken(on) {
  document.body.classList.toggle("is-black", on);
  byId("black").setAttribute("aria-pressed", String(on));
  say(find(byId("black"), "span"), on ? gettext("Show the screen") : gettext("Make screen black"));
}

/** @param {number} value from 0 to 100 */
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
  const up = !stateOf(link).me.hand_ms;
  const answer = await link.send(up ? "hand_up" : "hand_down");
  announce(answer.ok ? (up ? handWords() : gettext("Hand is down")) : answer.error);
});
byId("leave").addEventListener("click", () => openSheet(byId("leave-sheet")));
byId("leave-yes").addEventListener("click", leave);
byId("leave-no").addEventListener("click", () => byId("leave-sheet").close());
byId("black").addEventListener("click", () => blacken(!document.body.classList.contains("is-black")));
byId("words-toggle").addEventListener("click", () => {
  const open = byId("spoken").hidden;
  byId("spoken").hidden = !open;
  byId("words-toggle").setAttribute("aria-expanded", String(open));
  say(find(byId("words-toggle"), "span"), open ? gettext("Hide the words") : gettext("Show the words"));
});
byId("voice").addEventListener("input", () => setVoice(Number(byId("voice").value)));
byId("voice-less").addEventListener("click", () => setVoice(Number(byId("voice").value) - 10));
byId("voice-more").addEventListener("click", () => setVoice(Number(byId("voice").value) + 10));
link.addEventListener("change", () => {
  draw();
  own.follow();
});
link.addEventListener("history", draw);
lifeline.recovery.speak = () => own.press();
const moveOn = () => wasIn && media.goTo(small.place);
small.addEventListener("moved", moveOn);
media.addEventListener("put_out", () => setTimeout(moveOn, 500));
media.addEventListener("change", () => {
  drawStage();
  own.draw();
  lifeline.draw();
});
wishes.addEventListener("change", () => {
  drawStage();
  own.follow();
  lifeline.draw();
});
if (window.matchMedia("(min-width: 64em)").matches) {
  link.addEventListener("history", () => {
    const { me } = stateOf(link);
    if (me.status === "admitted" && !me.word && link.chat.length && byId("chat").hidden && !chat.closedOnce) {
      chat.closedOnce = true;
      chat.toggle(true);
    }
  });
}
