/* The buttons of the player and the place in the video. */

const SPEEDS = [1, 1.25, 1.5, 0.75];
const by = (id) => document.getElementById(id);

export const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
const spoken = (seconds) => `${Math.floor(seconds / 60)} minutes ${Math.floor(seconds % 60)}`;

export class Controls {
  constructor(player, video, source, begin) {
    Object.assign(this, { player, video, source, moving: false, speed: 0 });
    this.length = Number(player.dataset.duration) / 1000;
    this.place = by("place");
    this.listen();
    this.showPlace(begin);
    this.showState();
    this.open();
  }

  /* Until this script runs a press would be lost, so the buttons come disabled. */
  open() {
    for (const each of this.player.querySelectorAll("[data-waits]")) each.disabled = false;
  }

  listen() {
    const { video, source, place } = this;
    const toggle = () => (video.paused ? source.play() : video.pause());
    for (const each of [by("play"), by("big-play"), video]) each.addEventListener("click", toggle);
    by("back").addEventListener("click", () => { video.currentTime = Math.max(0, video.currentTime - 10); });
    by("speed").addEventListener("click", () => this.nextSpeed());
    by("sound-only").addEventListener("click", () => this.toggleSound());
    by("full-screen").addEventListener("click", () => this.toggleFullScreen());
    place.addEventListener("input", () => { this.moving = true; this.showPlace(Number(place.value)); });
    place.addEventListener("change", () => { this.moving = false; video.currentTime = Number(place.value); });
    for (const name of ["play", "pause", "ended"]) video.addEventListener(name, () => this.showState());
    for (const name of ["timeupdate", "seeked"]) video.addEventListener(name, () => { if (!this.moving) this.showPlace(video.currentTime); });
    video.addEventListener("loadeddata", () => { video.playbackRate = SPEEDS[this.speed]; });
  }

  showPlace(seconds) {
    this.place.value = seconds;
    this.place.style.setProperty("--v", `${(100 * seconds) / this.length}%`);
    this.place.setAttribute("aria-valuetext", `${spoken(seconds)} of ${spoken(this.length)}`);
    by("time-now").textContent = clock(seconds);
  }

  showState() {
    const paused = this.video.paused;
    by("play-word").textContent = paused ? "Play" : "Pause";
    by("big-play").hidden = !paused;
    for (const each of by("play").querySelectorAll("[data-when]")) each.hidden = (each.dataset.when === "paused") !== paused;
  }

  nextSpeed() {
    this.speed = (this.speed + 1) % SPEEDS.length;
    this.video.playbackRate = SPEEDS[this.speed];
    by("speed-word").textContent = SPEEDS[this.speed];
  }

  toggleSound() {
    const on = by("sound-only").getAttribute("aria-pressed") !== "true";
    by("sound-only").setAttribute("aria-pressed", String(on));
    by("just-sound").hidden = !on;
    this.source.justSound(on);
  }

  toggleFullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (this.player.requestFullscreen) this.player.requestFullscreen();
    else this.video.webkitEnterFullscreen?.();
  }
}
