/* The buttons of the player and the place in the video. */

import { find, findAll } from "../shared/dom.js";
import { gettext } from "../shared/words.js";

const SPEEDS = [1, 1.25, 1.5, 0.75];

/** @typedef {HTMLVideoElement & {webkitEnterFullscreen?: () => void}} Video An iPhone has its own full screen. */

/** @param {number} seconds */
export const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
/** @param {number} seconds */
const spoken = (seconds) =>
  gettext("%(minutes)s minutes %(seconds)s", {
    minutes: Math.floor(seconds / 60),
    seconds: Math.floor(seconds % 60),
  });

export class Controls {
  /**
   * @param {HTMLElement} player
   * @param {Video} video
   * @param {import("./source.js").Source} source
   * @param {number} begin Where the video begins, in seconds.
   */
  constructor(player, video, source, begin) {
    this.player = player;
    this.video = video;
    this.source = source;
    /** Whether a finger is moving the place. */
    this.moving = false;
    this.speed = 0;
    this.length = Number(player.dataset.duration) / 1000;
    this.place = find(player, "#place", HTMLInputElement);
    this.playButton = this.by("play");
    this.bigPlay = this.by("big-play");
    this.listen();
    this.showPlace(begin);
    this.showState();
    this.open();
  }

  /** @param {string} id */
  by(id) {
    return find(this.player, `#${id}`);
  }

  /** Until this script runs a press would be lost, so the buttons come disabled. */
  open() {
    for (const each of findAll(this.player, "[data-waits]", HTMLButtonElement)) each.disabled = false;
  }

  listen() {
    const { video, source, place } = this;
    const toggle = () => (video.paused ? source.play() : video.pause());
    for (const each of [this.playButton, this.bigPlay, video]) each.addEventListener("click", toggle);
    this.by("back").addEventListener("click", () => {
      video.currentTime = Math.max(0, video.currentTime - 10);
    });
    this.by("speed").addEventListener("click", () => this.nextSpeed());
    this.offerSmallWindow();
    this.by("full-screen").addEventListener("click", () => this.toggleFullScreen());
    place.addEventListener("input", () => {
      this.moving = true;
      this.showPlace(Number(place.value));
    });
    place.addEventListener("change", () => {
      this.moving = false;
      video.currentTime = Number(place.value);
    });
    for (const name of ["play", "pause", "ended"]) video.addEventListener(name, () => this.showState());
    for (const name of ["timeupdate", "seeked"])
      video.addEventListener(name, () => {
        if (!this.moving) this.showPlace(video.currentTime);
      });
    video.addEventListener("loadeddata", () => this.keepSpeed());
  }

  /** @param {number} seconds */
  showPlace(seconds) {
    this.place.value = String(seconds);
    this.place.style.setProperty("--v", `${(100 * seconds) / this.length}%`);
    this.place.setAttribute(
      "aria-valuetext",
      gettext("%(place)s of %(length)s", { place: spoken(seconds), length: spoken(this.length) }),
    );
    this.by("time-now").textContent = clock(seconds);
  }

  showState() {
    const { paused } = this.video;
    this.by("play-word").textContent = paused ? gettext("Play") : gettext("Pause");
    this.bigPlay.hidden = !paused;
    for (const each of findAll(this.playButton, "[data-when]"))
      each.hidden = (each.dataset.when === "paused") !== paused;
  }

  nextSpeed() {
    this.speed = (this.speed + 1) % SPEEDS.length;
    this.keepSpeed();
    this.by("speed-word").textContent = String(SPEEDS[this.speed]);
  }

  /** A picture that is loaded anew would play at the ordinary speed. */
  keepSpeed() {
    this.video.playbackRate = SPEEDS[this.speed] ?? 1;
  }

  /** Browsers without it never see the button; sound alone has no picture to show. */
  offerSmallWindow() {
    const { video } = this;
    const button = find(this.player, "#small-window", HTMLButtonElement);
    button.hidden = !document.pictureInPictureEnabled || video.disablePictureInPicture;
    button.addEventListener("click", () => this.toggleSmallWindow());
    for (const name of ["loadedmetadata", "resize"])
      video.addEventListener(name, () => {
        button.disabled = video.videoWidth === 0;
      });
  }

  toggleSmallWindow() {
    if (document.pictureInPictureElement) return document.exitPictureInPicture();
    return this.video.requestPictureInPicture().catch(() => undefined);
  }

  toggleFullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (this.player.requestFullscreen) this.player.requestFullscreen();
    else this.video.webkitEnterFullscreen?.();
  }
}
