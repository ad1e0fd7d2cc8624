"""One rule for every name: something to see, nothing that hides or turns words, and its own direction beside others."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.errors import Invalid
from backtolife.people import services as people
from backtolife.people.forms import DetailsForm, PatientDetailsForm
from backtolife.people.forms import InviteForm as StaffForm
from backtolife.people.models import Person, Role
from backtolife.people.names import CLOSES, NOTHING_TO_SEE, OPENS, clean_name, isolated, told_apart
from backtolife.programme.making.forms import CohortForm
from backtolife.programme.places.forms import AddForm
from backtolife.sessions.guests import services as guests
from backtolife.sessions.guests.forms import InviteForm as GuestForm
from backtolife.sessions.room.forms import ReadyForm
from backtolife.sessions.room.models import GroupSession
from tests.support.factories import Factory
from tests.support.sessions.door import before_the_door
from tests.support.sessions.gathering import gather

CASES = json.loads((Path(__file__).parent / "cases" / "names.json").read_text(encoding="utf-8"))["names"]
KEPT = {
    "Krishnamurthy": "Krishnamurthy",
    "Oluwaseunfunmi": "Oluwaseunfunmi",
    "Venkatanarasimha": "Venkatanarasimha",
    "W" * 40: "W" * 40,
    "\u200b\u2060": None,
    "Dev\u202e": "Dev",
    "\u0646\u0648\u0631": "\u0646\u0648\u0631",
}
UNSEEN = ("\u200b\u2060", "\u2800\u2800", "\u3164", "\u200d\u200c", "\ufeff", "\u202e\u202c", "\u0301", "\ud800")


def test_every_case_has_its_right_name() -> None:
    assert set(CASES) == set(KEPT)


@pytest.mark.parametrize("given", CASES)
def test_a_name_of_the_cases_is_kept_or_refused(given: str) -> None:
    if KEPT[given] is None:
        with pytest.raises(Invalid):
            clean_name(given)
    else:
        assert clean_name(given) == KEPT[given]


def test_a_name_without_end_is_refused_before_its_letters_are_put_in_order() -> None:
    with pytest.raises(Invalid, match="too long"):
        clean_name("a" + "\u0315\u0300" * 5000)


@pytest.mark.parametrize("given", UNSEEN)
def test_a_name_with_nothing_to_see_is_refused(given: str) -> None:
    with pytest.raises(Invalid, match=NOTHING_TO_SEE):
        clean_name(given)


def test_joiners_that_shape_a_name_stay_and_line_breaks_become_spaces() -> None:
    assert clean_name(" مهدی\u200cزاده ") == "مهدی\u200cزاده"
    assert clean_name("Ann\nMarie\t O’Neill\x00") == "Ann Marie O’Neill"


def test_only_a_name_that_could_turn_its_neighbours_is_isolated() -> None:
    assert [isolated(name) for name in ("Linda", "نور", "Dev\u202e")] == [
        "Linda",
        f"{OPENS}نور{CLOSES}",
        f"{OPENS}Dev\u202e{CLOSES}",
    ]


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (DetailsForm, "shown_name"),
        (PatientDetailsForm, "emergency_name"),
        (StaffForm, "full_name"),
        (StaffForm, "shown_name"),
        (AddForm, "full_name"),
        (AddForm, "shown_name"),
        (GuestForm, "name"),
        (CohortForm, "name"),
        (ReadyForm, "emergency_name"),
    ],
)
def test_every_form_that_takes_a_name_keeps_to_the_rule(app: Flask, form: type, field: str) -> None:
    with app.test_request_context(method="POST", data={field: "\u200b\u2060"}):
        asked = form()
        asked.validate()
        assert asked[field].errors == [NOTHING_TO_SEE]
    with app.test_request_context(method="POST", data={field: "Dev\u202e"}):
        asked = form()
        asked.validate()
        assert asked[field].data == "Dev"


def test_every_service_that_takes_a_name_keeps_to_the_rule(make: Factory, db: Session, now: datetime) -> None:
    group = gather(db, now)
    lead, service = make.actor(group.lead), make.service("Clinic\u202e")
    assert service.name == "Clinic"
    with pytest.raises(Invalid):
        make.service("\u200b")
    with pytest.raises(Invalid):
        make.person(service, Role.PATIENT, "\u2060")
    with pytest.raises(Invalid):
        make.cohort(service, "\u200b\u2060")
    given = {"group_session": group.group_session, "role": Role.OBSERVER, "beside": "", "actor": lead, "now": now}
    with pytest.raises(Invalid):
        guests.invite(db, name="\u200b\u2060", **given)
    assert guests.invite(db, name="Dev\u202e", **given).person.shown_name == "Dev"
    linda = group.patients[0]
    people.change_details(
        db,
        actor=make.actor(linda),
        person=linda,
        shown_name="Lin\u202eda",
        phone="",
        emergency=("Bri\u2066an", ""),
        now=now,
    )
    assert (linda.shown_name, linda.emergency_name) == ("Linda", "Brian")


def test_a_right_to_left_name_stands_alone_on_pages_and_in_the_room(app: Flask, client: FlaskClient) -> None:
    door = before_the_door(app, client)
    with session_scope(app.extensions["backtolife.engine"]) as db:
        linda = db.exec(select(Person).where(Person.id == door.linda.id)).one()
        linda.full_name = linda.shown_name = "نور"
        door.group.db = door.group.make.db = db
        seat = door.group.sit(linda, now=clock.now())
        state = db.get_one(GroupSession, door.group.group_session.id).state
        assert state["seats"][seat.id]["name"] == f"{OPENS}نور{CLOSES}"
    door.sign_in(door.group.lead)
    assert "<bdi>نور</bdi>" in client.get(f"/groups/{door.group.cohort.id}").text
    room_page = client.get(f"{door.page}/room").text
    assert OPENS in room_page or "\\u2068" in room_page


@dataclass
class Colleague:
    id: str
    full_name: str
    email: str


def test_two_of_one_name_are_told_apart_by_their_address_and_nobody_else_shows_theirs() -> None:
    here = [
        Colleague("1", "Sam Hill", "sam@example.org"),
        Colleague("2", "Ada Allwork", "ada@example.org"),
        Colleague("3", "sam hill", "s.hill@example.org"),
    ]
    assert told_apart(here) == {
        "1": "Sam Hill, sam@example.org",
        "2": "Ada Allwork",
        "3": "sam hill, s.hill@example.org",
    }
