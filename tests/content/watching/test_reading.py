"""Reading all the words of a video counts like watching it, and is told apart."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from backtolife import clock
from backtolife.content.models import PackageState, VideoPackage, Watching
from backtolife.database.session import session_scope
from backtolife.reporting.dataset.answers import videos_by
from backtolife.reporting.dataset.final import Finals
from backtolife.reporting.dataset.loading import load
from tests.support.content.house import House, open_house


@pytest.fixture
def house(app: Flask) -> House:
    found = open_house(app)
    found.adopt()
    with session_scope(found.engine) as db:
        for each in db.exec(select(VideoPackage)):
            each.state, each.duration_ms, each.transcript = PackageState.READY, 60_000, "All the words."
    return found


@pytest.fixture
def patient(house: House) -> FlaskClient:
    return house.client(house.patient)


FIRST = "/videos/v01-how-pain-works"


def row(house: House) -> Watching:
    with Session(house.engine) as db:
        return db.exec(select(Watching)).one()


def counted(house: House) -> tuple[int, int]:
    """The videos that the figures count, and of them those that were read; of a group that never ends."""
    place = house.enrolment
    with Session(house.engine) as db:
        groups = load(db, service_id=house.service_id, now=clock.now()).groups
        finals = Finals({each.id: replace(each, final={}) for each in groups}, {})
        found = list(videos_by(db, house.service_id, finals, {place.id: place.cohort_id}))
    return (found[0][1], found[0][2]) if found else (0, 0)


def test_reading_to_the_end_counts_as_watched_and_is_counted_as_read(house: House, patient: FlaskClient) -> None:
    assert "I have read it all" in patient.get(FIRST).text
    assert patient.post(f"{FIRST}/read", data={"read": "yes"}).status_code == 302
    assert "You have read this." in patient.get(FIRST).text
    assert "· Watched" in patient.get("/videos").text
    assert row(house).finished_at == row(house).read_at is not None
    assert counted(house) == (1, 1)


def test_it_can_be_taken_back(house: House, patient: FlaskClient) -> None:
    for said in ("yes", "yes", "no", "no"):
        assert patient.post(f"{FIRST}/read", data={"read": said}).status_code == 302
    assert (row(house).finished_at, row(house).read_at) == (None, None)
    assert "I have read it all" in patient.get(FIRST).text
    assert "· Watched" not in patient.get("/videos").text
    assert counted(house) == (0, 0)


@pytest.mark.parametrize("first", ["watched", "read"])
def test_what_was_watched_too_stays_watched_when_the_reading_is_taken_back(
    house: House, patient: FlaskClient, first: str
) -> None:
    report = {"ranges": [[0, 58_000]], "position": 58_000}
    if first == "watched":
        assert patient.post(f"{FIRST}/watched", json=report).status_code == 200
    assert patient.post(f"{FIRST}/read", data={"read": "yes"}).status_code == 302
    if first == "read":
        assert patient.post(f"{FIRST}/watched", json=report).status_code == 200
    assert counted(house) == (1, int(first == "read"))
    assert patient.post(f"{FIRST}/read", data={"read": "no"}).status_code == 302
    assert row(house).finished_at is not None
    assert counted(house) == (1, 0)


def test_a_video_without_words_cannot_be_read(house: House, patient: FlaskClient) -> None:
    with session_scope(house.engine) as db:
        for each in db.exec(select(VideoPackage)):
            each.transcript = ""
    assert "I have read it all" not in patient.get(FIRST).text
    assert patient.post(f"{FIRST}/read", data={"read": "yes"}).status_code == 409


def test_staff_are_asked_nothing_and_another_services_patient_finds_nothing(house: House) -> None:
    staff = house.client(house.facilitator)
    assert "I have read it all" not in staff.get(FIRST).text
    assert staff.post(f"{FIRST}/read").status_code == 403
    assert house.client(house.stranger).post(f"{FIRST}/read").status_code == 404
