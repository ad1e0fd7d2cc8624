"""A video becomes something browsers stream, whole or not at all."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import av
import pytest

from backtolife.content.encoding.ffmpeg import find_ffmpeg
from backtolife.content.encoding.playlists import MASTER
from backtolife.content.encoding.probe import probe
from backtolife.content.encoding.renditions import FIRST, THINNEST
from backtolife.content.packaging.package import missing, package, package_first, published, sweep
from backtolife.errors import Conflict, Invalid
from tests.content.conftest import make_video

CAPTIONS = "WEBVTT\n\n00:00:00.500 --> 00:00:03.000\nHello\n"


def seconds_of_picture(playlist: Path) -> float:
    """Decode every picture of a rendition and return where the last one stands."""
    with av.open(str(playlist)) as container:
        return max(float(frame.time or 0) for frame in container.decode(video=0))


def seconds_of_sound(playlist: Path) -> float:
    with av.open(str(playlist)) as container:
        return max(float(frame.time or 0) for frame in container.decode(audio=0))


def test_every_rendition_plays_to_its_end(video: Path, tmp_path: Path) -> None:
    made = package(video, tmp_path / "lesson", captions=CAPTIONS)
    assert made.renditions == ("240p", "360p")
    wide = make_video(tmp_path / "wide.mp4", size="1280x720")
    made = package(wide, tmp_path / "wide", captions=CAPTIONS)
    assert made.renditions == ("240p", "360p", "540p", "720p")
    for name in made.renditions:
        assert 3.8 <= seconds_of_picture(made.folder / name / "index.m3u8") <= 4.1
        assert 3.8 <= seconds_of_sound(made.folder / name / "index.m3u8") <= 4.2
    assert 3.8 <= seconds_of_sound(made.folder / "audio" / "index.m3u8") <= 4.2


def test_the_master_playlist_offers_pictures_just_sound_and_captions(video: Path, tmp_path: Path) -> None:
    made = package(video, tmp_path / "lesson", captions=CAPTIONS)
    with av.open(str(made.folder / MASTER)) as container:
        assert {stream.type for stream in container.streams} == {"video", "audio", "subtitle"}
    master = (made.folder / MASTER).read_text()
    assert ',mp4a.40.2",RESOLUTION=480x360,SUBTITLES="captions"\n360p/index.m3u8' in master
    assert 'CODECS="mp4a.40.2",SUBTITLES="captions"\naudio/index.m3u8' in master
    assert 'CODECS="avc1.4d40' in master
    assert (made.folder / "captions.vtt").read_text() == CAPTIONS
    assert "#EXTINF:4.0" in (made.folder / "captions.m3u8").read_text()


def test_every_address_in_every_playlist_is_relative_and_there(video: Path, tmp_path: Path) -> None:
    folder = package(video, tmp_path / "lesson", captions=CAPTIONS).folder
    playlists = list(folder.rglob("*.m3u8"))
    assert len(playlists) == 5
    for playlist in playlists:
        for line in playlist.read_text().splitlines():
            address = line.split('URI="')[1].split('"')[0] if 'URI="' in line else "" if line[:1] == "#" else line
            assert not address or (playlist.parent / address).is_file(), address


def test_the_first_renditions_play_first_and_the_others_join_it(tmp_path: Path) -> None:
    source = make_video(tmp_path / "wide.mp4", size="1280x720")
    folder = tmp_path / "lesson"
    assert package_first(source, folder, captions=CAPTIONS).renditions == ("240p", "360p")
    first = {path: path.stat().st_mtime_ns for path in folder.glob("360p/*")} | {
        path: path.stat().st_mtime_ns for path in folder.glob("audio/*")
    }
    assert [each.name for each in missing(folder, probe(source))] == ["540p", "720p"]
    assert package(source, folder).renditions == ("240p", "360p", "540p", "720p")
    assert {path: path.stat().st_mtime_ns for path in first} == first
    master = (folder / MASTER).read_text()
    assert master.count("#EXT-X-STREAM-INF") == 5
    assert "captions.m3u8" in master


def test_a_rendition_can_be_made_anew(video: Path, tmp_path: Path) -> None:
    folder = package(video, tmp_path / "lesson").folder
    package(video, folder, renditions=FIRST)
    assert seconds_of_picture(folder / "360p" / "index.m3u8") > 3.8
    assert [path.name for path in tmp_path.iterdir()] == ["lesson"]


def test_a_silent_video_and_an_upright_one_play_too(tmp_path: Path) -> None:
    source = make_video(tmp_path / "upright.mp4", size="480x640", sound=False, seconds=2)
    made = package(source, tmp_path / "lesson")
    assert not made.has_audio
    assert "RESOLUTION=360x480\n" in (made.folder / MASTER).read_text()
    assert seconds_of_picture(made.folder / MASTER) > 1.8


def test_progress_only_grows_and_ends_at_one(video: Path, tmp_path: Path) -> None:
    heard: list[float] = []
    package(video, tmp_path / "lesson", on_progress=heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == 1.0
    assert all(0 <= done <= 1 for done in heard)


def test_captions_that_are_none_are_refused_before_any_work(video: Path, tmp_path: Path) -> None:
    for wrong, words in (("1\n00:00 Hello", "first line must be WEBVTT"), ("WEBVTT\n\nHello\n", "no words with times")):
        with pytest.raises(Invalid, match=words):
            package(video, tmp_path / "lesson", captions=wrong)
    assert list(tmp_path.iterdir()) == []


class Interrupted(Exception):
    """What a shutting-down scheduler raises in the middle of the work."""


def test_an_interruption_leaves_nothing_half_published(tmp_path: Path) -> None:
    source = make_video(tmp_path / "long.mp4", seconds=30, size="640x360")

    def stop(done: float) -> None:
        raise Interrupted

    with pytest.raises(Interrupted):
        package(source, tmp_path / "lesson", on_progress=stop)
    assert not published(tmp_path / "lesson")
    assert [path.name for path in tmp_path.iterdir()] == ["long.mp4"]


def test_an_interruption_leaves_what_was_published_before_as_it_was(tmp_path: Path) -> None:
    source = make_video(tmp_path / "wide.mp4", size="960x540")
    folder = package_first(source, tmp_path / "lesson").folder
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    def stop(done: float) -> None:
        raise Interrupted

    with pytest.raises(Interrupted):
        package(source, folder, on_progress=stop)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_what_takes_too_long_is_stopped_and_says_so(tmp_path: Path) -> None:
    source = make_video(tmp_path / "long.mp4", seconds=30, size="1280x720")
    with pytest.raises(Conflict, match="was stopped"):
        package(source, tmp_path / "lesson", timeout_s=0.2)
    assert [path.name for path in tmp_path.iterdir()] == ["long.mp4"]


def test_a_killed_process_leaves_no_ffmpeg_and_its_rest_is_swept_up(tmp_path: Path) -> None:
    source = make_video(tmp_path / "long.mp4", seconds=60, size="1280x720")
    code = (
        "import sys; from pathlib import Path; from backtolife.content.packaging.package import package\n"
        "package(Path(sys.argv[1]), Path(sys.argv[2]), on_progress=lambda done: print(done, flush=True))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(source), str(tmp_path / "lesson")], stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline()
        encoders = children(child.pid)
        assert encoders
        child.send_signal(signal.SIGKILL)
    until = time.monotonic() + 30
    while any(alive(pid) for pid in encoders) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(alive(pid) for pid in encoders)
    assert not published(tmp_path / "lesson")
    assert sweep(tmp_path) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["long.mp4"]


def children(pid: int) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(entry.parent.name))
    return found


def alive(pid: int) -> bool:
    """Whether the process still runs; one that is dead but not yet collected does not."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("slides", [False, True])
def test_the_thinnest_picture_with_its_sound_fits_a_line_of_150_kbit_a_second(tmp_path: Path, slides: bool) -> None:
    """Also where every pixel changes all the time, and in every segment."""
    command = [find_ffmpeg(), "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=640x360:rate=30,noise=alls=80:allf=t"]
    command += ["-f", "lavfi", "-i", "anoisesrc=color=pink", "-t", "20", "-c:v", "libx264", "-preset", "ultrafast"]
    subprocess.run([*command, "-pix_fmt", "yuv420p", "-c:a", "aac", str(tmp_path / "noise.mp4")], check=True)
    made = package(tmp_path / "noise.mp4", tmp_path / "lesson", renditions=[THINNEST], slides=slides)
    peak = re.search(r"BANDWIDTH=(\d+).*\n240p", (made.folder / MASTER).read_text())
    assert peak is not None
    assert int(peak[1]) <= 150_000
    with av.open(str(made.folder / "240p" / "index.m3u8")) as container:
        frames = sum(1 for _ in container.decode(video=0))
    assert frames <= 20 * THINNEST.fps + 1
