"""Sound without a pause, for a fake microphone: Opus sends next to nothing through silence, which hides a bad link."""

import math
import random
import wave
from array import array
from pathlib import Path

RATE = 48000
SECONDS = 10


def write(path: Path, volume: float = 1.0) -> Path:
    """Ten seconds of something like a vowel whose pitch and loudness wander. `volume` is a factor."""
    chance = random.Random(4)
    samples = array("h")
    phase, pitch = 0.0, 140.0
    for number in range(RATE * SECONDS):
        if number % 4800 == 0:
            pitch = chance.uniform(110, 220)
        phase += pitch / RATE
        loudness = 0.6 + 0.4 * math.sin(2 * math.pi * 3 * number / RATE)
        tone = sum(math.sin(2 * math.pi * phase * overtone) / overtone for overtone in (1, 2, 3, 5))
        samples.append(int(volume * 9000 * loudness * tone + chance.uniform(-300, 300)))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
    return path
