"""One relaxation as a file of sound: spoken slowly, with its pauses."""

import hashlib
import json
import wave
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from backtolife.content.demo_videos.narration import Voice, find_voice, narrate, silence
from backtolife.content.encoding.ffmpeg import run_ffmpeg
from backtolife.programme.plan.material import RelaxationScript

FOLDER = "relaxations"
TIMEOUT_S = 600.0
MAKING = 1
"""Counted up when tracks are made another way: then every one is made anew."""


def track_path(videos: Path, script: RelaxationScript) -> Path:
    """Where the track of these words is, once it is made. Other words, or other pauses, are another file."""
    said = [asdict(each) for each in script.spoken]
    words = json.dumps([MAKING, script.language, script.words_per_minute, said], sort_keys=True)
    return videos / FOLDER / f"{hashlib.sha256(words.encode()).hexdigest()}.m4a"


def can_speak() -> bool:
    """Whether this machine has a voice. A tone that takes its place in a video would calm nobody."""
    return find_voice() != "tone"


def make_track(script: RelaxationScript, path: Path, *, voice: Voice | None = None) -> None:
    """Speak the script into `path`, which is there only when it is whole.

    Raises Conflict when the voice or ffmpeg does not work here, Interrupted when ffmpeg was killed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    spoken = narrate([each.text for each in script.spoken], voice, words_a_minute=script.words_per_minute)
    with TemporaryDirectory(dir=path.parent, prefix=".making-") as name:
        work = Path(name)
        milliseconds = 0
        with wave.open(str(work / "sound.wav"), "wb") as out:
            out.setparams((1, 2, spoken[0].rate, 0, "NONE", ""))
            for part, speech in zip(script.spoken, spoken, strict=True):
                out.writeframes(speech.samples + silence(speech.rate, 1000 * part.pause_seconds))
                milliseconds += speech.duration_ms + 1000 * part.pause_seconds
        command = ["-i", "sound.wav", "-c:a", "aac", "-b:a", "48k", "-ac", "1", "-movflags", "+faststart", "track.m4a"]
        run_ffmpeg(command, makes=["track.m4a"], cwd=work, duration_ms=milliseconds, timeout_s=TIMEOUT_S)
        (work / "track.m4a").replace(path)
