"""A voice for the demo's videos: espeak-ng on PATH, else the espeakng-loader wheel, else a soft, quiet tone."""

import array
import importlib.util
import json
import math
import shutil
import subprocess
import sys
import tempfile
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from backtolife.errors import Conflict
from backtolife.processes.child_env import child_env

Voice = Literal["program", "library", "tone"]

WORDS_A_MINUTE = 150
LONGEST_S = 300.0
TONE_RATE = 22_050
TONE_HERTZ = 220
TONE_LOUDNESS = 0.02


@dataclass(frozen=True)
class Speech:
    """One sentence as sound: mono, 16 bits, `rate` samples a second."""

    rate: int
    samples: bytes

    @property
    def duration_ms(self) -> int:
        return len(self.samples) // 2 * 1000 // self.rate


def find_voice() -> Voice:
    """The best voice this machine has."""
    if shutil.which("espeak-ng"):
        return "program"
    return "library" if importlib.util.find_spec("espeakng_loader") else "tone"


def narrate(
    sentences: Sequence[str], voice: Voice | None = None, *, words_a_minute: int = WORDS_A_MINUTE
) -> list[Speech]:
    """Each sentence spoken, all at the same rate. Raises Conflict when the voice asked for does not work here."""
    chosen = voice or find_voice()
    if chosen == "tone":
        return [tone(sentence) for sentence in sentences]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try:
            if chosen == "program":
                speak_by_program(sentences, folder, words_a_minute)
            else:
                speak_by_library(sentences, folder, words_a_minute)
        except (OSError, subprocess.SubprocessError):
            raise Conflict(f"The voice of this machine ({chosen}) did not work. Use the tone instead.") from None
        return [read(folder / f"{number:05d}.wav") for number in range(len(sentences))]


def speak_by_program(sentences: Sequence[str], folder: Path, words_a_minute: int) -> None:
    program = shutil.which("espeak-ng") or "espeak-ng"
    for number, sentence in enumerate(sentences):
        command = [
            program,
            "-v",
            "en-gb",
            "-s",
            str(words_a_minute),
            "-w",
            str(folder / f"{number:05d}.wav"),
            "--stdin",
        ]
        subprocess.run(
            command, input=sentence.encode(), check=True, capture_output=True, timeout=LONGEST_S, env=child_env()
        )


def speak_by_library(sentences: Sequence[str], folder: Path, words_a_minute: int) -> None:
    command = [sys.executable, "-m", "backtolife.content.demo_videos.speech_child", str(folder), str(words_a_minute)]
    words = json.dumps(list(sentences)).encode()
    subprocess.run(command, input=words, check=True, capture_output=True, timeout=LONGEST_S, env=child_env())


def read(path: Path) -> Speech:
    """A WAV file without the silence the voice leaves at its end."""
    with wave.open(str(path), "rb") as sound:
        samples = sound.readframes(sound.getnframes())
        rate = sound.getframerate()
    return Speech(rate, samples.rstrip(b"\0") + b"\0" * (len(samples.rstrip(b"\0")) % 2))


def tone(sentence: str) -> Speech:
    """As long as it takes to read the sentence, softly humming so that one can hear that sound works."""
    seconds = max(1.5, len(sentence.split()) * 60 / WORDS_A_MINUTE)
    wave_second = array.array(
        "h",
        (round(32767 * TONE_LOUDNESS * math.sin(2 * math.pi * TONE_HERTZ * at / TONE_RATE)) for at in range(TONE_RATE)),
    )
    whole = wave_second.tobytes() * (int(seconds) + 1)
    return Speech(TONE_RATE, whole[: round(seconds * TONE_RATE) * 2])


def silence(rate: int, milliseconds: int) -> bytes:
    return b"\0\0" * (rate * milliseconds // 1000)
