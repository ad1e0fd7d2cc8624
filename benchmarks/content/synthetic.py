"""Videos of any length, made by ffmpeg."""

import subprocess
from pathlib import Path

from backtolife.content.encoding.ffmpeg import find_ffmpeg


def synthetic(path: Path, *, minutes: float, rate: int, size: str = "1280x720") -> Path:
    """A moving test picture with some noise, and a tone. One minute is encoded, the others are copies of it."""
    one = path.with_name(f"one-{path.name}")
    picture = f"testsrc2=size={size}:rate={rate},noise=alls=12:allf=t"
    run = [find_ffmpeg(), "-v", "error", "-y", "-nostdin"]
    command = [*run, "-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", "sine=frequency=330", "-t", "60"]
    command += [
        "-c:v",
        "libx264",
        "-preset",
        "ultrafast",
        "-crf",
        "26",
        "-pix_fmt",
        "yuv420p",
        "-g",
        "60",
        "-c:a",
        "aac",
    ]
    subprocess.run([*command, str(one)], check=True)
    again = [*run, "-stream_loop", str(max(0, round(minutes) - 1)), "-i", str(one), "-t", str(minutes * 60)]
    subprocess.run([*again, "-c", "copy", "-movflags", "+faststart", str(path)], check=True)
    one.unlink()
    return path
