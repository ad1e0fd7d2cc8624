/* Sounds made on the device from nothing: two beds of gentle music, and a bell. The same every time; no file is fetched. */

/**
 * @typedef {(context: BaseAudioContext, into: AudioNode) => AudioScheduledSourceNode[]} Bed Makes one, not yet begun.
 */

const TONES = [73.42, 110, 146.83, 220, 293.66, 369.99, 440];
const BREATHS = [37, 29, 41, 23, 31, 43, 53];
/** @type {[times: number, share: number, seconds: number][]} */
const PARTIALS = [
  [1, 1, 4.6],
  [2.71, 0.42, 2.8],
  [5.2, 0.2, 1.5],
  [8.4, 0.07, 0.8],
];
/** @type {[type: OscillatorType, times: number, share: number][]} */
const VOICES = [
  ["sine", 1, 1],
  ["triangle", 2, 0.1],
];
const WAVE_SECONDS = 10;
/** @type {[level: number, tone: number, seconds: number, turn: number][]} */
const WAVES = [
  [0.5, 650, WAVE_SECONDS, 0.75],
  [0.2, 1500, WAVE_SECONDS * 1.37, 0.2],
];
/** @typedef {"work" | "rest" | "begin" | "end"} Bell */

/** @type {Record<Bell, number[]>} The tones of each, one after the other. */
export const BELLS = { work: [587.33], rest: [392], begin: [392, 587.33], end: [587.33, 392] };

/** @param {BaseAudioContext} context @param {number} value @param {AudioNode} into */
function gainOf(context, value, into) {
  const gain = context.createGain();
  gain.gain.value = value;
  gain.connect(into);
  return gain;
}

/**
 * A slow swing of `depth` around what `param` holds; `turn` (0 to 1) is where in its round it begins.
 * @param {BaseAudioContext} context
 * @param {AudioParam} param
 * @param {{ seconds: number, depth: number, turn?: number }} shape
 */
function swing(context, param, { seconds, depth, turn = 0 }) {
  const angle = 2 * Math.PI * turn;
  const oscillator = context.createOscillator();
  const shape = context.createPeriodicWave(
    new Float32Array([0, Math.sin(angle)]),
    new Float32Array([0, Math.cos(angle)]),
  );
  oscillator.setPeriodicWave(shape);
  oscillator.frequency.value = 1 / seconds;
  const size = context.createGain();
  size.gain.value = depth;
  oscillator.connect(size).connect(param);
  return oscillator;
}

/**
 * Slow, warm tones with no beat: seven notes that go together, each breathing at its own pace.
 * @type {Bed}
 */
function softTones(context, into) {
  const warm = context.createBiquadFilter();
  warm.type = "lowpass";
  warm.frequency.value = 900;
  warm.connect(into);
  return TONES.flatMap((frequency, place) => {
    const level = 0.085 / (1 + place * 0.28);
    const side = context.createStereoPanner();
    side.pan.value = ((place * 3) % 7) / 7 - 0.43;
    side.connect(warm);
    const voice = gainOf(context, level * 0.55, side);
    const sources = VOICES.map(([type, times, share]) => {
      const oscillator = context.createOscillator();
      oscillator.type = type;
      oscillator.frequency.value = frequency * times;
      oscillator.connect(gainOf(context, share, voice));
      return oscillator;
    });
    return [
      ...sources,
      swing(context, voice.gain, { seconds: BREATHS[place] ?? 37, depth: level * 0.45, turn: (place * 0.37) % 1 }),
    ];
  });
}

/**
 * A soft rush that begins again without a seam. The numbers come from a fixed row, so it is always the same.
 * @param {BaseAudioContext} context
 */
function rush(context, seconds = 7) {
  const { sampleRate } = context;
  const length = Math.floor(seconds * sampleRate);
  const seam = Math.floor(0.5 * sampleRate);
  const buffer = context.createBuffer(2, length, sampleRate);
  for (let channel = 0; channel < 2; channel += 1) {
    let seed = 20260303 + channel * 977;
    let brown = 0;
    const run = new Float32Array(length + seam);
    for (let at = 0; at < run.length; at += 1) {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      brown = 0.985 * brown + 0.06 * (seed / 2147483648 - 1);
      run[at] = brown;
    }
    const out = buffer.getChannelData(channel);
    out.set(run.subarray(0, length));
    for (let at = 0; at < seam; at += 1) {
      const share = at / seam;
      out[at] = (run[at] ?? 0) * Math.sqrt(share) + (run[length + at] ?? 0) * Math.sqrt(1 - share);
    }
  }
  return buffer;
}

/**
 * A gentle sound like the sea, six waves a minute, with a quieter one far off.
 * @type {Bed}
 */
function slowWaves(context, into) {
  const buffer = rush(context);
  return WAVES.flatMap(([level, tone, pace, turn]) => {
    const filter = context.createBiquadFilter();
    filter.type = "lowpass";
    filter.frequency.value = tone;
    const wave = gainOf(context, level * 0.5, into);
    filter.connect(wave);
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.loop = true;
    source.connect(filter);
    return [
      source,
      swing(context, wave.gain, { seconds: pace, depth: level * 0.42, turn }),
      swing(context, filter.frequency, { seconds: pace, depth: tone * 0.5, turn }),
    ];
  });
}

/** @type {Record<string, Bed>} By the programme's name of the music. */
const BEDS = { "music-soft-tones": softTones, "music-slow-waves": slowWaves };

/** Whether there is anything to hear for this music of the programme. @param {string} name */
export const hasBed = (name) => name in BEDS;

/**
 * Begin a bed. Returns a function that ends it. Works in any audio context, also one that renders to memory.
 * @param {BaseAudioContext} context
 * @param {string} name one for which there is a bed
 * @param {AudioNode} into
 */
export function playBed(context, name, into) {
  const sources = BEDS[name]?.(context, into) ?? [];
  for (const source of sources) source.start();
  return () => {
    for (const source of sources) source.stop();
  };
}

/**
 * Strike the bell.
 * @param {BaseAudioContext} context
 * @param {Bell} kind
 * @param {number} when in seconds on the context's clock
 * @param {AudioNode} into
 */
export function strike(context, kind, when, into, loudness = 0.32) {
  BELLS[kind].forEach((frequency, place) => {
    const at = when + place * 0.55;
    for (const [times, share, seconds] of PARTIALS) {
      const oscillator = context.createOscillator();
      oscillator.frequency.value = frequency * times;
      const ring = gainOf(context, 0, into);
      ring.gain.setValueAtTime(0, at);
      ring.gain.linearRampToValueAtTime(loudness * share * 0.55, at + 0.008);
      ring.gain.exponentialRampToValueAtTime(0.0001, at + seconds);
      oscillator.connect(ring);
      oscillator.start(at);
      oscillator.stop(at + seconds + 0.05);
    }
  });
}
