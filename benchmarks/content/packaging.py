"""A video made ready for watching beside the same ladder by ffmpeg alone, and what it needs of memory at any length.

`python -m benchmarks.content.packaging`. Ours is both steps and the file to keep, by hand is one run of ffmpeg with the
same settings, one after the other in the same run. `MINUTES=10` is the length for the time, `LENGTHS=10,60` those for
the memory (5 pictures a second there: memory is asked, not time). Reach: 1.1 times by hand; 300 MB whatever the length.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from backtolife.content.encoding.ffmpeg import find_ffmpeg
from backtolife.content.encoding.probe import probe
from backtolife.content.encoding.renditions import AUDIO, FIRST, LADDER, arguments
from backtolife.content.packaging.package import package
from backtolife.content.packaging.single_file import write_download
from benchmarks.content.synthetic import synthetic

MINUTES = float(os.environ.get("MINUTES", "10"))
LENGTHS = [float(each) for each in os.environ.get("LENGTHS", "10,60").split(",")]
MOST_RATIO, MOST_MB = 1.1, 300


def ours(source: Path, folder: Path) -> None:
    package(source, folder, renditions=FIRST, timeout_s=36_000)
    done = package(source, folder, timeout_s=36_000)
    write_download(folder, done.duration_ms)


def by_hand(source: Path, folder: Path) -> None:
    for name in (*(each.name for each in LADDER), AUDIO):
        (folder / name).mkdir(parents=True)
    ladder = arguments(str(source.resolve()), probe(source), LADDER, slides=False, sound=True)
    subprocess.run([find_ffmpeg(), "-v", "error", "-nostdin", "-y", *ladder], cwd=folder, check=True)


WAYS = {"ours": ours, "by_hand": by_hand}


def here(way: str, source: str, folder: str) -> None:
    """Do it here, and print seconds, seconds of processor time, and megabytes of us and our largest child."""
    Path(folder).mkdir()
    began = time.monotonic()
    WAYS[way](Path(source), Path(folder) / "video")
    took = time.monotonic() - began
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
    print(took, spent, (own.ru_maxrss + children.ru_maxrss) / 1024)


def measured(way: str, source: Path, folder: Path) -> tuple[float, float, float]:
    command = [sys.executable, "-m", "benchmarks.content.packaging", way, str(source), str(folder)]
    took, spent, memory = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.split()
    return float(took), float(spent), float(memory)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        source = synthetic(place / "film.mp4", minutes=MINUTES, rate=30)
        hand_took, hand_spent, _ = measured("by_hand", source, place / "hand")
        took, spent, memory = measured("ours", source, place / "ours")
        ratio = spent / hand_spent
        verdict = "reached" if ratio <= MOST_RATIO else "MISSED"
        print(f"by hand        {hand_took:7.1f} s {hand_spent:7.1f} s of processor")
        print(f"ours           {took:7.1f} s {spent:7.1f} s of processor  {memory:4.0f} MB")
        print(
            f"ours / by hand {took / hand_took:7.2f}   {ratio:7.2f}  ({verdict}: processor at most {MOST_RATIO})",
            flush=True,
        )
        for minutes in LENGTHS:
            long = synthetic(place / "long.mp4", minutes=minutes, rate=5)
            _, _, memory = measured("ours", long, place / f"{minutes}")
            verdict = "reached" if memory <= MOST_MB else "MISSED"
            print(f"{minutes:.0f} minutes: {memory:.0f} MB  ({verdict}: at most {MOST_MB} MB)", flush=True)


if __name__ == "__main__":
    here(*sys.argv[1:]) if len(sys.argv) > 1 else main()
