"""A voice that says nothing: a soft murmur with pauses, as Opus, encoded once and sent again and again."""

import array
import math
from fractions import Fraction
from functools import cache

import av

RATE = 48_000
PACKETS_PER_SECOND = 50
SAMPLES = RATE // PACKETS_PER_SECOND
SECONDS = 8
SPEAKS_SECONDS = 3
"""Of these seconds the murmur is heard in the first; then the voice rests."""
LOUD = 2600
"""Of 32767: a murmur below the facilitator's own voice."""
PITCHES = (196.0, 147.0, 220.0, 131.0, 175.0, 165.0)


@cache
def murmur(face: int) -> tuple[bytes, ...]:
    """Eight seconds of the voice that belongs to this number, in packets of 20 ms."""
    encoder = av.CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format = RATE, "mono", "s16"
    encoder.bit_rate, encoder.time_base = 20_000, Fraction(1, RATE)
    encoder.options = {"application": "voip", "frame_duration": "20"}
    packets = []
    for number in range(SECONDS * PACKETS_PER_SECOND):
        frame = av.AudioFrame("s16", "mono", SAMPLES)
        frame.planes[0].update(wave(PITCHES[face % len(PITCHES)], number * SAMPLES))
        frame.sample_rate, frame.pts, frame.time_base = RATE, number * SAMPLES, Fraction(1, RATE)
        packets += encoder.encode(frame)
    return tuple(bytes(packet) for packet in packets + encoder.encode(None))


def wave(pitch: float, start: int) -> bytes:
    """One packet's samples: a low tone with overtones, in syllables of a quarter of a second."""
    samples = array.array("h")
    for at in range(start, start + SAMPLES):
        seconds = at / RATE
        syllable = max(0.0, math.sin(2 * math.pi * 2 * seconds)) if seconds < SPEAKS_SECONDS else 0.0
        turn = 2 * math.pi * pitch * seconds
        samples.append(round(LOUD * syllable * (math.sin(turn) + 0.4 * math.sin(2 * turn) + 0.2 * math.sin(3 * turn))))
    return samples.tobytes()
