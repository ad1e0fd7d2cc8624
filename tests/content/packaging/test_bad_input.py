"""What is no video for us is refused in words before any work; odd clocks and sizes are taken as they come."""

import subprocess
from pathlib import Path

import av
import pytest

from backtolife.content.encoding.ffmpeg import find_ffmpeg
from backtolife.content.encoding.probe import probe
from backtolife.content.encoding.renditions import FIRST
from backtolife.content.packaging.package import package
from backtolife.errors import Invalid

ODD = {
    "begins at 100 s": ["-output_ts_offset", "100"],
    "10 bits": ["-pix_fmt", "yuv420p10le"],
    "4:2:2": ["-pix_fmt", "yuv422p"],
    "odd sizes": ["-vf", "crop=321:243", "-pix_fmt", "yuv444p"],
}


@pytest.mark.parametrize("kind", ODD)
def test_an_odd_clock_size_or_depth_of_colour_plays_from_the_start(kind: str, tmp_path: Path) -> None:
    source = tmp_path / "odd.mp4"
    command = [find_ffmpeg(), "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=640x480:rate=25", "-t", "3"]
    subprocess.run([*command, "-c:v", "libx264", "-preset", "ultrafast", *ODD[kind], str(source)], check=True)
    done = package(source, tmp_path / "lesson", renditions=FIRST)
    with av.open(str(done.folder / "240p" / "index.m3u8")) as container:
        assert container.streams.video[0].codec_context.pix_fmt == "yuv420p"
        frames = [float(frame.time or 0) for frame in container.decode(video=0)]
    assert frames[0] < 0.2
    assert 2.7 <= frames[-1] <= 3.2


def test_four_gigabytes_are_refused_by_their_size_and_never_read(tmp_path: Path) -> None:
    large = tmp_path / "large.mp4"
    with large.open("wb") as file:
        file.truncate(4 * 2**30)
    with pytest.raises(Invalid, match=r"too large: 4\.0 GB\. The most is 2\.0 GB"):
        probe(large)


def test_twelve_hours_are_refused(tmp_path: Path) -> None:
    command = [find_ffmpeg(), "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=64x64:rate=1/60", "-t", "43200"]
    command += ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", str(tmp_path / "long.mp4")]
    subprocess.run(command, check=True)
    with pytest.raises(Invalid, match="longer than 120 minutes"):
        probe(tmp_path / "long.mp4")
