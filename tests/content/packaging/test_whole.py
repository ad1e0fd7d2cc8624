"""What a disk that filled up has torn is found, though ffmpeg says that all went well."""

from pathlib import Path

import pytest

from backtolife.content.encoding.ffmpeg import Interrupted, run_ffmpeg
from backtolife.content.encoding.renditions import FIRST
from backtolife.content.encoding.whole import is_whole
from backtolife.content.packaging.package import package
from backtolife.content.packaging.single_file import write_download


@pytest.fixture(scope="module")
def packaged(video: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "video"
    write_download(folder, package(video, folder, renditions=FIRST).duration_ms)
    return folder


def test_what_ffmpeg_wrote_to_the_end_is_whole(video: Path, packaged: Path) -> None:
    playlists = [*packaged.glob("*/index.m3u8")]
    assert len(playlists) == len(FIRST) + 1
    assert all(map(is_whole, [video, *packaged.glob("*.mp4"), *playlists]))


@pytest.mark.parametrize("kept", [0, 7, 1000, -1])
def test_a_file_that_lacks_its_end_is_torn(video: Path, tmp_path: Path, kept: int) -> None:
    torn = tmp_path / "torn.mp4"
    torn.write_bytes(video.read_bytes()[:kept])
    assert not is_whole(torn)


@pytest.mark.parametrize("hurt", ["init.mp4", "00000.m4s", "index.m3u8", "gone"])
def test_a_playlist_is_whole_with_its_end_and_with_all_that_it_names(packaged: Path, tmp_path: Path, hurt: str) -> None:
    folder = tmp_path / "360p"
    folder.mkdir()
    for file in (packaged / "360p").iterdir():
        data = file.read_bytes()
        (folder / file.name).write_bytes(data[:-20] if file.name == hurt else data)
    if hurt == "gone":
        (folder / "00000.m4s").unlink()
    assert not is_whole(folder / "index.m3u8")


def test_a_torn_file_is_our_fault_though_ffmpeg_ends_well(
    video: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bin" / "ffmpeg"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\nhead -c 5000 {video} > film.mp4\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    with pytest.raises(Interrupted, match=r"The disk was full .* film\.mp4"):
        run_ffmpeg([], makes=["film.mp4"], cwd=tmp_path, duration_ms=1, timeout_s=30)
