/* The room as facilitators see it: script, wall, waiting room, attendance, calls for help. */

import { announce, byId, find, icon, make, pageData, say } from "../shared/dom.js";
import { openSheet } from "../shared/sheet.js";
import { Chat } from "./chat/chat.js";
import { Devices } from "./checks/devices.js";
import { Headset } from "./checks/headset.js";
import { Awake } from "./core/awake.js";
import { Lifeline } from "./core/connection-banner.js";
import { Media } from "./core/media.js";
import { NewVersion } from "./core/new-version.js";
import { RoomLink } from "./core/room-connection.js";
import { Show } from "./patient/presentation.js";
import { Own } from "./people/device-controls.js";
import { Goals } from "./people/goals.js";
import { Plans } from "./people/plans.js";
import { Signs } from "./people/signs.js";
import { SmallBoard } from "./staff/breakout-board.js";
import { ChecksBoard } from "./staff/checks-board.js";
import { Leading } from "./staff/handing-over.js";
import { AlertBar } from "./staff/help-calls.js";
import { Lobby } from "./staff/lobby.js";
import { OwnSound } from "./staff/own-sound.js";
import { Showing } from "./staff/presenter-controls.js";
import { Word } from "./staff/private-word.js";
import { RingList } from "./staff/ring-list.js";
import { Rail } from "./staff/script-panel.js";
import { Wall } from "./staff/spotter-board.js";

/** @import { AnyAnswer } from "./events.js" */
/** @import { StaffPage } from "./page.js" */
/** @import { Actions, Act, Speaking, Sure } from "./staff/acts.js" */

const data = /** @type {StaffPage} */ (pageData());
const csrf = find(document, "meta[name=csrf-token]", HTMLMetaElement).content;
const link = new RoomLink({ session: data.session, csrf });
const devices = new Devices();
const media = new Media({ session: data.session, csrf, devices, twoRooms: data.two_rooms, staff: true });
const lifeline = new Lifeline(link, media, data);

/**
 * Say how an event went.
 * @template {AnyAnswer} Said
 * @param {Promise<Said>} sent
 */
async function tell(sent) {
  const answer = await sent;
  const words = answer.ok ? (answer.warning ?? "") : answer.error;
  say(byId("said"), words);
  if (words) announce(words);
  return answer;
}

/** @type {Sure} */
function sure({ title, words, yes }, act) {
  say(byId("sure-title"), title);
  say(byId("sure-words"), words);
  say(byId("sure-yes"), yes);
  byId("sure-yes").onclick = () => {
    byId("sure-sheet").close();
    act();
  };
  openSheet(byId("sure-sheet"));
}

/** @type {Record<string, string>} */
const SPACE = { chair: "firm chair", room: "room to stretch", private: "private" };

/** @type {Act} */
async function lookUp(seat, person) {
  const found = await tell(link.send("look_up", { seat }));
  if (!found.ok) return;
  say(byId("person-title"), found.full_name || person.name);
  const crisis = [found.emergency_name, found.emergency_phone].filter(Boolean).join(", ");
  const ready = (found.space_ready ?? []).map((one) => SPACE[one]).join(", ");
  const facts = [
    ["Anything new", [...(found.flags ?? []), found.news].filter(Boolean).join(". ")],
    ["Where", found.place],
    ["Phone", found.phone && found.phone_is_wrong ? "The number that we have is wrong" : found.phone],
    ["Emergency contact", crisis],
    ["Space", ready],
  ];
  byId("person-facts").replaceChildren(
    ...facts.flatMap(([term, value]) => [make("dt", {}, term), make("dd", {}, value || "Not given")]),
  );
  openSheet(byId("person-sheet"));
}

/** @type {Actions} */
const actions = {
  admit: (seat) => tell(link.send("admit", { seat })),
  admit_all: async () => {
    const answer = await tell(link.send("admit_all"));
    const words = answer.ok && [answer.not_agreed, answer.unread].filter(Boolean).join(" ");
    if (!words) return;
    say(byId("said"), words);
    announce(words);
  },
  let_back: (seat) => tell(link.send("let_back", { seat })),
  stop_camera: (seat) => tell(link.send("stop_camera", { seat })),
  mute: (seat) => tell(link.send("mute", { seat })),
  lower_hand: (seat) => tell(link.send("lower_hand", { seat })),
  hold: (seat) => tell(link.send("hold", { seat })),
  look_up: lookUp,
  word: (seat, person) => word.begin(seat, person),
  remove: (seat, person) =>
    sure(
      {
        title: `Remove ${person.name}?`,
        words: `${person.name} cannot come back in, unless you let them back in under Attendance. They see a page that asks them to call.`,
        yes: `Remove ${person.name}`,
      },
      () => tell(link.send("remove", { seat })),
    ),
};

/** @type {Speaking} */
const speaking = { media, speak: () => own.press() };
const word = new Word(link, tell, speaking);
const ownSound = new OwnSound(link, speaking);
const leading = new Leading(link, tell, sure);
const rail = new Rail(link, data, tell);
const wall = new Wall(link, media, data, actions);
const lobby = new Lobby(link, data, actions);
const alerts = new AlertBar(link, tell, actions, data, sure);
const own = new Own(link, media, {
  onTrouble: (words) => {
    say(byId("said"), words);
    announce(words);
  },
  tryCamera: "press Turn camera on",
});
if (new URLSearchParams(window.location.search).get("camera") === "off") own.wantsCamera = false;
new Awake().want(true);
const headset = new Headset(devices, media, {
  contexts: () => [alerts.tone],
  onCamera: () => own.cameraFailed && own.retryCamera(),
});
lifeline.offers.push(() => headset.offer);
const chat = new Chat(link, { zone: data.zone });
const version = new NewVersion(link, data.release);
lifeline.offers.push(
  () => chat.unsent.offer,
  () => version.offer,
);
const ring = new RingList(link, media, data);
const checks = new ChecksBoard(link);
const goals = new Goals(link, data, csrf);
const plans = new Plans(link, data, csrf);
const small = new SmallBoard(link, media, data, tell);
const show = new Show(link, media, data);
const showing = new Showing(link, media, tell);
new Signs(link, () => wall.draw());
if (document.body.hasAttribute("data-rehearsal"))
  import("./staff/rehearsing.js").then(({ Rehearsing }) => new Rehearsing(link, { session: data.session, csrf }));

function who() {
  const { state } = link;
  const lead = state?.lead && state.people?.[state.lead]?.name;
  if (!lead) return "";
  return state.lead === state.me.seat
    ? "You are leading today"
    : `${lead} leads. You are the spotter, ${state.me.name}`;
}

function draw() {
  if (!link.state?.people) return;
  document.body.dataset.view = "room";
  rail.who = who();
  rail.draw();
  wall.draw();
  lobby.draw();
  alerts.draw();
  checks.draw();
  goals.draw();
  plans.draw();
  leading.draw();
  ring.draw();
  drawShown();
  drawMine();
  small.draw();
  media.goTo(small.place);
}

function drawShown() {
  show.draw();
  showing.draw();
}

function drawMine() {
  own.draw();
  word.draw();
  ownSound.draw();
  say(find(byId("camera"), "span"), media.cameraOn ? "Turn camera off" : "Turn camera on");
  find(byId("camera"), "svg", SVGElement).replaceWith(icon(media.cameraOn ? "camera" : "camera_off", 20));
  byId("end").hidden = link.state?.status !== "running";
  byId("camera").setAttribute("aria-pressed", String(media.cameraOn));
  lifeline.draw();
}

byId("camera").addEventListener("click", () => {
  own.wantsCamera = !media.cameraOn;
  own.retryCamera();
});
byId("mute-all").addEventListener("click", async () => {
  const answer = await tell(link.send("mute_all"));
  if (answer.ok && !answer.warning) announce("Everyone’s sound is off");
});
byId("leave").addEventListener("click", () =>
  sure(
    { title: "Leave the session?", words: "The group carries on without you. You can come back.", yes: "Leave now" },
    async () => {
      await media.leave();
      await link.send("leave");
      link.finish("left");
    },
  ),
);
byId("end").addEventListener("click", () =>
  sure(
    {
      title: "End the session for everyone?",
      words:
        "Sound and picture stop for all. Ended by mistake? You can open it again until its planned end, and everybody comes back in. After that, what people told us about today is deleted.",
      yes: "End session for everyone",
    },
    () => tell(link.send("end")),
  ),
);
byId("sure-no").addEventListener("click", () => byId("sure-sheet").close());
byId("person-close").addEventListener("click", () => byId("person-sheet").close());
link.addEventListener("change", () => {
  draw();
  own.follow();
});
media.addEventListener("put_out", () => setTimeout(() => media.goTo(small.place), 500));
media.addEventListener("change", () => {
  wall.draw();
  drawMine();
  drawShown();
});
