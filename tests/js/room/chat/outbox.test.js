import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";

import { ChatOutbox, forget, leftOn } from "../../../../static/js/room/chat/outbox.js";
import { pass, rest } from "../../support/rest.js";
import { room } from "../../support/room.js";
import { storage } from "../../support/storage.js";

const EVERYONE = { small: "" };
const AGAIN_MS = 2500;

beforeEach(() => {
  globalThis.window = { sessionStorage: storage() };
  mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
});
afterEach(() => {
  mock.timers.reset();
  delete globalThis.window;
});

function chat(answers, more) {
  const link = room({ answers, ...more });
  const outbox = new ChatOutbox(link);
  link.tell("up");
  return { link, outbox };
}

const keysOf = (link) => link.sent.map(([, { client_id }]) => client_id);

test("words go to the room with who reads them, and then to the page's chat", async () => {
  const { link, outbox } = chat();
  await outbox.write("Hello", "group", { small: "1", round: 900 });
  const [[name, told]] = link.sent;
  assert.equal(name, "chat");
  assert.deepEqual(told, { text: "Hello", audience: "group", small: "1", round: 900, client_id: told.client_id });
  assert.match(told.client_id, /^[0-9a-f-]{36}$/);
  assert.deepEqual([link.taken, outbox.entries], [["Hello"], []]);
});

test("words for everyone name no round", async () => {
  const { link, outbox } = chat();
  await outbox.write("Hello", "group", EVERYONE);
  assert.equal("round" in link.sent[0][1], false);
});

for (const answers of [[429], [429, 429, 429], [503], [0], [500], [500, 500], [0, 429, 500]]) {
  test(`after ${answers.join(", ")} the same words go by themselves, under one key`, async () => {
    const { link, outbox } = chat([...answers]);
    outbox.write("My words", "group", EVERYONE);
    await rest();
    for (let turn = 0; turn < 8; turn += 1) await pass(AGAIN_MS);
    assert.deepEqual([link.taken, outbox.entries], [["My words"], []]);
    assert.equal(link.sent.length, answers.length + 1);
    assert.equal(new Set(keysOf(link)).size, 1);
  });
}

for (const status of [400, 403, 404, 409, 422]) {
  test(`words that are refused with ${status} are given back with the reason`, async () => {
    const { link, outbox } = chat([status]);
    await outbox.write("My words", "group", EVERYONE);
    await pass(4 * AGAIN_MS);
    assert.deepEqual(
      outbox.returned.map(({ text, error }) => [text, error]),
      [["My words", `refused ${status}`]],
    );
    assert.deepEqual([link.taken, link.sent.length], [[], 1]);
  });
}

describe("words that were given back", () => {
  const again = async (text, place, edited = null) => {
    const { link, outbox } = chat([403]);
    await outbox.write("My words", "group", EVERYONE);
    if (edited !== null) outbox.edit(outbox.returned[0], edited);
    await outbox.again(outbox.returned[0], text, place);
    assert.deepEqual([link.taken, outbox.entries], [[text], []]);
    return { keys: new Set(keysOf(link)).size, last: link.sent.at(-1)[1] };
  };

  test("keep their key when they go unchanged, so that they cannot come twice", async () => {
    assert.equal((await again("My words", EVERYONE)).keys, 1);
    assert.equal((await again("My words", EVERYONE, "My words")).keys, 1);
  });

  test("are new when they are changed, or changed and typed anew", async () => {
    assert.equal((await again("Other words", EVERYONE)).keys, 2);
    assert.equal((await again("Other words", EVERYONE, "Other words")).keys, 2);
  });

  test("are the old ones again once a change is taken back", async () => {
    const { link, outbox } = chat([403]);
    await outbox.write("My words", "group", EVERYONE);
    outbox.edit(outbox.returned[0], "Other");
    outbox.edit(outbox.returned[0], "My words");
    await outbox.again(outbox.returned[0], "My words", EVERYONE);
    assert.equal(new Set(keysOf(link)).size, 1);
  });

  test("are new for whom they were not meant at first, and keep who reads them", async () => {
    const { keys, last } = await again("My words", { small: "2", round: 7 });
    assert.equal(keys, 2);
    assert.deepEqual([last.audience, last.small, last.round], ["group", "2", 7]);
  });

  test("outlive the page as they were changed, for the same person only", async () => {
    const { outbox } = chat([403]);
    await outbox.write("My words", "group", EVERYONE);
    outbox.edit(outbox.returned[0], "Half a thought");
    const other = chat([], { state: { me: { seat: "tom" } } });
    assert.deepEqual(other.outbox.entries, []);
    const { outbox: reloaded } = chat();
    assert.equal(reloaded.returned[0].text, "Half a thought");
  });

  test("go when nobody wants them", async () => {
    const { outbox } = chat([403]);
    await outbox.write("My words", "group", EVERYONE);
    outbox.drop(outbox.returned[0]);
    assert.deepEqual(Object.keys(window.sessionStorage), []);
  });
});

test("words that the chat holds already are not sent again: only the answer was lost", async () => {
  const { link, outbox } = chat([0]);
  await outbox.write("My words", "group", EVERYONE);
  link.chat = [{ client_id: keysOf(link)[0] }];
  link.tell("history");
  await pass(4 * AGAIN_MS);
  assert.deepEqual([outbox.entries, link.sent.length], [[], 1]);
});

test("nothing is tried while the page is not connected, and all goes in order when it is", async () => {
  const { link, outbox } = chat([0, 0, 0]);
  link.socket.connected = false;
  for (const text of ["one", "two", "three"]) await outbox.write(text, "group", EVERYONE);
  const tries = link.sent.length;
  await pass(4 * AGAIN_MS);
  assert.equal(link.sent.length, tries);
  assert.equal(outbox.stuck, true);
  link.socket.connected = true;
  await pass(AGAIN_MS);
  assert.deepEqual(link.taken, ["one", "two", "three"]);
  assert.equal(outbox.stuck, false);
});

test("it tells when words wait, go and come back", async () => {
  const { outbox } = chat([0, 403]);
  const seen = [];
  outbox.addEventListener("change", () => seen.push(`${outbox.waiting.length}/${outbox.returned.length}`));
  await outbox.write("My words", "group", EVERYONE);
  await pass(AGAIN_MS);
  assert.deepEqual([...new Set(seen)], ["1/0", "0/1"]);
});

test("the page after the room finds what was left on its seat, and forgets it", async () => {
  const { outbox } = chat([0]);
  await outbox.write("Left behind", "group", EVERYONE);
  const [left] = leftOn("s1", "linda");
  assert.equal(left.text, "Left behind");
  assert.deepEqual(leftOn("s1", "lin"), []);
  forget("s1", "linda", left);
  assert.deepEqual(leftOn("s1", "linda"), []);
});
