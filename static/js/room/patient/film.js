/* A video that everybody watches in step. Its place follows from the server's clock; nobody's own buttons move it. */

import { serverNow } from "../../shared/clock.js";
import { byId, say } from "../../shared/dom.js";
import { onDevice } from "../../shared/store.js";
import { gettext } from "../../shared/words.js";
import { nameOfError } from "../core/faults.js";
import { placeAt, step } from "./film-place.js";

/** @import Hls, { ErrorData } from "hls.js" */
/** @import { FilmState } from "../state.js" */
/** @typedef {typeof Hls} HlsKit What hls.js puts on the window. */

const EVERY_MS = 200;
const LONGEST_LEAD_S = 4;
const CALM_MS = 1500;

/** @param {string} address */
function loadScript(address) {
  return new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = done;
    script.onerror = failed;
    document.head.append(script);
  });
}

export class FilmPlayer {
  /**
   * `session` names the room. The player's script is fetched when the first film opens.
   * @param {{ session: string }} page
   */
  constructor({ session }) {
    this.session = session;
    this.video = byId("film");
    /** @type {FilmState | null} */
    this.film = null;
    /** @type {Hls | null} */
    this.hls = null;
    /** When this player was last moved, and when it last was while running: 0 once it runs again. */
    this.movedAt = -CALM_MS;
    this.jumpedAt = 0;
    this.lead = 0.1;
    byId("film-tap").addEventListener("click", () => this.play());
    byId("film-captions").addEventListener("click", () => this.turnCaptions());
    this.video.addEventListener("playing", () => this.playing());
    setInterval(() => this.keepInStep(), EVERY_MS);
  }

  /**
   * Follow the room's state: `film` is what it says, or nothing. `small` keeps to the smallest picture.
   * @param {FilmState | null | undefined} film
   * @param {boolean} small
   */
  follow(film, small) {
    const changed = film?.package !== this.film?.package;
    this.film = film ?? null;
    if (changed) this.change();
    if (this.hls) this.hls.autoLevelCapping = small ? 0 : -1;
    this.keepInStep();
  }

  async change() {
    this.hls?.destroy();
    this.hls = null;
    this.video.removeAttribute("src");
    this.video.replaceChildren();
    const { film } = this;
    if (!film) {
      this.video.load();
      return;
    }
    const base = `/sessions/${this.session}/film/${film.package}`;
    say(byId("film-note"), "");
    if (film.captions) this.addCaptions(`${base}/captions.vtt`);
    byId("film-captions").hidden = !film.captions;
    try {
      if (!window.Hls) await loadScript(this.video.dataset.hls ?? "");
    } catch {
      say(byId("film-note"), gettext("The video did not load. We are trying again."));
      this.again(film, 3000);
      return;
    }
    if (window.Hls && this.film?.package === film.package) this.load(window.Hls, this.film, `${base}/master.m3u8`);
  }

  /**
   * Begin anew in a while, should the same film be open still. The room may have told it anew meanwhile.
   * @param {FilmState} film
   * @param {number} ms
   */
  again(film, ms) {
    setTimeout(() => this.film?.package === film.package && this.change(), ms);
  }

  /** @param {HlsKit} kit @param {FilmState} film @param {string} address */
  load(kit, film, address) {
    const at = placeAt(film, serverNow());
    if (!kit.isSupported()) {
      this.video.src = address;
      return;
    }
    this.hls = new kit({ startPosition: at, maxBufferLength: 20, capLevelToPlayerSize: true });
    this.hls.on(kit.Events.ERROR, (_, error) => this.trouble(kit, error));
    this.hls.loadSource(address);
    this.hls.attachMedia(this.video);
  }

  /** @param {HlsKit} kit @param {ErrorData} error */
  trouble(kit, { fatal, type }) {
    if (!fatal) return;
    if (type === kit.ErrorTypes.MEDIA_ERROR) this.hls?.recoverMediaError();
    else {
      say(byId("film-note"), gettext("The video stopped. We are trying again."));
      if (this.film) this.again(this.film, 2000);
    }
  }

  /** @param {string} address */
  addCaptions(address) {
    const track = Object.assign(document.createElement("track"), {
      kind: "captions",
      srclang: "en-GB",
      label: gettext("Captions"),
      src: address,
      default: true,
    });
    this.video.append(track);
    this.showCaptions(onDevice.get("film-captions") !== "off");
  }

  turnCaptions() {
    const on = byId("film-captions").getAttribute("aria-pressed") !== "true";
    onDevice.set("film-captions", on ? "on" : "off");
    this.showCaptions(on);
  }

  /** @param {boolean} on */
  showCaptions(on) {
    byId("film-captions").setAttribute("aria-pressed", String(on));
    for (const track of this.video.textTracks) track.mode = on ? "showing" : "hidden";
  }

  playing() {
    if (this.jumpedAt) this.lead = Math.min(LONGEST_LEAD_S, Math.max(0, (performance.now() - this.jumpedAt) / 1000));
    this.jumpedAt = 0;
    say(byId("film-note"), "");
  }

  async play() {
    try {
      await this.video.play();
      byId("film-tap").hidden = true;
    } catch (error) {
      if (nameOfError(error) === "NotAllowedError") byId("film-tap").hidden = false;
    }
  }

  keepInStep() {
    const { film, video } = this;
    if (!film || video.readyState < HTMLMediaElement.HAVE_METADATA) return;
    const target = placeAt(film, serverNow());
    const running = film.playing && target < film.duration_ms / 1000;
    const behind = target - video.currentTime;
    video.dataset.behind = String(Math.round(behind * 1000));
    if (running && video.paused) this.play();
    if (!running && !video.paused) video.pause();
    if (video.seeking || (running && performance.now() - this.movedAt < CALM_MS)) return;
    const { jump, rate } = step(behind, running);
    video.playbackRate = rate;
    if (!jump) return;
    this.movedAt = performance.now();
    this.jumpedAt = running ? this.movedAt : 0;
    video.currentTime = target + (running && !video.paused ? this.lead : 0);
  }
}
