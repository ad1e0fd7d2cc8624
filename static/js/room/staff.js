/* The room as facilitators see it: script, wall, waiting room, attendance, calls for help. */

import { AlertBar } from "./alertbar.js";
import { Chat } from "./chat.js";
import { ChecksBoard } from "./checks-board.js";
import { announce, byId, icon, make, pageData, say } from "./dom.js";
import { Leading } from "./leading.js";
import { Lifeline } from "./lifeline.js";
import { RoomLink } from "./link.js";
import { Lobby } from "./lobby.js";
import { Media } from "./media.js";
import { Own } from "./own.js";
import { Rail } from "./rail.js";
import { RingList } from "./ring-list.js";
import { openSheet } from "./sheet.js";
import { Show } from "./show.js";
import { Showing } from "./showing.js";
import { Signs } from "./signs.js";
import { SmallBoard } from "./small-board.js";
import { Wall } from "./wall.js";
import { Word } from "./word.js";

const data = pageData();
const csrf = document.querySelector("meta[name=csrf-token]").content;
const link = new RoomLink({ session: data.session, csrf });
const media = new Media({ session: data.session, csrf, twoRooms: data.two_rooms, staff: true });
const lifeline = new Lifeline(link, media, data);

async function tell(sent) {
  const answer = await sent;
  const words = answer.ok ? answer.warning ?? "" : answer.error;
  say(byId("said"), words);
  if (words) announce(words);
  return answer;
}

function sure({ title, words, yes }, act) {
  say(byId("sure-title"), title);
  say(byId("sure-words"), words);
  say(byId("sure-yes"), yes);
  byId("sure-yes").onclick = () => { byId("sure-sheet").close(); act(); };
  openSheet(byId("sure-sheet"));
}

async function lookUp(seat, person) {
  const found = await tell(link.send("look_up", { seat }));
  if (!found.ok) return;
  say(byId("person-title"), found.full_name || person.name);
  const crisis = [found.emergency_name, found.emergency_phone].filter(Boolean).join(", ");
  const space = { chair: "firm chair", room: "room to stretch", private: "private" };
  const ready = (found.space_ready ?? []).map((one) => space[one]).join(", ");
  const facts = [["Anything new", [...(found.flags ?? []), found.news].filter(Boolean).join(". ")], ["Where", found.place], ["Phone", found.phone], ["In a crisis call", crisis], ["Space", ready]];
  byId("person-facts").replaceChildren(...facts.flatMap(([term, value]) => [make("dt", {}, term), make("dd", {}, value || "Not given")]));
  openSheet(byId("person-sheet"));
}

const actions = {
  admit: (seat) => tell(link.send("admit", { seat })),
  admit_all: () => tell(link.send("admit_all")),
  mute: (seat) => tell(link.send("mute", { seat })),
  lower_hand: (seat) => tell(link.send("lower_hand", { seat })),
  hold: (seat) => tell(link.send("hold", { seat })),
  look_up: lookUp,
  word: (seat, person) => word.begin(seat, person),
  remove: (seat, person) => sure(
    { title: `Remove ${person.name}?`, words: `${person.name} cannot come back in to this session. They see a page that asks them to call.`, yes: `Remove ${person.name}` },
    () => tell(link.send("remove", { seat })),
  ),
};

const word = new Word(link, tell);
const leading = new Leading(link, tell, sure);
const rail = new Rail(link, data, tell);
const wall = new Wall(link, media, data, actions);
const lobby = new Lobby(link, data, actions);
const alerts = new AlertBar(link, tell, actions, data);
const own = new Own(link, media, { onTrouble: (words) => { say(byId("said"), words); announce(words); } });
new Chat(link, { zone: data.zone });
const ring = new RingList(link, media, data);
const checks = new ChecksBoard(link);
const small = new SmallBoard(link, media, data, tell);
const show = new Show(link, media, data);
const showing = new Showing(link, media, tell);
new Signs(link, () => wall.draw());
if (document.body.hasAttribute("data-rehearsal")) import("./rehearsing.js").then(({ Rehearsing }) => new Rehearsing(link, { session: data.session, csrf }));

function who() {
  const { state } = link;
  const lead = state.people?.[state.lead]?.name;
  if (!lead) return "";
  return state.lead === state.me.seat ? "You lead today" : `${lead} leads. You are the spotter, ${state.me.name}`;
}

function draw() {
  if (!link.state?.people) return;
  document.body.dataset.view = "room";
  data.who = who();
  rail.draw();
  wall.draw();
  lobby.draw();
  alerts.draw();
  checks.draw();
  leading.draw();
  word.draw();
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
  say(byId("camera").querySelector("span"), media.cameraOn ? "Turn camera off" : "Turn camera on");
  byId("camera").querySelector("svg").replaceWith(icon(media.cameraOn ? "camera" : "camera_off", 20));
  byId("camera").setAttribute("aria-pressed", String(media.cameraOn));
  lifeline.draw();
}

byId("camera").addEventListener("click", () => { own.wantsCamera = !media.cameraOn; own.follow(); });
byId("mute-all").addEventListener("click", async () => {
  const answer = await tell(link.send("mute_all"));
  if (answer.ok && !answer.warning) announce("Everyone’s sound is off");
});
byId("leave").addEventListener("click", () => sure(
  { title: "Leave the session?", words: "The group goes on without you. You can come back.", yes: "Leave now" },
  async () => { await media.leave(); await link.send("leave"); link.finish("left"); },
));
byId("end").addEventListener("click", () => sure(
  { title: "End the session for everyone?", words: "Sound and picture stop for all, and what people told us about today is deleted. This cannot be undone.", yes: "End session for everyone" },
  () => tell(link.send("end")),
));
byId("sure-no").addEventListener("click", () => byId("sure-sheet").close());
byId("person-close").addEventListener("click", () => byId("person-sheet").close());
link.addEventListener("change", () => { draw(); own.follow(); });
media.addEventListener("put_out", () => setTimeout(() => media.goTo(small.place), 500));
media.addEventListener("change", () => { wall.draw(); drawMine(); drawShown(); });
