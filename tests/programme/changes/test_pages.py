"""The pages on which dates are changed: old and new first, then yes; the second of two sees what the first did."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.mail.delivery import OutgoingMessage
from backtolife.outcomes.safety.rota_models import StaffLeave
from backtolife.people.models import Role, Service
from backtolife.people.signing_in import signin
from backtolife.programme.cohorts.models import Cohort, CohortStaff, SessionCover, SessionDate, StaffPlace
from backtolife.sessions.room.services import schedule
from tests.support.factories import Factory


@dataclass
class Office:
    """A group that begins in a month, its page's address, and colleagues who are signed in."""

    app: Flask
    address: str
    cohort_id: str
    first: date
    colleagues: list[FlaskClient]

    def starts(self, number: int) -> date:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            wanted = select(SessionDate).where(SessionDate.cohort_id == self.cohort_id, SessionDate.number == number)
            return db.exec(wanted).one().starts_at.date()

    def mails(self) -> int:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            return len(db.exec(select(OutgoingMessage)).all())

    def typed(self, days: int, **more: str) -> dict[str, str]:
        day = self.first + timedelta(days=7 + days)
        return {"kind": "moved", "day": f"{day}", "at": "10:00", "weeks": "1", "version": "0", **more}


@pytest.fixture
def office(app: Flask) -> Office:
    now = clock.now()
    first = (now + timedelta(days=30)).date()
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, now)
        service = make.service()
        cohort = make.cohort(service, "Mornings", first_day=first)
        schedule(db, cohort=cohort)
        make.enrolment(cohort, "Ann")
        people = [make.facilitator(cohort, name="Jo"), make.person(service, Role.SERVICE_LEAD, "Kim")]
        tokens = [signin.begin(db, person=each, now=now) for each in people]
        address, cohort_id = f"/groups/{cohort.id}/dates", cohort.id
    clients = []
    for token in tokens:
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["signed_in"] = token
        clients.append(client)
    return Office(app, address, cohort_id, first, clients)


def agreed(page: str) -> dict[str, str]:
    """What the button that says yes would send, with the hidden fields beside it."""
    button = re.search(r'name="agreed"\s+value="(\w+)"', page)
    assert button is not None, page
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.split('id="new"')[1]))
    return {**hidden, "agreed": button[1]}


def test_old_and_new_are_shown_before_anything_is_kept(office: Office) -> None:
    jo = office.colleagues[0]
    page = " ".join(jo.post(f"{office.address}/2", data=office.typed(1)).text.split())
    old, new = office.first + timedelta(days=7), office.first + timedelta(days=8)
    assert f"{old:%A} {old.day} {old:%B} {old.year}, 10am to 11:30am" in page
    assert f"{new:%A} {new.day} {new:%B} {new.year}, 10am to 11:30am" in page
    assert "2 people are in this group or work in it" in page
    assert (office.starts(2), office.mails()) == (old, 0)
    done = jo.post(f"{office.address}/2", data=agreed(page), follow_redirects=True).text
    assert "The dates are changed. 2 people are told." in done
    assert (office.starts(2), office.mails()) == (new, 2)
    assert "Jo Example" in done.split("What was changed")[1]


def test_the_second_of_two_sees_what_the_first_did_and_nothing_is_kept_unseen(office: Office) -> None:
    jo, kim = office.colleagues
    seen = kim.post(f"{office.address}/2", data=office.typed(2)).text
    jo.post(f"{office.address}/2", data=agreed(jo.post(f"{office.address}/2", data=office.typed(1)).text))
    second = kim.post(f"{office.address}/2", data=agreed(seen))
    assert second.status_code == 200
    assert "Somebody else changed the dates since you opened the page" in second.text
    assert "Jo Example" in second.text
    assert office.starts(2) == office.first + timedelta(days=8)
    kim.post(f"{office.address}/2", data=agreed(second.text))
    assert office.starts(2) == office.first + timedelta(days=9)


def test_whoever_opened_the_form_before_somebody_saved_is_told_at_once(office: Office) -> None:
    jo, kim = office.colleagues
    jo.post(f"{office.address}/3", data=agreed(jo.post(f"{office.address}/3", data=office.typed(8)).text))
    page = kim.post(f"{office.address}/2", data=office.typed(1)).text
    assert "Somebody else changed the dates since you opened the page" in page


def test_what_cannot_be_is_said_beside_the_field_and_what_was_typed_stays(office: Office) -> None:
    page = office.colleagues[0].post(f"{office.address}/2", data=office.typed(7))
    assert page.status_code == 400
    assert "would begin before session 2 is over" in page.text
    assert f'value="{office.first + timedelta(days=14)}"' in page.text


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"day": ""}, "Choose the new date and time."),
        ({"day": "2026-02-31"}, "Enter a real date"),
        ({"day": "0001-01-01"}, "Choose a date between 2000 and 2200."),
        ({"day": "9999-12-31"}, "Choose a date between 2000 and 2200."),
        ({"kind": ""}, "Choose what should happen"),
        ({"kind": "undone"}, "Not a valid choice"),
        ({"kind": "break", "weeks": ""}, "A break is 1 to 12 weeks long."),
        ({"kind": "break", "weeks": "99999999"}, "A break is 1 to 12 weeks long."),
    ],
)
def test_a_change_without_what_it_needs_is_refused_in_words(office: Office, given: dict[str, str], words: str) -> None:
    page = office.colleagues[0].post(f"{office.address}/2", data=office.typed(1) | given)
    assert (page.status_code, words in page.text) == (400, True), page.text


def test_a_change_is_undone_from_its_page_after_a_question(office: Office) -> None:
    jo = office.colleagues[0]
    jo.post(f"{office.address}/2", data=agreed(jo.post(f"{office.address}/2", data=office.typed(1)).text))
    asked = jo.get(f"{office.address}/undo").text
    assert office.starts(2) == office.first + timedelta(days=8)
    jo.post(f"{office.address}/undo", data=agreed(asked))
    assert (office.starts(2), office.mails()) == (office.first + timedelta(days=7), 4)


def test_a_session_left_out_reads_so_and_can_be_brought_back(office: Office) -> None:
    jo = office.colleagues[0]
    typed = office.typed(0, kind="left_out")
    jo.post(f"{office.address}/2", data=agreed(jo.post(f"{office.address}/2", data=typed).text))
    assert "Does not take place" in jo.get(office.address).text
    assert "Cancelled" in jo.get(f"/groups/{office.cohort_id}").text
    assert "Let this session take place after all" in jo.get(f"{office.address}/2").text
    back = office.typed(0, kind="brought_back")
    jo.post(f"{office.address}/2", data=agreed(jo.post(f"{office.address}/2", data=back).text))
    assert "Does not take place" not in jo.get(office.address).text


@pytest.mark.parametrize("number", ["0", "10", "99999999999999999999"])
def test_a_session_that_is_none_is_not_found(office: Office, number: str) -> None:
    get: Callable[[str], object] = office.colleagues[0].get
    assert getattr(get(f"{office.address}/{number}"), "status_code", 0) in {400, 404}


def test_days_nobody_works_stand_beside_the_form(office: Office) -> None:
    page = office.colleagues[0].get(f"{office.address}/2").text
    assert "Days nobody works" in page
    assert re.search(r"(Christmas|Easter|Good Friday|bank holiday|New Year)", page, re.IGNORECASE)


def test_after_an_error_only_a_session_left_out_may_come_back(office: Office) -> None:
    jo = office.colleagues[0]
    page = jo.post(f"{office.address}/2", data={**office.typed(1), "kind": ""})
    assert (page.status_code, "take place after all" in page.text) == (400, False)
    assert "Move this session only" in page.text


def test_who_stands_in_is_counted_and_who_they_stand_in_for_is_not_missed(office: Office) -> None:
    with session_scope(office.app.extensions["backtolife.engine"]) as db:
        cohort = db.get_one(Cohort, office.cohort_id)
        make = Factory(db, clock.now(), numbers=count(900))
        max_ = make.person(db.get_one(Service, cohort.service_id), Role.FACILITATOR, "Max")
        date_row = db.exec(select(SessionDate).where(SessionDate.cohort_id == cohort.id, SessionDate.number == 2)).one()
        jo = db.exec(select(CohortStaff)).one().person_id
        db.add(
            SessionCover(
                service_id=cohort.service_id,
                session_date_id=date_row.id,
                cohort_id=cohort.id,
                person_id=max_.id,
                place=StaffPlace.LEAD,
            )
        )
        day = office.first + timedelta(days=9)
        db.add(StaffLeave(service_id=cohort.service_id, person_id=jo, first_day=day, last_day=day))
    lead = office.colleagues[1]
    asked = lead.post(f"{office.address}/2", data=office.typed(2)).text
    assert "is on leave" not in asked
    assert "3 people are in this group or work in it" in asked
    done = lead.post(f"{office.address}/2", data=office.typed(2) | agreed(asked), follow_redirects=True).text
    assert "3 people are told." in done
