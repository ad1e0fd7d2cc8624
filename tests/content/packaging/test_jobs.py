"""The scheduler's work: one step a call, session 1 first, and what goes wrong said plainly."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import av
import pytest
from flask import Flask
from sqlmodel import Session, select

from backtolife import clock
from backtolife.config import Settings
from backtolife.content import services
from backtolife.content.encoding.playlists import MASTER
from backtolife.content.models import PackageState, Video, VideoPackage
from backtolife.content.packaging import incoming, jobs
from backtolife.database.session import session_scope
from backtolife.people.access import Actor
from backtolife.people.models import Role
from tests.content.conftest import make_video
from tests.support.content.house import House, open_house

CAPTIONS = (
    b"WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nHurt does not\n\n00:00:02.000 --> 00:00:04.000\nmean <i>harm</i>\n"
)


@pytest.fixture
def house(app: Flask) -> House:
    return open_house(app)


def upload(house: House, video: Path, number: int, captions: bytes = b"") -> str:
    """Give a session the file at `video`; the package's id."""
    received = incoming.receive(
        house.settings.videos_dir, save=lambda path: path.write_bytes(video.read_bytes()), captions=captions
    )
    staff = Actor(house.facilitator.id, house.service_id, frozenset({Role.FACILITATOR}))
    with session_scope(house.engine) as db:
        package = services.upload(
            db,
            actor=staff,
            session_number=number,
            title="A film",
            source=received.source,
            transcript="",
            now=clock.now(),
        )
        return package.id


def row(house: House, package_id: str) -> VideoPackage:
    with Session(house.engine) as db:
        return db.get_one(VideoPackage, package_id)


def test_an_upload_becomes_playable_and_then_ready(house: House, tmp_path: Path) -> None:
    wide = make_video(tmp_path / "wide.mp4", size="1280x720", seconds=4)
    package_id = upload(house, wide, 3, CAPTIONS)
    assert house.work() == [True]
    first = row(house, package_id)
    assert (first.state, first.progress, first.claimed_at) == (PackageState.PLAYABLE, jobs.FIRST_AT, None)
    assert [each["name"] for each in first.renditions] == ["240p", "360p", "audio"]
    assert first.transcript == "Hurt does not mean harm"
    assert 3_900 <= first.duration_ms <= 4_100
    assert house.work() == [True]
    last = row(house, package_id)
    assert (last.state, last.progress, last.trouble) == (PackageState.READY, 1.0, "")
    assert [each["name"] for each in last.renditions] == ["240p", "360p", "540p", "720p", "audio", "download.mp4"]
    assert all(each["bytes"] > 1000 for each in last.renditions)
    folder = house.settings.videos_dir / "packages" / package_id
    assert "720p/index.m3u8" in (folder / MASTER).read_text()
    assert house.work() == [False]


def test_one_file_to_keep_holds_the_picture_the_sound_and_the_captions(house: House, tmp_path: Path) -> None:
    package_id = upload(house, make_video(tmp_path / "wide.mp4", size="1280x720", seconds=4), 3, CAPTIONS)
    house.work(2)
    with av.open(str(house.settings.videos_dir / "packages" / package_id / "download.mp4")) as container:
        assert {stream.type for stream in container.streams} == {"video", "audio", "subtitle"}
        assert container.streams.video[0].codec_context.height == 540
        assert 3.8 <= max(float(frame.time or 0) for frame in container.decode(video=0)) <= 4.1


@pytest.mark.parametrize("kept", [True, False])
def test_a_video_from_before_a_rung_was_added_gets_it_and_plays_on(house: House, video: Path, kept: bool) -> None:
    """Also where its source is gone, as that of a script is once it is ready."""
    package_id = upload(house, video, 1)
    house.work(2)
    folder = house.settings.videos_dir / "packages" / package_id
    shutil.rmtree(folder / "240p")
    (folder / "download.mp4").unlink()
    if not kept:
        (house.settings.videos_dir / row(house, package_id).source).unlink()
    with session_scope(house.engine) as db:
        older = db.get_one(VideoPackage, package_id)
        older.renditions = [each for each in older.renditions if each["name"] in ("360p", "audio")]
    jobs.begin_afresh(house.engine, house.settings)
    assert row(house, package_id).state is PackageState.PLAYABLE
    assert house.work(2) == [True, False]
    found = row(house, package_id)
    assert (found.state, found.trouble) == (PackageState.READY, "")
    assert [each["name"] for each in found.renditions] == ["240p", "360p", "audio", "download.mp4"]
    jobs.begin_afresh(house.engine, house.settings)
    assert house.work() == [False]


def test_the_first_renditions_of_every_video_come_before_the_rest_of_any(house: House, video: Path) -> None:
    ids = [upload(house, video, number) for number in (5, 1, 3)]
    order = []
    for _ in range(4):
        before = {each: row(house, each).state for each in ids}
        house.work()
        order += [(ids.index(each), row(house, each).state) for each in ids if row(house, each).state != before[each]]
    playable, ready = PackageState.PLAYABLE, PackageState.READY
    assert order == [(1, playable), (2, playable), (0, playable), (1, ready)]


def test_a_script_becomes_a_video_with_captions_parts_and_words(house: House) -> None:
    house.adopt()
    assert house.work() == [True]
    with Session(house.engine) as db:
        video = db.exec(select(Video).where(Video.key == "v01-how-pain-works")).one()
        package = services.playing_package(db, video.id)
    assert package is not None
    assert package.chapters[0] == {"start_ms": 0, "heading": "Your pain is real"}
    assert len(package.chapters) == 7
    assert "Hello, and welcome." in package.transcript
    assert package.duration_ms > 60_000
    folder = house.settings.videos_dir / "packages" / package.id
    assert (folder / "captions.vtt").read_text().startswith("WEBVTT")
    assert json.dumps(package.renditions).count("bytes") == 3


def test_a_file_that_breaks_later_fails_in_words_and_the_next_one_goes_on(
    house: House, video: Path, settings: Settings
) -> None:
    broken, sound = upload(house, video, 1), upload(house, video, 2)
    (settings.videos_dir / row(house, broken).source).write_bytes(b"no longer a video" * 100)
    house.work(2)
    failed = row(house, broken)
    assert failed.state is PackageState.FAILED
    assert "not a video we can read" in failed.trouble
    assert failed.claimed_at is None
    assert row(house, sound).state is PackageState.PLAYABLE


def test_better_renditions_that_fail_leave_the_video_playable(house: House, tmp_path: Path) -> None:
    package_id = upload(house, make_video(tmp_path / "wide.mp4", size="1280x720", seconds=2), 1)
    house.work()
    (house.settings.videos_dir / row(house, package_id).source).unlink()
    assert house.work(2) == [True, False]
    kept = row(house, package_id)
    assert kept.state is PackageState.PLAYABLE
    assert kept.trouble
    with Session(house.engine) as db:
        assert services.playing_package(db, kept.video_id) is not None


def test_a_claim_is_respected_until_it_is_stale_or_the_scheduler_starts_anew(house: House, video: Path) -> None:
    package_id = upload(house, video, 1)
    now = clock.now()
    with session_scope(house.engine) as db:
        claimed = db.get_one(VideoPackage, package_id)
        claimed.state, claimed.claimed_at = PackageState.PACKAGING, now
    assert not jobs.package_next(house.engine, house.settings, now + timedelta(minutes=1))
    with session_scope(house.engine) as db:
        found = jobs.first_waiting(db, now + jobs.STALE + timedelta(seconds=1))
        assert found is not None
        assert found[0].id == package_id
    jobs.begin_afresh(house.engine, house.settings)
    assert jobs.package_next(house.engine, house.settings, now + timedelta(minutes=1))
    assert row(house, package_id).state is PackageState.PLAYABLE


def test_progress_is_seen_from_outside_while_ffmpeg_runs(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "TELL_EVERY_S", 0.0)
    package_id = upload(house, make_video(tmp_path / "long.mp4", seconds=30), 1)
    seen = []
    with ThreadPoolExecutor(1) as scheduler:
        work = scheduler.submit(house.work)
        while not work.done():
            seen.append(row(house, package_id))
    assert work.result() == [True]
    between = [each.progress for each in seen if 0 < each.progress < jobs.FIRST_AT]
    assert between == sorted(between)
    assert len(set(between)) >= 2
    assert all(each.claimed_at for each in seen if each.state is PackageState.PACKAGING)


@pytest.mark.parametrize("script", ["kill -9 $$", "echo 'No space left on device' >&2; exit 1"])
def test_what_breaks_on_our_side_is_tried_again_and_blamed_on_nobody(
    house: House, video: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    package_id = upload(house, video, 3)
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "ffmpeg").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "ffmpeg").chmod(0o755)
    now = clock.now()
    with monkeypatch.context() as patch:
        patch.setenv("PATH", f"{folder}:/usr/bin:/bin")
        assert jobs.package_next(house.engine, house.settings, now)
    found = row(house, package_id)
    assert (found.state, found.trouble) == (PackageState.WAITING, "")
    assert not jobs.package_next(house.engine, house.settings, now + timedelta(seconds=30))
    assert jobs.package_next(house.engine, house.settings, now + timedelta(minutes=3))
    assert row(house, package_id).state is PackageState.PLAYABLE


def test_after_the_last_try_a_person_is_told_that_it_is_our_fault(
    house: House, video: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package_id = upload(house, video, 3)
    (tmp_path / "ffmpeg").write_text("#!/bin/sh\nkill -9 $$\n")
    (tmp_path / "ffmpeg").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    now, tries = clock.now(), 0
    while row(house, package_id).state is not PackageState.FAILED and tries < 10:
        now += timedelta(hours=1)
        tries += jobs.package_next(house.engine, house.settings, now)
    assert (tries, row(house, package_id).trouble) == (len(jobs.WAITS) + 1, jobs.OURS)


def test_a_video_of_which_the_scheduler_dies_is_not_begun_for_ever(
    house: House, video: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """The process is gone, as when there is no memory left: nothing after it runs."""

    def die(work: jobs.Work) -> None:
        raise Killed

    package_id = upload(house, video, 3)
    with monkeypatch.context() as patch:
        patch.setattr(jobs, "make_playable", die)
        for _ in range(jobs.MOST_TRIES):
            with pytest.raises(Killed):
                jobs.package_next(house.engine, house.settings, clock.now())
            jobs.begin_afresh(house.engine, house.settings)  # the next scheduler
        assert jobs.package_next(house.engine, house.settings, clock.now())
    assert (row(house, package_id).state, row(house, package_id).trouble) == (PackageState.FAILED, jobs.OURS)
    staff = Actor(house.facilitator.id, house.service_id, frozenset({Role.FACILITATOR}))
    with session_scope(house.engine) as db:
        services.try_again(db, actor=staff, package_id=package_id, now=clock.now())
    assert house.work() == [True]
    assert (row(house, package_id).state, row(house, package_id).tries) == (PackageState.PLAYABLE, 0)
