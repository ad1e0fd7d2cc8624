"""What a patient finds between sessions: a kind way back after a missed one, and their exercises on paper."""

import re
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.models import Person
from backtolife.people.signing_in import signin
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.prescribed.services import prescribe
from backtolife.reporting.analysis.basics.refusals import NotInstalled
from backtolife.sessions.room.services import schedule
from tests.support.factories import Factory
from tests.support.reporting.attending import attend

CATCH_UP = "You missed session 2. That is all right"


@pytest.fixture
def linda(app: Flask, client: FlaskClient) -> Enrolment:
    """Linda, signed in: she came to session 1 and not to session 2; session 3 is in five days."""
    now = clock.now()
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, now)
        cohort = make.cohort(make.service(), first_day=(now - timedelta(days=9)).date())
        schedule(db, cohort=cohort)
        place = make.enrolment(cohort, "Linda")
        lead = make.actor(make.facilitator(cohort))
        for at, date in enumerate(dates_of(db, cohort.id)):
            date.starts_at = now + timedelta(weeks=at) - timedelta(days=9)
            date.ends_at = date.starts_at + timedelta(minutes=90)
        attend(db, cohort, 1, [place], now - timedelta(days=9))
        prescribe(
            db,
            enrolment=place,
            exercise_id="ex-march",
            way="sitting",
            amount="5 times, twice a day",
            actor=lead,
            now=now,
        )
        token = signin.begin(db, person=db.get_one(Person, place.person_id), now=now)
        db.refresh(place)
        db.expunge(place)
    with client.session_transaction() as cookie:
        cookie["signed_in"] = token
    return place


def test_a_missed_session_can_be_caught_up_until_they_come_again(
    app: Flask, client: FlaskClient, linda: Enrolment
) -> None:
    page = client.get("/").text
    assert CATCH_UP in page and "/programme/sessions/2" in page
    assert client.get("/programme/sessions/2").status_code == 200
    with session_scope(app.extensions["backtolife.engine"]) as db:
        place = db.exec(select(Enrolment).where(Enrolment.id == linda.id)).one()
        cohort = db.get_one(Cohort, place.cohort_id)
        attend(db, cohort, 2, [place], clock.now() - timedelta(days=2))
    assert "You missed session" not in client.get("/").text


def test_the_exercises_are_on_paper_with_their_drawings_and_tags(
    client: FlaskClient, linda: Enrolment, tmp_path: Path
) -> None:
    assert "/week/exercises.pdf" in client.get("/week").text
    answer = client.get("/week/exercises.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    (tmp_path / "sheet.pdf").write_bytes(answer.data)
    told = [
        subprocess.run(
            ["pdfinfo", *more, str(tmp_path / "sheet.pdf")], capture_output=True, check=True, text=True
        ).stdout
        for more in ([], ["-struct-text"])
    ]
    assert re.search(r"^Tagged: +yes$", told[0], re.MULTILINE)
    assert "5 times, twice a day" in told[1] and "Figure" in told[1] and "H2" in told[1]


def test_where_no_file_can_be_made_the_page_is_there_to_print(
    client: FlaskClient, linda: Enrolment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(page: str) -> bytes:
        assert "5 times, twice a day" in page and "data:image/svg+xml" in page
        raise NotInstalled("no Pango")

    monkeypatch.setattr("backtolife.home.exercise_sheet.printed", refuse)
    page = client.get("/week/exercises.pdf", follow_redirects=True).text
    assert "You can print this page instead" in page and "5 times, twice a day" in page
