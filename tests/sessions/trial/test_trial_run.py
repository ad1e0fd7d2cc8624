"""A patient tries camera, sound and network alone: what is kept, who sees it, and asking for help."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

import jwt
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.errors import Conflict
from backtolife.people.limits.throttle import Throttle
from backtolife.people.models import Person
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.cohorts.services import dates_of
from backtolife.sessions.room.media_client import MediaAway, MediaEngine
from backtolife.sessions.room.models import GroupSession
from backtolife.sessions.trial import services, views
from backtolife.sessions.trial.models import TrialRun
from backtolife.sessions.trial.rules import Found, Network, in_words
from backtolife.web.turnstile import Turnstile
from tests.support.factories import Factory
from tests.support.people.cookies import browser_of
from tests.support.sessions.gathering import Gathering, gather

RUN, OTHER = "a" * 32, "b" * 32


@pytest.fixture
def group(app: Flask) -> Gathering:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        return gather(db, clock.now(), ("Colin", "Mei"))


@pytest.fixture
def colin(app: Flask, group: Gathering) -> FlaskClient:
    return browser_of(app, group.patients[0])


def rows(app: Flask) -> list[TrialRun]:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        return list(db.exec(select(TrialRun).order_by(TrialRun.run)))


@contextmanager
def engine_answers(*, away: bool = False, full: bool = False) -> Iterator[None]:
    answer = {"side_effect": MediaAway()} if away else {"return_value": not full}
    with patch.object(MediaEngine, "has_room_for_echo", **answer):
        yield


@pytest.mark.parametrize(
    ("found", "asked", "words"),
    [
        (Found(), False, ""),
        (Found(False, True, Network.GOOD), True, "no camera, sound works, network good, asked for help"),
        (Found(True, False, Network.POOR), False, "camera works, no sound, network poor"),
        (Found(True, None, Network.NONE), False, "camera works, sound and picture do not get through"),
    ],
)
def test_what_was_found_is_said_in_words(found: Found, words: str, *, asked: bool) -> None:
    assert in_words(found, asked_help=asked) == words


def test_what_a_try_finds_is_kept_step_by_step_in_one_row_and_another_try_is_another(
    app: Flask, colin: FlaskClient
) -> None:
    for result in ({"camera": "no"}, {"network": "good"}, {"sound": "yes"}, {"sound": "yes"}):
        assert colin.post("/trial/result", data={"run": RUN, **result}).status_code == 204
    assert [each.found for each in rows(app)] == [Found(False, True, Network.GOOD)]
    colin.post("/trial/result", data={"run": OTHER, "camera": "yes"})
    assert [each.camera for each in rows(app)] == [False, True]


@pytest.mark.parametrize("wrong", [{"run": "x"}, {"run": RUN, "camera": "perhaps"}, {"run": RUN, "network": "fast"}])
def test_what_no_trial_run_can_find_is_refused(app: Flask, colin: FlaskClient, wrong: dict[str, str]) -> None:
    assert colin.post("/trial/result", data=wrong).status_code == 400
    assert rows(app) == []


def test_once_the_first_session_has_begun_nobody_is_named_who_has_not_tried(
    app: Flask, group: Gathering, colin: FlaskClient
) -> None:
    colin.post("/trial/result", data={"run": RUN, "camera": "no", "sound": "yes", "network": "good"})
    lead = browser_of(app, group.lead)
    assert "not tried yet" in lead.get(f"/groups/{group.cohort.id}").text
    with session_scope(app.extensions["backtolife.engine"]) as db:
        first = dates_of(db, group.cohort.id)[0]
        held = db.exec(select(GroupSession).where(GroupSession.session_date_id == first.id)).one()
        held.started_at = first.starts_at
        for place in db.exec(select(Enrolment).where(Enrolment.cohort_id == group.cohort.id)):
            place.enrolled_at = first.starts_at - timedelta(days=3)
    page = lead.get(f"/groups/{group.cohort.id}").text
    assert "no camera, sound works, network good" in page
    assert "not tried yet" not in page


def test_asking_for_help_is_a_line_for_staff_until_somebody_has_called(
    app: Flask, group: Gathering, colin: FlaskClient
) -> None:
    colin.post("/trial/result", data={"run": RUN, "camera": "no", "sound": "yes", "network": "good"})
    assert "would like a call" in colin.post("/trial/help", data={"run": RUN}, follow_redirects=True).text
    again = colin.post("/trial/help", data={"run": OTHER}, follow_redirects=True).text
    assert "knows already" in again, "from a second device it is not asked twice"
    lead = browser_of(app, group.lead)
    page = lead.get(f"/groups/{group.cohort.id}").text
    assert "no camera, sound works, network good, asked for help" in page
    folded = page.partition("<details")[2]
    assert re.search(rf"{len(group.patients) - 1} ha(s|ve)\s+not tried yet", folded)
    for patient in group.patients[1:]:
        assert f"<li><bdi>{patient.full_name}</bdi></li>" in folded
    with session_scope(app.extensions["backtolife.engine"]) as db:
        place = db.exec(select(Enrolment).where(Enrolment.person_id == group.patients[0].id)).one()
    assert "no camera" in lead.get(f"/patients/{place.id}").text
    done = lead.post(f"/patients/{place.id}/trial/called", follow_redirects=True).text
    assert "written down that you have called" in done
    assert "asked for help" not in done
    assert "called already" in lead.post(f"/patients/{place.id}/trial/called", follow_redirects=True).text
    assert "would like a call" in colin.post("/trial/help", data={"run": RUN}, follow_redirects=True).text, "once more"


def test_the_invitation_stands_on_the_home_page_until_everything_was_tried(app: Flask, group: Gathering) -> None:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        cohort = make.cohort(make.service(), first_day=(clock.now() + timedelta(days=9)).date())
        patient = db.get_one(Person, make.enrolment(cohort).person_id)
    browser = browser_of(app, patient)
    assert 'href="/trial"' in browser.get("/").text
    browser.post("/trial/result", data={"run": RUN, "camera": "yes", "network": "good"})
    assert 'href="/trial"' in browser.get("/").text, "sound was not tried"
    browser.post("/trial/result", data={"run": RUN, "sound": "yes"})
    assert 'href="/trial"' not in browser.get("/").text


def test_the_echo_is_a_room_of_ones_own_in_which_one_side_sends_and_the_other_receives(
    app: Flask, colin: FlaskClient, group: Gathering
) -> None:
    with engine_answers():
        first, second = (colin.post("/trial/echo").get_json() for _ in range(2))
    read = {name: jwt.decode(first[name], options={"verify_signature": False}) for name in ("speak", "listen")}
    assert read["speak"]["video"]["room"] == read["listen"]["video"]["room"]
    assert read["speak"]["sub"] != read["listen"]["sub"]
    assert read["speak"]["video"]["canPublishSources"] == ["camera", "microphone"]
    assert (read["speak"]["video"]["canSubscribe"], read["listen"]["video"]["canPublish"]) == (False, False)
    assert read["speak"]["exp"] - read["speak"]["nbf"] <= 60
    other = jwt.decode(second["speak"], options={"verify_signature": False})
    assert other["video"]["room"] != read["speak"]["video"]["room"]
    assert group.group_session.id not in str(read)


def test_an_engine_that_is_away_is_no_fault_of_the_patients_network(colin: FlaskClient) -> None:
    with engine_answers(away=True):
        answer = colin.post("/trial/echo", headers={"Accept": "application/json"})
    assert answer.get_json() == {"away": True}


def test_where_too_many_try_at_once_the_page_is_told_and_given_no_way_in(colin: FlaskClient) -> None:
    with engine_answers(full=True):
        assert colin.post("/trial/echo").get_json() == {"full": True}


def test_who_tries_again_and_again_waits_and_nobody_else_does(
    app: Flask, colin: FlaskClient, group: Gathering, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "by_echo", Throttle(most=2, window=timedelta(minutes=10)))
    with engine_answers():
        assert [colin.post("/trial/echo").status_code for _ in range(3)] == [200, 200, 429]
        assert browser_of(app, group.patients[1]).post("/trial/echo").status_code == 200
    assert colin.post("/trial/result", data={"run": RUN, "camera": "yes"}).status_code == 204


def test_an_engine_that_takes_its_time_keeps_no_page_waiting(app: Flask, colin: FlaskClient) -> None:
    app.extensions["backtolife.web.turnstile"] = door = Turnstile(at_once=1, patience_seconds=0.01)
    free = []

    def answers_late(_engine: MediaEngine, _now: datetime) -> bool:
        free.append(door.enter())
        door.leave()
        return True

    with patch.object(MediaEngine, "has_room_for_echo", answers_late):
        colin.post("/trial/echo")
    assert free == [True]


def test_staff_have_no_trial_run_and_a_stranger_notes_no_call(app: Flask, group: Gathering) -> None:
    assert browser_of(app, group.lead).get("/trial").status_code == 403
    assert browser_of(app, group.lead).post("/trial/echo").status_code == 403
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        place = make.enrolment(make.cohort(make.service()))
    assert browser_of(app, group.lead).post(f"/patients/{place.id}/trial/called").status_code == 404


def test_who_tries_without_end_is_told_to_call(db: Session, make: Factory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_RUNS", 1)
    person = db.get_one(Person, make.enrolment(make.cohort(make.service())).person_id)
    actor = make.actor(person)
    services.keep(db, person=person, run=RUN, found=Found(camera=True), actor=actor, now=make.now)
    with pytest.raises(Conflict, match="call us"):
        services.keep(db, person=person, run=OTHER, found=Found(camera=True), actor=actor, now=make.now)
    services.keep(db, person=person, run=RUN, found=Found(sound=True), actor=actor, now=make.now)
    assert db.exec(select(TrialRun)).one().found == Found(camera=True, sound=True)
