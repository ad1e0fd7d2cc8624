"""Somebody who waits for a first place has the pages that somebody with a place has."""

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.errors import NotFound
from backtolife.people.models import Person, Role
from backtolife.programme.patients.models import PatientNote, PhoneCall
from backtolife.programme.patients.whose.finding import Unplaced, address_of, find_whose
from backtolife.programme.places.queue.waiting import wait, waiting_list
from backtolife.programme.places.rules import Way, Wishes
from tests.support.factories import Factory
from tests.support.people.cookies import browser_of


@dataclass
class Desk:
    """A clinical lead and an administrator, and Ann, who waits and never had a place."""

    app: Flask
    lead: FlaskClient
    admin: FlaskClient
    facilitator: FlaskClient
    ann: Person
    wait_id: str

    @property
    def at(self) -> str:
        return f"/patients/person/{self.ann.id}"

    def kept(self) -> Person:
        """Ann as she is in the database now."""
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            return db.get_one(Person, self.ann.id)


@pytest.fixture
def desk(app: Flask) -> Desk:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        service = make.service()
        lead, admin = make.person(service, Role.CLINICAL_LEAD), make.person(service, Role.ADMINISTRATOR)
        facilitator = make.facilitator(make.cohort(service))
        ann = make.person(service, Role.PATIENT, "Ann")
        wishes = Wishes(("morning",), Way.REMOTE)
        row = wait(db, person=ann, wishes=wishes, actor=make.actor(admin), now=make.now)
    return Desk(app, browser_of(app, lead), browser_of(app, admin), browser_of(app, facilitator), ann, row.id)


def test_lists_lead_to_their_page(desk: Desk) -> None:
    assert f'href="{desk.at}"' in desk.lead.get("/patients").text
    assert f'href="{desk.at}/details"' in desk.admin.get("/patients").text
    waits = desk.lead.get(f"/waiting/{desk.wait_id}").text
    for page in ("", "/details", "/messages"):
        assert f'href="{desk.at}{page}"' in waits
    assert f'href="/places/person/{desk.ann.id}/died"' in waits


def test_their_page_says_that_they_wait_and_leads_to_the_others(desk: Desk) -> None:
    page = desk.lead.get(desk.at).text
    for words in (
        "Ann Example",
        "Has no place in a group",
        "By video, from home; mornings",
        "They have not been asked",
    ):
        assert words in page
    for link in ("details", "messages", "needs", "notes", "calls"):
        assert f'href="{desk.at}/{link}"' in page
        assert desk.lead.get(f"{desk.at}/{link}").status_code == 200, link
    assert desk.lead.get(f"{desk.at}/contact").status_code == 200


def test_their_address_and_number_are_corrected(desk: Desk) -> None:
    shown = desk.admin.get(f"{desk.at}/details").text
    seen = shown.partition('name="seen" type="hidden" value="')[2].partition('"')[0]
    typed = {"full_name": "Ann Lee", "shown_name": "Ann", "email": "ann.lee@example.org", "phone": "07700 900123"}
    answer = desk.admin.post(f"{desk.at}/details", data=typed | {"seen": seen}, follow_redirects=True)
    assert (answer.request.path, "Saved." in answer.text) == ("/patients", True)
    assert (desk.kept().email, desk.kept().phone) == ("ann.lee@example.org", "07700 900123")


def test_how_they_are_reached_and_what_helps_them_is_kept(desk: Desk) -> None:
    desk.lead.post(f"{desk.at}/contact", data={"channel": "telephone", "text_from": "8", "text_until": "20"})
    done = desk.lead.post(f"{desk.at}/needs", data={"kinds": "large_print"}, follow_redirects=True)
    assert done.request.path == desk.at
    assert (desk.kept().channel, desk.kept().needs) == ("telephone", ["large_print"])


def test_notes_and_calls_are_written_and_corrected(desk: Desk) -> None:
    desk.lead.post(f"{desk.at}/notes", data={"text": "Prefers to be rung at noon."})
    page = desk.lead.post(f"{desk.at}/calls", data={"outcome": "left_word", "words": "Her son", "seen": "none"})
    assert page.headers["Location"] == desk.at
    with session_scope(desk.app.extensions["backtolife.engine"]) as db:
        note, call = db.exec(select(PatientNote)).one(), db.exec(select(PhoneCall)).one()
    right = {"text": "Prefers to be rung at one.", "seen": "1"}
    desk.lead.post(f"{desk.at}/notes/{note.thread}", data=right)
    desk.lead.post(f"{desk.at}/calls/{call.id}", data={"outcome": "spoke", "words": ""})
    shown = desk.lead.get(desk.at).text
    assert "Prefers to be rung at one." in shown
    assert "Rang and spoke with them" in shown
    assert "left word" not in shown


def test_a_death_stops_the_wait_and_is_taken_back_with_the_old_turn(desk: Desk) -> None:
    at = f"/places/person/{desk.ann.id}"
    answer = desk.lead.post(f"{at}/died", data={"words": "Her son rang", "sure": "y"}, follow_redirects=True)
    assert answer.request.path == desk.at
    assert "Ann Example</bdi> has died. Nothing is sent any more." in answer.text
    assert "Who told us: Her son rang" in answer.text
    assert "Ann Example" not in desk.lead.get("/waiting").text
    again = desk.lead.post(f"{at}/died", data={"words": "A friend", "sure": "y"}, follow_redirects=True)
    assert "It is recorded already that" in again.text
    back = desk.lead.post(f"{at}/not-died", follow_redirects=True)
    assert "It is taken back, and they can sign in." in back.text
    assert "their place again" not in back.text
    assert "Ann Example" in desk.lead.get("/waiting").text
    assert desk.kept().died_at is None


def test_who_leads_another_group_does_not_find_them(desk: Desk) -> None:
    for page in ("", "/details", "/needs", "/notes", "/calls", "/messages", "/contact"):
        assert desk.facilitator.get(f"{desk.at}{page}").status_code == 404, page


def test_by_their_own_address_somebody_with_a_place_is_found_by_it(db: Session, make: Factory) -> None:
    """A page that was opened while they waited goes on working when they have been offered a place."""
    service = make.service()
    cohort = make.cohort(service)
    place, priya = make.enrolment(cohort), make.actor(make.facilitator(cohort))
    lead, elsewhere = make.actor(make.person(service, Role.CLINICAL_LEAD)), make.facilitator(make.cohort(service))
    assert find_whose(db, actor=priya, action="patient.lines", person_id=place.person_id) is place
    with pytest.raises(NotFound):
        find_whose(db, actor=make.actor(elsewhere), action="patient.lines", person_id=place.person_id)
    ann = make.person(service)
    found = find_whose(db, actor=lead, action="patient.lines", person_id=ann.id)
    assert (found, address_of(found)) == (Unplaced(ann.id, service.id), {"person_id": ann.id})
    ann.merged_into_id = place.person_id
    for who in (ann.id, elsewhere.id, "nobody"):
        with pytest.raises(NotFound):
            find_whose(db, actor=lead, action="patient.lines", person_id=who)
    assert waiting_list(db, actor=lead) == []
