"""A new service has its videos made by one press; what is not wanted is cancelled, also while it is worked on."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from backtolife import clock
from backtolife.content import services
from backtolife.content.models import PackageKind, PackageState, Video, VideoPackage
from backtolife.content.packaging import incoming, jobs
from backtolife.database.session import session_scope
from backtolife.people.access import Actor
from backtolife.people.models import Role
from backtolife.programme.plan.loading import shipped
from tests.support.content.house import House, open_house


@pytest.fixture
def house(app: Flask) -> House:
    return open_house(app)


@pytest.fixture
def priya(house: House) -> FlaskClient:
    return house.client(house.facilitator)


def packages(house: House) -> list[VideoPackage]:
    with Session(house.engine) as db:
        return list(db.exec(select(VideoPackage)))


def upload(house: House, data: bytes) -> VideoPackage:
    received = incoming.receive(house.settings.videos_dir, save=lambda path: path.write_bytes(data))
    staff = Actor(house.facilitator.id, house.service_id, frozenset({Role.FACILITATOR}))
    with session_scope(house.engine) as db:
        return services.upload(
            db, actor=staff, session_number=1, title="A film", source=received.source, transcript="", now=clock.now()
        )


def test_one_press_asks_for_a_video_of_each_session_and_a_second_for_none(house: House, priya: FlaskClient) -> None:
    assert "Make the 9 videos" in priya.get("/videos/manage").text
    page = priya.post("/videos/manage/shipped", follow_redirects=True).text
    assert "9 videos are being made." in page
    assert page.count("In the queue") == 9
    assert "Make the" not in page
    assert "Nothing is made." in priya.post("/videos/manage/shipped", follow_redirects=True).text
    assert [each.kind for each in packages(house)] == [PackageKind.SCRIPT] * len(shipped().sessions)


def test_a_video_from_the_script_is_marked_as_a_draft_until_an_upload_takes_its_place(
    house: House, priya: FlaskClient, video: Path
) -> None:
    house.adopt()
    with session_scope(house.engine) as db:
        for each in db.exec(select(VideoPackage)):
            each.state = PackageState.READY
    drafts = [each["draft"] for each in priya.get("/videos/manage/progress").get_json()]
    assert drafts == [True] * 9
    upload(house, video.read_bytes())
    house.work()
    drafts = [each["draft"] for each in priya.get("/videos/manage/progress").get_json()]
    assert drafts == [False, *[True] * 8]


def test_what_did_not_work_is_cancelled_and_nothing_of_it_stays(house: House, priya: FlaskClient, video: Path) -> None:
    package = upload(house, video.read_bytes())
    source = house.settings.videos_dir / package.source
    source.write_bytes(b"broken")
    house.work()
    assert "Did not work" in priya.get("/videos/manage").text
    page = priya.post(f"/videos/manage/{package.id}/cancel", follow_redirects=True).text
    assert "It is cancelled." in page
    assert "Did not work" not in page
    assert not source.parent.exists()
    with Session(house.engine) as db:
        assert db.exec(select(Video)).all() == []
    assert priya.post(f"/videos/manage/{package.id}/again").status_code == 404


def test_a_video_that_can_be_watched_is_not_cancelled(house: House, priya: FlaskClient, video: Path) -> None:
    package = upload(house, video.read_bytes())
    house.work()
    refused = priya.post(f"/videos/manage/{package.id}/cancel")
    assert refused.status_code == 409
    assert "can be watched by now" in refused.text
    assert len(packages(house)) == 1


def test_a_cancelled_newer_one_leaves_the_video_that_plays(house: House, priya: FlaskClient, video: Path) -> None:
    upload(house, video.read_bytes())
    house.work(2)
    newer = upload(house, video.read_bytes())
    assert priya.post(f"/videos/manage/{newer.id}/cancel").status_code == 302
    assert len(packages(house)) == 1
    assert "Ready" in priya.get("/videos/manage").text


def test_the_video_from_before_is_brought_back_and_so_is_the_other_again(
    house: House, priya: FlaskClient, video: Path
) -> None:
    house.adopt()
    with session_scope(house.engine) as db:
        for each in db.exec(select(VideoPackage)):
            each.state = PackageState.READY
        [first] = db.exec(select(VideoPackage).join(Video).where(Video.session_number == 1))
    assert "Play the one from before" not in priya.get("/videos/manage").text
    newer = upload(house, video.read_bytes())
    waiting = priya.post(f"/videos/manage/{newer.id}/bring-back")
    assert (waiting.status_code, "cannot be watched yet" in waiting.text) == (409, True)
    house.work()
    assert playing(house) == (newer.id, "A film")
    assert "Play the one from before" in priya.get("/videos/manage").text
    page = priya.post(f"/videos/manage/{first.id}/bring-back", follow_redirects=True).text
    assert "plays again" in page
    assert playing(house)[0] == first.id
    assert playing(house)[1] != "A film", "its own title came back too"
    assert "plays already" in priya.post(f"/videos/manage/{first.id}/bring-back").text
    priya.post(f"/videos/manage/{newer.id}/bring-back")
    assert playing(house)[0] == newer.id


def playing(house: House) -> tuple[str, str]:
    """Which package plays before session 1, and what it is called."""
    with Session(house.engine) as db:
        [video] = db.exec(select(Video).where(Video.session_number == 1))
        package = services.playing_package(db, video.id)
        assert package is not None
        return package.id, video.title


def test_one_that_is_cancelled_while_it_is_worked_on_stops_and_the_next_goes_on(
    house: House, priya: FlaskClient, video: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = upload(house, video.read_bytes())
    begin = jobs.make_playable

    def cancelled(work: jobs.Work) -> None:
        assert priya.post(f"/videos/manage/{package.id}/cancel").status_code == 302
        begin(work)

    monkeypatch.setattr(jobs, "make_playable", cancelled)
    assert house.work() == [True]
    assert packages(house) == []
    assert not (house.settings.videos_dir / "packages" / package.id).exists()
    monkeypatch.undo()
    upload(house, video.read_bytes())
    assert house.work() == [True]
    assert packages(house)[0].state is PackageState.PLAYABLE
