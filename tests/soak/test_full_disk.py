"""A disk that is really full: a small one of memory under the videos, filled to its last byte."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlmodel import Session, select

from backtolife import clock
from backtolife.content.arriving import store
from backtolife.content.models import PackageState, VideoPackage
from backtolife.content.packaging import jobs
from tests.content.arriving.test_arriving import begin, offset, send
from tests.content.conftest import make_video
from tests.support.content.house import House, open_house

PIECE = 256 * 1024


@pytest.fixture
def house(app: Flask) -> Iterator[House]:
    opened = open_house(app)
    videos = opened.settings.videos_dir
    videos.mkdir(parents=True, exist_ok=True)
    size = store.SPARE_BYTES + 40_000_000
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(videos)], check=True)
    yield opened
    subprocess.run(["umount", str(videos)], check=True)


def fill(videos: Path, but: int = 0) -> Path:
    """Take what is free, to the last block; then give `but` bytes back."""
    filler = videos / "filler"
    with filler.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space left"):
        while True:
            file.write(bytes(1_000_000))
    assert shutil.disk_usage(videos).free == 0
    os.truncate(filler, filler.stat().st_size - but)
    return filler


def package(house: House) -> VideoPackage:
    with Session(house.engine) as db:
        return db.exec(select(VideoPackage)).one()


def test_a_video_goes_on_arriving_and_is_made_ready_once_a_full_disk_has_room_again(
    house: House, tmp_path: Path
) -> None:
    data = make_video(tmp_path / "film.mp4", seconds=20).read_bytes()
    assert len(data) > 2 * PIECE
    videos, facilitator, now = house.settings.videos_dir, house.client(house.facilitator), clock.now()
    where = begin(facilitator, len(data)).headers["Location"]
    assert send(facilitator, where, 0, data[:PIECE]).status_code == 204
    filler = fill(videos)
    refused = send(facilitator, where, PIECE, data[PIECE:])
    assert (refused.status_code, "The disk on our side is full" in refused.get_json()["error"]) == (507, True)
    come = offset(facilitator, where)
    assert PIECE <= come < len(data)
    assert begin(facilitator, 5).status_code == 507
    filler.unlink()
    assert send(facilitator, where, come, data[come:]).status_code == 204
    form = {"session": "1", "title": "Pain", "arrived": where.rpartition("/")[2]}
    assert facilitator.post("/videos/manage", data=form).status_code == 302
    assert (videos / package(house).source).read_bytes() == data

    for free in (0, 200_000, 600_000):
        filler = fill(videos, free)
        now += timedelta(minutes=20)
        assert jobs.package_next(house.engine, house.settings, now)
        assert (package(house).state, package(house).trouble) == (PackageState.WAITING, "")
        filler.unlink()
    now += timedelta(minutes=20)
    assert jobs.package_next(house.engine, house.settings, now)
    assert package(house).state is PackageState.PLAYABLE
    filler = fill(videos, 200_000)
    assert jobs.package_next(house.engine, house.settings, now)
    assert (package(house).state, package(house).trouble) == (PackageState.PLAYABLE, "")
    filler.unlink()
    assert jobs.package_next(house.engine, house.settings, now + timedelta(minutes=20))
    assert package(house).state is PackageState.READY
