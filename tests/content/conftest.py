"""Real, small videos made by ffmpeg, once for all tests here."""

import subprocess
from pathlib import Path

import pytest

from backtolife.content.encoding.ffmpeg import find_ffmpeg


def make_video(path: Path, *, seconds: int = 4, size: str = "640x480", sound: bool = True, rate: int = 25) -> Path:
    """A moving test picture, with a tone if `sound`."""
    command = [find_ffmpeg(), "-v", "error", "-y", "-f", "lavfi", "-i", f"testsrc2=size={size}:rate={rate}"]
    if sound:
        command += ["-f", "lavfi", "-i", "sine=frequency=330", "-c:a", "aac"]
    command += ["-t", str(seconds), "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
    subprocess.run([*command, "-movflags", "+faststart", str(path)], check=True, stdin=subprocess.DEVNULL)
    return path


@pytest.fixture(scope="session")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four seconds of moving picture with sound, 640 by 480."""
    return make_video(tmp_path_factory.mktemp("videos") / "four-seconds.mp4")
