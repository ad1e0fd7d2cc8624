/* The bars that show how loud a microphone is, and whether anything was heard at all. */

/**
 * One time of listening.
 * @typedef {object} Turn
 * @property {AnalyserNode} analyser
 * @property {MediaStreamAudioSourceNode} source
 * @property {number} began
 * @property {Float32Array<ArrayBuffer>} samples
 * @property {boolean} heard
 * @property {boolean} told
 */

const SILENT_AFTER = 12000;
const HEARD = 0.012;
const EVERY_MS = 120;

/** `onHeard` is called once when something is heard, `onSilent` once when nothing was for 12 s. */
export class LevelMeter {
  /** @param {HTMLElement} root @param {{ onHeard: () => void, onSilent: () => void }} tells */
  constructor(root, { onHeard, onSilent }) {
    this.root = root;
    this.bars = [...root.children];
    this.onHeard = onHeard;
    this.onSilent = onSilent;
    /** @type {Turn | null} */
    this.turn = null;
  }

  stop() {
    this.turn?.source.disconnect();
    this.turn = null;
  }

  /** @param {AudioContext} context @param {MediaStream} stream */
  listen(context, stream) {
    this.stop();
    const analyser = context.createAnalyser();
    const source = context.createMediaStreamSource(stream);
    source.connect(analyser);
    this.turn = {
      analyser,
      source,
      began: performance.now(),
      samples: new Float32Array(analyser.fftSize),
      heard: false,
      told: false,
    };
    this.root.hidden = false;
    this.look(this.turn);
  }

  /** @param {Turn} turn */
  look(turn) {
    if (turn !== this.turn) return;
    turn.analyser.getFloatTimeDomainData(turn.samples);
    const level = Math.sqrt(turn.samples.reduce((sum, each) => sum + each * each, 0) / turn.samples.length);
    for (const [index, bar] of this.bars.entries()) bar.classList.toggle("on", level > HEARD * 1.7 ** index);
    if (level > HEARD && !turn.heard) {
      turn.heard = true;
      this.onHeard();
    }
    if (!turn.heard && !turn.told && performance.now() - turn.began > SILENT_AFTER) {
      turn.told = true;
      this.onSilent();
    }
    setTimeout(() => this.look(turn), EVERY_MS);
  }
}
