/* A video that everybody watches in step. Its place follows from the server's clock; nobody's own buttons move it. */

import { serverNow } from "./clock.js";
import { placeAt, step } from "./film-place.js";
import { byId, say } from "./dom.js";

const EVERY_MS = 200;
const LONGEST_LEAD_S = 4;
const CALM_MS = 1500;

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
  /** `session` names the room. The player's script is fetched when the first film opens. */
  constructor({ session }) {
    this.session = session;
    this.video = byId("film");
    this.film = null;
    this.lead = 0.1;
    byId("film-tap").addEventListener("click", () => this.play());
    byId("film-captions").addEventListener("click", () => this.turnCaptions());
    this.video.addEventListener("playing", () => this.playing());
    setInterval(() => this.keepInStep(), EVERY_MS);
  }

  /** Follow the room's state: `film` is what it says, or nothing. `small` keeps to the smallest picture. */
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
      if (!window.Hls) await loadScript(this.video.dataset.hls);
    } catch {
      say(byId("film-note"), "The video did not load. We are trying again.");
      setTimeout(() => this.film === film && this.change(), 3000);
      return;
    }
    if (this.film?.package === film.package) this.load(`${base}/master.m3u8`);
  }

  load(address) {
    const at = placeAt(this.film, serverNow());
    if (!window.Hls.isSupported()) {
      this.video.src = address;
      return;
    }
    this.hls = new window.Hls({ startPosition: at, maxBufferLength: 20, capLevelToPlayerSize: true });
    this.hls.on(window.Hls.Events.ERROR, (_, error) => this.trouble(error));
    this.hls.loadSource(address);
    this.hls.attachMedia(this.video);
  }

  trouble({ fatal, type }) {
    if (!fatal) return;
    if (type === window.Hls.ErrorTypes.MEDIA_ERROR) this.hls.recoverMediaError();
    else {
      say(byId("film-note"), "The video stopped. We are trying again.");
      const { film } = this;
      setTimeout(() => this.film === film && this.change(), 2000);
    }
  }

  addCaptions(address) {
    const track = Object.assign(document.createElement("track"), { kind: "captions", srclang: "en-GB", label: "Captions", src: address, default: true });
    this.video.append(track);
    this.showCaptions(localStorage.getItem("film-captions") !== "off");
  }

  turnCaptions() {
    const on = byId("film-captions").getAttribute("aria-pressed") !== "true";
    localStorage.setItem("film-captions", on ? "on" : "off");
    this.showCaptions(on);
  }

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
      if (error.name === "NotAllowedError") byId("film-tap").hidden = false;
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
    if (video.seeking || (running && performance.now() - (this.movedAt ?? -CALM_MS) < CALM_MS)) return;
    const { jump, rate } = step(behind, running);
    video.playbackRate = rate;
    if (!jump) return;
    this.movedAt = performance.now();
    this.jumpedAt = running ? this.movedAt : 0;
    video.currentTime = target + (running && !video.paused ? this.lead : 0);
  }
}
