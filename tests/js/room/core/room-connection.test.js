import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";

import { RoomLink } from "../../../../static/js/room/core/room-connection.js";
import { openPage, rest } from "../../support/page.js";

let socket;
let answers;
let link;
let heard;

/* A socket that answers each event with what the test has laid out for it, and times out without. */
function fakeSocket() {
  const listeners = {};
  const made = {
    connected: true,
    active: true,
    calls: [],
    on: (name, listener) => {
      listeners[name] = listener;
    },
    hear: (name, ...told) => listeners[name]?.(...told),
    timeout: () => ({
      emitWithAck: async (name, data) => {
        made.calls.push([name, data]);
        const answer = await answers[name]?.shift();
        if (!answer) throw new Error("operation has timed out");
        return answer;
      },
    }),
    connect: () => made.calls.push(["connect"]),
    disconnect: () => made.calls.push(["disconnect"]),
  };
  return made;
}

const state = (more = {}) => ({ status: "running", me: { seat: "linda", status: "admitted" }, people: {}, ...more });
const snapshot = (version, more = {}) => ({
  ok: true,
  version,
  sent_ms: 0,
  release: "r1",
  state: state(),
  chat: [],
  ...more,
});
const message = (id, atMs, text = id) => ({ id, at_ms: atMs, text });
const ids = () => link.chat.map(({ id }) => id).join(" ");
const events = (name) => heard.filter(([what]) => what === name);

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  answers = { state: [] };
  socket = fakeSocket();
  openPage().io = () => socket;
  link = new RoomLink({ session: "s1", csrf: "c" });
  heard = [];
  for (const name of ["up", "down", "change", "chat", "history", "over"]) {
    link.addEventListener(name, ({ detail }) => heard.push([name, detail]));
  }
});
afterEach(() => mock.timers.reset());

async function connect(...given) {
  answers.state.push(...given);
  socket.hear("connect");
  await rest();
}

/* The next answer to this event comes when the test gives it. */
function hold(name) {
  let give;
  const answer = new Promise((done) => {
    give = done;
  });
  answers[name] = [...(answers[name] ?? []), answer];
  return give;
}
const asked = (name) => socket.calls.filter(([what]) => what === name).length;

const patch = async (version, told) => {
  socket.hear("patch", { version, sent_ms: 0, patch: told });
  await rest();
};

describe("the page's copy of the room", () => {
  test("comes with the connection", async () => {
    await connect(snapshot(7, { chat: [message("a", 1)] }));
    assert.deepEqual([link.version, link.release, ids()], [7, "r1", "a"]);
    assert.deepEqual(
      heard.map(([name]) => name),
      ["up", "history", "change"],
    );
  });

  test("is kept up to date by patches, each after the other", async () => {
    await connect(snapshot(7));
    await patch(8, { status: "ended", me: { hand_ms: 5 } });
    assert.deepEqual([link.version, link.state.status, link.state.me.hand_ms], [8, "ended", 5]);
    assert.equal(link.state.me.seat, "linda");
  });

  test("takes no patch that it has already, nor one before the state itself", async () => {
    await patch(1, { status: "ended" });
    await connect(snapshot(7));
    await patch(7, { status: "ended" });
    await patch(6, { status: "ended" });
    assert.equal(link.state.status, "running");
  });

  test("is asked for anew when a patch is missing", async () => {
    await connect(snapshot(7));
    answers.state.push(snapshot(9, { state: state({ status: "ended" }) }));
    await patch(9, { people: { a: {} } });
    assert.deepEqual([link.version, link.state.status], [9, "ended"]);
  });

  test("is asked for anew by whoever is let in: more of it is theirs to see", async () => {
    await connect(snapshot(7, { state: state({ me: { seat: "linda", status: "lobby" } }) }));
    answers.state.push(snapshot(8, { chat: [message("a", 1)] }));
    await patch(8, { me: { status: "admitted" } });
    assert.equal(ids(), "a");
  });

  test("is asked for once at a time, and once more for who wanted it meanwhile", async () => {
    await connect(snapshot(7));
    const first = hold("state");
    socket.hear("connect");
    await patch(9, { people: { a: {} } });
    await patch(11, { people: { b: {} } });
    assert.equal(asked("state"), 2, "one on its way");
    answers.state.push(snapshot(12));
    first(snapshot(11));
    await rest();
    await rest();
    assert.deepEqual([link.version, asked("state")], [12, 3]);
  });

  test("does not take back an answer that was given while it was on its way", async () => {
    await connect(snapshot(7, { chosen: null, checked: {} }));
    const state = hold("state");
    socket.hear("connect");
    await rest();
    answers.poll_answer = [{ ok: true }];
    await link.send("poll_answer", { poll: "1", choice: 2 });
    link.chosen = 2;
    state(snapshot(8, { chosen: null, checked: {} }));
    await rest();
    assert.deepEqual([link.version, link.chosen], [8, 2]);
  });

  test("does not take back an answer that is on its way when it comes", async () => {
    await connect(snapshot(7, { chosen: null, checked: {} }));
    const answer = hold("poll_answer");
    const given = link.send("poll_answer", { poll: "1", choice: 2 });
    link.chosen = 2;
    await connect(snapshot(8, { chosen: null, checked: {} }));
    answer({ ok: true });
    await given;
    assert.deepEqual([link.version, link.chosen], [8, 2]);
    await connect(snapshot(9, { chosen: 1, checked: {} }));
    assert.equal(link.chosen, 1, "once nothing is on its way the room knows");
  });

  test("is tried for again after a fault, without an end", async () => {
    await connect({ ok: false, status: 500, error: "no" });
    for (let turn = 0; turn < 4; turn += 1) {
      answers.state.push({ ok: false, status: 500, error: "no" });
      mock.timers.tick(2500);
      await rest();
    }
    assert.deepEqual(events("over"), []);
    answers.state.push(snapshot(1));
    mock.timers.tick(2500);
    await rest();
    assert.equal(link.version, 1);
  });

  test("two refusals in a row mean that this page is not in the room", async () => {
    await connect({ ok: false, status: 403, error: "You are not in this session." });
    assert.deepEqual(events("over"), []);
    answers.state.push({ ok: false, status: 403, error: "You are not in this session." });
    mock.timers.tick(2500);
    await rest();
    assert.deepEqual(events("over"), [
      ["over", { why: "refused", words: "You are not in this session.", status: 403 }],
    ]);
    assert.deepEqual(socket.calls.at(-1), ["disconnect"]);
  });
});

describe("the chat", () => {
  test("takes a message once, whichever way it comes", async () => {
    await connect(snapshot(7));
    socket.hear("chat", message("a", 1));
    link.takeChat(message("a", 1));
    assert.equal(ids(), "a");
    assert.equal(events("chat").length, 1);
  });

  test("what was taken back does not come again, not even with what was on its way", async () => {
    await connect(snapshot(7, { chat: [message("a", 1), message("b", 2)], taken_back: ["c"] }));
    socket.hear("taken_back", { id: "a" });
    socket.hear("chat", message("a", 1));
    socket.hear("chat", message("c", 3));
    await connect(snapshot(8, { chat: [message("a", 1), message("b", 2)] }));
    assert.equal(ids(), "b");
  });
});

describe("what is sent", () => {
  test("brings its answer, with 503 as one that is away", async () => {
    answers.hand_up = [{ ok: true }, { ok: false, status: 503, error: "Busy." }];
    assert.deepEqual(await link.send("hand_up"), { ok: true });
    assert.deepEqual(await link.send("hand_up"), { ok: false, status: 503, error: "Busy.", away: true });
  });

  test("without an answer, or without a connection, it is away, with words that say so", async () => {
    const away = { ok: false, away: true, error: "You are not connected just now. Please try again in a moment." };
    assert.deepEqual(await link.send("hand_up"), away);
    socket.connected = false;
    assert.deepEqual(await link.send("hand_up"), away);
    assert.equal(socket.calls.length, 1);
  });
});

describe("the end of it", () => {
  test("another page of the same person takes over", () => {
    socket.hear("elsewhere");
    socket.hear("signed_out", { error: "late" });
    assert.deepEqual(events("over"), [["over", { why: "elsewhere", words: "", status: 0 }]]);
  });

  test("signing out elsewhere is told in the server's words", () => {
    socket.hear("signed_out", { error: "You signed out." });
    assert.equal(heard[0][1].words, "You signed out.");
  });

  for (const [status, own, why] of [
    ["ended", "admitted", "ended"],
    ["running", "removed", "removed"],
    ["running", "left", "left"],
  ]) {
    test(`the server ends the connection of somebody whose seat is ${own} in a session that is ${status}`, async () => {
      await connect(snapshot(7, { state: state({ status, me: { seat: "linda", status: own } }) }));
      socket.hear("disconnect", "io server disconnect");
      assert.equal(events("over")[0][1].why, why);
    });
  }

  test("the server ends the connection of somebody who should be there: it is tried again", async () => {
    await connect(snapshot(7));
    socket.hear("disconnect", "io server disconnect");
    mock.timers.tick(800);
    assert.deepEqual(socket.calls.at(-1), ["connect"]);
    assert.equal(events("down").length, 1);
  });

  test("a network that drops is left to the socket itself", async () => {
    await connect(snapshot(7));
    const before = socket.calls.length;
    socket.hear("disconnect", "transport close");
    mock.timers.tick(5000);
    assert.equal(socket.calls.length, before);
  });

  test("a full house is told in its words, a refusal in the room's, anything else is tried again", () => {
    const full = {
      description: 503,
      context: { getResponseHeader: (name) => (name === "Room-Full" ? "1" : null), responseText: "Full just now." },
    };
    socket.hear("connect_error", full);
    assert.deepEqual(events("over")[0][1], { why: "refused", words: "Full just now.", status: 503 });
  });

  test("a proxy's own page, while the site starts again, is no refusal", () => {
    const away = { description: 503, context: { getResponseHeader: () => null, responseText: "<!doctype html>" } };
    socket.hear("connect_error", away);
    assert.deepEqual(events("over"), []);
    assert.equal(events("down").length, 1);
  });

  test("a refused sign-in ends it, with its status", () => {
    socket.hear("connect_error", Object.assign(new Error("Sign in again."), { data: { status: 401 } }));
    assert.deepEqual(events("over")[0][1], { why: "refused", words: "Sign in again.", status: 401 });
  });

  test("a connection that the socket gave up is tried again by the page", () => {
    socket.active = false;
    socket.hear("connect_error", new Error("xhr poll error"));
    mock.timers.tick(800);
    assert.deepEqual(socket.calls, [["connect"]]);
    assert.deepEqual(events("over"), []);
  });
});
