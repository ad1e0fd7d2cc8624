import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";

import { openPage, rest } from "../../support/page.js";

openPage();
const { FilmPlayer } = await import("../../../../static/js/room/patient/film.js");

const AGAIN_MS = 3000;
const ERROR = { Events: { ERROR: "error" }, ErrorTypes: { MEDIA_ERROR: "media" } };
/** The room's film as it comes with each new state: the same one, in another object. */
const film = (name = "one") => {
  const place = { duration_ms: 60_000, at_ms: 0, since_ms: 0, playing: false };
  return { package: name, title: "Film", captions: false, ...place };
};

describe("a film that does not load", () => {
  let asked;
  let player;

  beforeEach(() => {
    mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
    openPage(`<video id="film" data-hls="/hls.js"></video><p id="film-note"></p>
      <button id="film-tap"></button><button id="film-captions"></button>`);
    asked = [];
    document.head.append = (script) => asked.push(script);
    player = new FilmPlayer({ session: "s" });
  });

  afterEach(() => mock.timers.reset());

  const fails = async () => {
    asked.at(-1).onerror();
    await rest();
  };
  const wait = async () => {
    mock.timers.tick(AGAIN_MS);
    await rest();
  };

  test("is tried again", async () => {
    player.follow(film(), false);
    await fails();
    assert.match(document.getElementById("film-note").textContent, /We are trying again/);
    await wait();
    assert.equal(asked.length, 2);
  });

  test("is tried again also when the page has come back to the room meanwhile", async () => {
    player.follow(film(), false);
    await fails();
    player.follow(film(), false);
    await wait();
    assert.equal(asked.length, 2);
  });

  test("is not tried again once another one is open", async () => {
    player.follow(film(), false);
    await fails();
    player.follow(film("two"), false);
    assert.equal(asked.length, 2);
    await wait();
    assert.equal(asked.length, 2);
  });

  test("that broke off begins anew also when the page has come back to the room meanwhile", async () => {
    player.follow(film(), false);
    player.trouble(ERROR, { fatal: true, type: "network" });
    player.follow(film(), false);
    await wait();
    assert.equal(asked.length, 2);
  });
});
