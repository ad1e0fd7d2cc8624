"""An upload is looked into without trusting a byte of it."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import av
import pytest

from backtolife.content.encoding.probe import Limits, probe
from backtolife.content.packaging.package import package
from backtolife.errors import Invalid
from tests.content.conftest import make_video


class Canary:
    """A web server on this machine that nothing may ever ask for anything."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        asked = self.asked

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing: what was asked is kept instead."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def canary() -> Iterator[Canary]:
    canary = Canary()
    yield canary
    canary.server.shutdown()
    canary.server.server_close()


def test_a_real_video_says_what_it_is(video: Path) -> None:
    found = probe(video)
    assert (found.width, found.height, found.video_codec, found.has_audio) == (640, 480, "h264", True)
    assert 3900 <= found.duration_ms <= 4100


def test_a_file_is_read_by_what_it_holds_and_not_by_its_name(video: Path, tmp_path: Path) -> None:
    assert probe(video.rename(tmp_path / "holiday.txt")).demuxer == "mov"
    (tmp_path / "holiday.txt").rename(video)
    matroska = make_video(tmp_path / "holiday.mkv", seconds=1)
    assert probe(matroska.rename(tmp_path / "holiday.mp4")).demuxer == "matroska"


PLAYLISTS = {
    "hls": "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{url}/secret.ts\n#EXT-X-ENDLIST\n",
    "concat": "ffconcat version 1.0\nfile {url}/secret.mp4\n",
    "dash": '<?xml version="1.0"?><MPD><Period><BaseURL>{url}/secret</BaseURL></Period></MPD>',
    "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\n{url}\n",
    "dressed up as MP4": "#EXTftypM3U\n#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{url}/secret.ts\n",
    "dressed up as WebM": "\x1a\x45\xdf\xa3\n#EXTM3U\n#EXTINF:5,\n{url}/secret.ts\n",
}


def test_the_canary_sings_when_a_careless_player_opens_the_playlist(canary: Canary, tmp_path: Path) -> None:
    playlist = tmp_path / "lesson.m3u8"
    playlist.write_text(PLAYLISTS["hls"].format(url=canary.url))
    with pytest.raises(av.error.FFmpegError):
        av.open(str(playlist), options={"protocol_whitelist": "file,http,tcp"})
    assert canary.asked


@pytest.mark.parametrize("kind", PLAYLISTS)
def test_a_playlist_named_mp4_is_refused_and_its_address_is_never_asked(
    kind: str, canary: Canary, tmp_path: Path
) -> None:
    playlist = tmp_path / "lesson.mp4"
    playlist.write_bytes(PLAYLISTS[kind].format(url=canary.url).encode("latin-1"))
    with pytest.raises(Invalid, match=r"not a video we can read|cannot be read"):
        probe(playlist)
    with pytest.raises(Invalid):
        package(playlist, tmp_path / "published")
    assert canary.asked == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lesson.mp4"]


def test_words_named_mp4_are_refused(tmp_path: Path) -> None:
    words = tmp_path / "notes.mp4"
    words.write_text("These are only words.\n" * 100)
    with pytest.raises(Invalid, match="not a video we can read") as refusal:
        probe(words)
    assert refusal.value.field == "video"


def test_an_empty_file_and_no_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").touch()
    for name in ("empty.mp4", "none.mp4"):
        with pytest.raises(Invalid, match="This file is empty"):
            probe(tmp_path / name)


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6])
def test_an_upload_that_was_cut_short_is_refused(video: Path, tmp_path: Path, share: float) -> None:
    whole = make_video(tmp_path / "whole.mp4", seconds=20, size="320x240").read_bytes()
    (tmp_path / "short.mp4").write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(Invalid, match=r"cut short|cannot be read|no picture"):
        probe(tmp_path / "short.mp4")


def test_sound_alone_is_refused(video: Path, tmp_path: Path) -> None:
    sound = package(video, tmp_path / "package").folder / "audio" / "init.mp4"
    with pytest.raises(Invalid, match="no picture"):
        probe(sound)


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(size_bytes=1000), "too large"),
        (Limits(duration_ms=3000), "longer than 0 minutes"),
        (Limits(side_pixels=600), "640 by 480. The most is 600"),
        (Limits(fps=20), "25 pictures a second"),
        (Limits(streams=1), "too many tracks"),
        (Limits(timeout_s=0.001), "took too long"),
    ],
)
def test_a_video_past_a_limit_is_refused_with_the_limit(video: Path, limits: Limits, words: str) -> None:
    with pytest.raises(Invalid) as refusal:
        probe(video, limits)
    assert words in refusal.value.message


def test_a_small_file_with_an_enormous_picture_is_refused(tmp_path: Path) -> None:
    bomb = make_video(tmp_path / "bomb.mp4", size="5000x5000", seconds=1, rate=1, sound=False)
    with pytest.raises(Invalid, match="5000 by 5000"):
        probe(bomb)


def test_the_size_is_the_one_the_picture_has_and_not_what_a_header_claims(video: Path, tmp_path: Path) -> None:
    data = video.read_bytes()
    entry = data.rindex(b"avc1", 0, data.index(b"avcC"))
    (tmp_path / "lie.mp4").write_bytes(data[: entry + 28] + b"\xff\xff\xff\xff" + data[entry + 32 :])
    found = probe(tmp_path / "lie.mp4")
    assert (found.width, found.height) == (640, 480)
