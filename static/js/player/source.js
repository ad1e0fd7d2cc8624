/* Where the picture and the sound come from: hls.js where it works, the browser's own HLS otherwise. */

const TRY_AGAIN_MS = 4000;
const FIRST_GUESS = 500_000; // bits a second, before anything was measured

/** @typedef {typeof import("hls.js").default} HlsClass hls.js, whose file the page loads before this one. */
/** @typedef {{link: string, old: string, other: string}} Words What to say: no link, a page too old, any other trouble. */

const library = () => /** @type {{Hls?: HlsClass}} */ (/** @type {unknown} */ (globalThis)).Hls;

export class Source {
  /**
   * @param {HTMLVideoElement} video
   * @param {string} address Of everything there is: every picture, and the sound.
   * @param {{onTrouble: (words: string) => void, words: Words}} options `onTrouble` hears
   *   what to say about the picture, and "" when it is well again.
   */
  constructor(video, address, { onTrouble, words }) {
    this.video = video;
    this.onTrouble = onTrouble;
    this.words = words;
    this.address = address;
    /** @type {import("hls.js").default | null} */
    this.hls = null;
    this.mended = false;
    this.waiting = 0;
    /** Whether no link is left, as far as we know. */
    this.lost = false;
    this.speed = FIRST_GUESS;
    const fine = () => {
      this.lost = false;
      this.onTrouble("");
    };
    for (const name of ["playing", "canplay", "seeked"]) video.addEventListener(name, fine);
    video.addEventListener("error", () => this.nativeTrouble());
    video.addEventListener("waiting", () => {
      if (navigator.onLine) return;
      this.lost = true;
      this.onTrouble(this.words.link);
    });
    window.addEventListener("online", () => this.goOn());
  }

  /**
   * Begin or change over to `address` at `seconds`; what was playing goes on playing.
   * @param {string} address
   * @param {number} seconds
   */
  load(address, seconds) {
    const playing = !this.video.paused;
    const Hls = library();
    this.address = address;
    if (Hls?.isSupported()) this.loadHls(Hls, address, seconds);
    else this.loadNative(address, seconds);
    if (playing) this.play();
  }

  /** @param {HlsClass} Hls @param {string} address @param {number} seconds */
  loadHls(Hls, address, seconds) {
    this.speed = this.bitsPerSecond;
    this.hls?.destroy();
    this.hls = new Hls({
      startPosition: seconds,
      maxBufferLength: 30,
      capLevelToPlayerSize: true,
      abrEwmaDefaultEstimate: this.speed,
    });
    this.hls.on(Hls.Events.ERROR, (_, error) => this.hlsTrouble(Hls, error));
    this.hls.loadSource(address);
    this.hls.attachMedia(this.video);
  }

  /** @param {string} address @param {number} seconds */
  loadNative(address, seconds) {
    const begin = () => {
      this.video.currentTime = seconds;
    };
    this.video.src = address;
    this.video.addEventListener("loadedmetadata", begin, { once: true });
  }

  /** What the line carried of late, as far as anybody measures it. */
  get bitsPerSecond() {
    return this.hls?.bandwidthEstimate || this.speed;
  }

  /**
   * Go on at the same place from `address`.
   * @param {string} address
   */
  change(address) {
    this.load(address, this.startAt());
  }

  /** Browsers may refuse to start by themselves: the button is still there. */
  play() {
    return this.video.play().catch(() => undefined);
  }

  /** @param {HlsClass} Hls @param {import("hls.js").ErrorData} error */
  hlsTrouble(Hls, error) {
    const lost = error.type === Hls.ErrorTypes.NETWORK_ERROR;
    if (!error.fatal) {
      if (lost && this.video.readyState < 3) this.onTrouble(this.words.link);
      return;
    }
    if (error.response?.code === 404 || error.response?.code === 403) this.onTrouble(this.words.old);
    else if (lost) this.waitForLink();
    else if (error.type === Hls.ErrorTypes.MEDIA_ERROR && !this.mended) {
      this.mended = true;
      this.hls?.recoverMediaError();
    } else this.onTrouble(this.words.other);
  }

  nativeTrouble() {
    if (this.hls) return;
    if (this.video.error?.code === MediaError.MEDIA_ERR_NETWORK || !navigator.onLine) this.waitForLink();
    else this.onTrouble(this.words.other);
  }

  waitForLink() {
    this.lost = true;
    this.onTrouble(this.words.link);
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.goOn(), TRY_AGAIN_MS);
  }

  goOn() {
    this.lost = false;
    clearTimeout(this.waiting);
    if (this.hls && this.video.readyState === 0) this.load(this.address, this.startAt());
    else if (this.hls) this.hls.startLoad();
    else if (this.video.error) this.load(this.address, this.startAt());
  }

  startAt() {
    return this.video.currentTime || this.hls?.config.startPosition || 0;
  }
}
