import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Awake } from "../../../../static/js/room/core/awake.js";
import { fire, openPage, rest } from "../../support/page.js";

let locks;
let refuses;
let awake;

beforeEach(() => {
  locks = [];
  refuses = false;
  openPage();
  const request = async () => {
    if (refuses) throw new Error("NotAllowedError");
    const lock = Object.assign(new EventTarget(), { released: false });
    lock.release = () => {
      lock.released = true;
      lock.dispatchEvent(new Event("release"));
    };
    locks.push(lock);
    return lock;
  };
  Object.defineProperty(globalThis, "navigator", {
    value: { wakeLock: { request } },
    configurable: true,
    writable: true,
  });
  awake = new Awake();
});

const held = () => locks.filter((each) => !each.released).length;

test("the screen is kept on once, and let go", async () => {
  awake.want(true);
  awake.want(true);
  fire(document, "pointerdown");
  await rest();
  assert.deepEqual([locks.length, held()], [1, 1]);
  awake.want(false);
  assert.equal(held(), 0);
});

test("a browser that let go by itself is asked again when the page is back", async () => {
  awake.want(true);
  await rest();
  locks[0].release();
  fire(document, "visibilitychange");
  await rest();
  assert.equal(held(), 1);
});

test("a refusal is tried again with the next touch", async () => {
  refuses = true;
  awake.want(true);
  await rest();
  refuses = false;
  fire(document, "pointerdown");
  await rest();
  assert.equal(held(), 1);
});

test("who has left by the time it is there does not keep it", async () => {
  awake.want(true);
  awake.want(false);
  await rest();
  assert.deepEqual([locks.length, held()], [1, 0]);
});

test("nobody asks who does not want it, nor a browser that has none", async () => {
  fire(document, "pointerdown");
  await rest();
  assert.equal(locks.length, 0);
  Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true, writable: true });
  awake.want(true);
  await rest();
  assert.equal(locks.length, 0);
});
