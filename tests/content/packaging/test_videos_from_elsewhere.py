"""Videos as people's devices and programs write them: each is taken as it comes, and shown as it was meant."""

import itertools
import os
from pathlib import Path
from typing import Any

import av
import pytest

from backtolife.content.encoding.ffmpeg import MOST_MEMORY, NICENESS, Interrupted, run_ffmpeg
from backtolife.content.encoding.probe import probe
from backtolife.content.encoding.renditions import FIRST
from backtolife.content.packaging.package import Package, package

CASES = Path(__file__).parents[1] / "cases" / "video"
WHOLE = {
    "anamorphic-16x9.mp4": (4.0, (640, 360), False),
    "audio-longer.mp4": (60.0, (640, 360), True),
    "browser-recording.webm": (None, (640, 360), True),
    "hdr-pq.mov": (3.0, (640, 360), False),
    "no-length.webm": (None, (640, 360), True),
    "plain.mp4": (4.0, (640, 360), True),
    "rotated.mp4": (4.0, (360, 640), True),
    "slides-vfr.mp4": (60.0, (640, 360), True),
}


def made(name: str, tmp_path: Path) -> Package:
    return package(CASES / name, tmp_path / "lesson", renditions=FIRST)


def test_every_case_has_a_test() -> None:
    assert {path.name for path in CASES.iterdir()} == set(WHOLE)


@pytest.mark.parametrize("name", WHOLE)
def test_a_video_plays_as_long_as_its_sound_in_square_pixels(name: str, tmp_path: Path) -> None:
    length, size, sound = WHOLE[name]
    done = made(name, tmp_path)
    with av.open(str(CASES / name)) as source:
        wanted = length or max(
            float((packet.pts + (packet.duration or 0)) * packet.time_base)
            for packet in source.demux()
            if packet.pts is not None
        )
    with av.open(str(done.folder / "360p" / "index.m3u8")) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.width, stream.codec_context.height) == size
        assert stream.codec_context.sample_aspect_ratio in (None, 1)
        assert bool(container.streams.audio) is sound
        frames = [float(frame.time or 0) for frame in container.decode(video=0)]
    assert abs(done.duration_ms / 1000 - wanted) < 0.3
    assert abs(frames[-1] - wanted) < 0.5
    fps = min(max(probe(CASES / name).fps, 5), 30)
    assert abs(len(frames) - wanted * fps) <= max(3, fps / 4)
    assert max(after - before for before, after in itertools.pairwise(frames)) < 0.5


def test_a_picture_in_hdr_is_shown_in_the_colours_of_common_screens(tmp_path: Path) -> None:
    done = made("hdr-pq.mov", tmp_path)
    with av.open(str(done.folder / "360p" / "index.m3u8")) as container:
        frame = next(container.decode(video=0))
        assert (int(frame.colorspace), container.streams.video[0].codec_context.color_trc) == (1, 1)
        shown = frame.to_ndarray(format="gray")
    with av.open(str(CASES / "hdr-pq.mov")) as source:
        grey = next(source.decode(video=0)).reformat(format="gray").to_ndarray()
    assert float(shown.mean()) > float(grey.mean()) + 10


def test_slides_change_when_they_changed_in_the_source(tmp_path: Path) -> None:
    done = made("slides-vfr.mp4", tmp_path)
    with av.open(str(CASES / "slides-vfr.mp4")) as source:
        changes = [float(frame.time or 0) for frame in source.decode(video=0)]
    with av.open(str(done.folder / "360p" / "index.m3u8")) as container:
        shown = [(float(f.time or 0), f.to_ndarray(format="gray").astype(int)) for f in container.decode(video=0)]
    for moment in changes[1:]:
        before, after, later = (picture_at(shown, moment + off) for off in (-0.3, 0.3, 0.7))
        across, inside = abs(before - after).mean(), abs(after - later).mean()
        assert across > 0.2
        assert across > 3 * inside


def picture_at(shown: list[tuple[float, Any]], moment: float) -> Any:
    """The picture that stands at `moment`, in seconds."""
    return [picture for at, picture in shown if at <= moment][-1]


@pytest.mark.parametrize("script", ["kill -9 $$", "echo 'No space left on device' >&2; exit 1"])
def test_what_ends_on_our_side_is_never_the_files_fault(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "ffmpeg"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    with pytest.raises(Interrupted, match="on our side"):
        run_ffmpeg(["-version"], makes=(), cwd=tmp_path, duration_ms=1, timeout_s=30)


def test_a_film_that_takes_all_there_is_gives_way_to_pages_and_rooms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of 4096 by 4096 pixels with 120 pictures a second is within the limits, and would take every core."""
    program = tmp_path / "bin" / "ffmpeg"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\nnice > "$0.nice"\nionice > "$0.ionice"\nulimit -v > "$0.memory"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/sbin:/usr/bin:/sbin:/bin")
    run_ffmpeg(["-version"], makes=(), cwd=tmp_path, duration_ms=1, timeout_s=30)
    told = {kind: Path(f"{program}.{kind}").read_text().strip() for kind in ("nice", "ionice", "memory")}
    assert told == {"nice": str(min(19, os.nice(0) + NICENESS)), "ionice": "idle", "memory": str(MOST_MEMORY // 1024)}
