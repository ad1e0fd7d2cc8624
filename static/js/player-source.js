/* Where the picture and the sound come from: hls.js where it works, the browser's own HLS otherwise. */

const TRY_AGAIN_MS = 4000;

export class Source {
  constructor(video, { master, sound, onTrouble, words }) {
    Object.assign(this, { video, master, sound, onTrouble, words, hls: null, mended: false, waiting: 0 });
    const fine = () => this.onTrouble("");
    for (const name of ["playing", "canplay", "seeked"]) video.addEventListener(name, fine);
    video.addEventListener("error", () => this.nativeTrouble());
    video.addEventListener("waiting", () => { if (!navigator.onLine) this.onTrouble(this.words.link); });
    window.addEventListener("online", () => this.goOn());
  }

  /* Begin or change over to `address` at `seconds`; what was playing goes on playing. */
  load(address, seconds) {
    const playing = !this.video.paused;
    this.address = address;
    if (globalThis.Hls?.isSupported()) this.loadHls(address, seconds);
    else this.loadNative(address, seconds);
    if (playing) this.play();
  }

  loadHls(address, seconds) {
    this.hls?.destroy();
    this.hls = new Hls({ startPosition: seconds, maxBufferLength: 30, capLevelToPlayerSize: true });
    this.hls.on(Hls.Events.ERROR, (_, error) => this.hlsTrouble(error));
    this.hls.loadSource(address);
    this.hls.attachMedia(this.video);
  }

  loadNative(address, seconds) {
    this.video.src = address;
    this.video.addEventListener("loadedmetadata", () => { this.video.currentTime = seconds; }, { once: true });
  }

  justSound(on) { this.load(on ? this.sound : this.master, this.video.currentTime); }

  /* Browsers may refuse to start by themselves: the button is still there. */
  play() { return this.video.play().catch(() => undefined); }

  hlsTrouble(error) {
    if (!error.fatal) {
      if (error.type === Hls.ErrorTypes.NETWORK_ERROR && this.video.readyState < 3) this.onTrouble(this.words.link);
      return;
    }
    if (error.response?.code === 404 || error.response?.code === 403) this.onTrouble(this.words.old);
    else if (error.type === Hls.ErrorTypes.NETWORK_ERROR) this.waitForLink();
    else if (error.type === Hls.ErrorTypes.MEDIA_ERROR && !this.mended) {
      this.mended = true;
      this.hls.recoverMediaError();
    } else this.onTrouble(this.words.other);
  }

  nativeTrouble() {
    if (this.hls) return;
    if (this.video.error?.code === MediaError.MEDIA_ERR_NETWORK || !navigator.onLine) this.waitForLink();
    else this.onTrouble(this.words.other);
  }

  waitForLink() {
    this.onTrouble(this.words.link);
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.goOn(), TRY_AGAIN_MS);
  }

  goOn() {
    clearTimeout(this.waiting);
    if (this.hls && this.video.readyState === 0) this.load(this.address, this.startAt());
    else if (this.hls) this.hls.startLoad();
    else if (this.video.error) this.load(this.address, this.startAt());
  }

  startAt() { return this.video.currentTime || this.hls?.config.startPosition || 0; }
}
