"""A couple who read the same mail are two patients: each has letters, links and codes of their own."""

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from threading import Barrier, BrokenBarrierError

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.errors import Conflict, Invalid
from backtolife.mail.delivery import OutgoingMessage
from backtolife.people.access import Actor
from backtolife.people.identity.identifiers import keep_numbers
from backtolife.people.identity.person import Identity
from backtolife.people.models import Kind, Person, Role, Service
from backtolife.people.roles import acting_as
from backtolife.people.second_person.inviting import invite_staff
from backtolife.people.services import add_person
from backtolife.people.signing_in import signin
from backtolife.programme.calendars.invitations import entry_of
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.merging.by_address import two_by_address
from backtolife.programme.patients import newcomers
from backtolife.programme.patients.correcting import Shared, correct, details_of, take_address
from backtolife.programme.patients.newcomers import Newcomer, add_newcomer, known_people
from backtolife.sessions.room.services import schedule
from tests.programme.patients.test_newcomers import NUMBER, SEALING
from tests.support.factories import Factory

COUPLE = "the.longs@example.org"


@dataclass
class Home:
    """Linda Long is in a group with an address that her husband Bert reads as well; an administrator is signed in."""

    app: Flask
    office: FlaskClient
    group: str
    admin: str
    of_carl: str
    """The address of somebody else in the group."""

    def database(self) -> AbstractContextManager[Session]:
        return session_scope(self.app.extensions["backtolife.engine"])

    def add(self, **more: str) -> str:
        typed = {"full_name": "Bert Long", "shown_name": "Bert", "email": COUPLE, "phone": "", "how": "said_yes"}
        return self.office.post(f"/groups/{self.group}/add", data=typed | more, follow_redirects=True).text

    def letters(self) -> dict[str, str]:
        """What waits to go out to each, newest last."""
        with self.database() as db:
            rows = db.exec(select(OutgoingMessage).order_by(col(OutgoingMessage.queued_at)))
            return {db.get_one(Person, row.person_id).shown_name: row.body for row in rows if row.person_id}

    def actor(self, db: Session) -> Actor:
        return acting_as(db, db.get_one(Person, self.admin))

    def both(self, db: Session) -> list[Person]:
        return list(db.exec(select(Person).where(Person.email == COUPLE).order_by(col(Person.shown_name))))


@pytest.fixture
def home(site: Flask) -> Home:
    with session_scope(site.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        service = make.service()
        cohort = make.cohort(service)
        linda = db.get_one(Person, make.enrolment(cohort, "Linda").person_id)
        linda.email, linda.full_name = COUPLE, "Linda Long"
        carl = db.get_one(Person, make.enrolment(cohort, "Carl").person_id)
        admin = make.person(service, Role.ADMINISTRATOR)
        token = signin.begin(db, person=admin, now=clock.now())
        group, admin_id, of_carl = cohort.id, admin.id, carl.email
    office = site.test_client()
    with office.session_transaction() as cookie:
        cookie["signed_in"] = token
    return Home(site, office, group, admin_id, of_carl)


def test_who_is_meant_is_asked_and_the_other_of_a_couple_is_added(home: Home) -> None:
    page = home.add()
    assert "Linda Long" in page
    assert "Two people who live together may use one address" in page
    home.add(known="nobody")
    with home.database() as db:
        assert [(each.shown_name, each.shares_address) for each in home.both(db)] == [("Bert", True), ("Linda", False)]


@pytest.mark.parametrize(("same", "words"), [("Linda Long", "may use one address"), ("linda  LONG", "somebody else")])
def test_the_same_name_at_the_same_address_is_the_same_person(home: Home, same: str, words: str) -> None:
    home.add(known="nobody")
    page = home.add(full_name=same, known="nobody")
    assert words not in page
    with home.database() as db:
        assert len(home.both(db)) == 2


def test_a_number_that_is_somebodys_is_that_persons_at_a_shared_address_too(home: Home) -> None:
    with home.database() as db:
        (linda,) = home.both(db)
        keep_numbers(db, person=linda, numbers={"nhs_number": NUMBER}, sealing=SEALING, now=clock.now())
    with home.database() as db:
        bert = Newcomer("Bert Long", "Bert", COUPLE, "", Identity(), {"nhs_number": NUMBER})
        (known,) = known_people(db, newcomer=bert, sealing=SEALING, actor=home.actor(db))
        assert known.surely


def test_nobody_shares_an_address_with_staff_and_staff_with_nobody(home: Home) -> None:
    with home.database() as db:
        admin, actor = db.get_one(Person, home.admin), home.actor(db)
        more = {"full_name": "Bert Long", "shown_name": "Bert", "now": clock.now()}
        with pytest.raises(Conflict):
            add_person(db, actor=actor, roles={Role.PATIENT}, email=admin.email, may_share=True, **more)
        with pytest.raises(Conflict):
            invite_staff(db, actor=actor, roles={Role.FACILITATOR}, email=COUPLE, job="nurse", **more)
        with pytest.raises(Conflict):
            add_person(db, actor=actor, roles={Role.PATIENT}, email=COUPLE, **more)


def test_two_who_are_typed_in_at_once_do_not_share_an_address_unasked(home: Home) -> None:
    with pytest.raises(IntegrityError), home.database() as db:
        service_id = db.get_one(Person, home.admin).service_id
        for name in ("Ann", "Ben"):
            db.add(patient(service_id, name))
        db.flush()


def patient(service_id: str, name: str) -> Person:
    return Person(
        service_id=service_id,
        kind=Kind.PATIENT,
        email="new@example.org",
        full_name=name,
        shown_name=name,
        created_at=clock.now(),
    )


def test_a_corrected_address_is_shared_where_staff_say_so_and_is_ones_own_again_later(home: Home) -> None:
    home.add(known="nobody", email="bert@example.org")
    with home.database() as db:
        bert = db.exec(select(Person).where(Person.email == "bert@example.org")).one()
        place = db.exec(select(Enrolment).where(Enrolment.person_id == bert.id)).one()

        def change(email: str, *, may_share: bool = False) -> None:
            before = details_of(bert)
            correct(
                db,
                actor=home.actor(db),
                whose=place,
                details=replace(before, email=email),
                seen=before.mark,
                send_again=False,
                may_share=may_share,
                now=clock.now(),
            )

        with pytest.raises(Shared):
            change(COUPLE)
        change(COUPLE, may_share=True)
        assert (bert.email, bert.shares_address) == (COUPLE, True)
        change("bert@example.org")
        assert (bert.email, bert.shares_address) == ("bert@example.org", False)


def test_the_page_asks_whether_an_address_is_shared(home: Home) -> None:
    home.add(known="nobody", email="bert@example.org")
    with home.database() as db:
        bert = db.exec(select(Person).where(Person.email == "bert@example.org")).one()
        place = db.exec(select(Enrolment.id).where(Enrolment.person_id == bert.id)).one()
    address = f"/patients/{place}/details"
    first = home.office.get(address).text
    assert "They share this address" not in first
    fields = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', first))
    typed = {key: value for key, value in fields.items() if key not in {"csrf_token", "send_again"}} | {"email": COUPLE}
    refused = home.office.post(address, data=typed)
    assert refused.status_code == 409
    assert "They share this address" in refused.text
    ticked = typed | {"may_share": "y"}
    other = home.office.post(address, data=ticked | {"email": home.of_carl, "asked_about": COUPLE})
    assert other.status_code == 409, "a tick for one address counts for no other one"
    assert home.office.post(address, data=ticked | {"asked_about": COUPLE}).status_code == 302


def test_the_two_of_a_shared_address_can_be_compared(home: Home) -> None:
    home.add(known="nobody")
    with home.database() as db:
        actor = home.actor(db)
        [(linda, bert)] = two_by_address(db, actor=actor, first=COUPLE, second=COUPLE)
        assert (linda.shown_name, bert.shown_name) == ("Linda", "Bert")
        with pytest.raises(Invalid, match="No patient of your service"):
            two_by_address(db, actor=actor, first=COUPLE, second="nobody@example.org")


def test_a_doubled_record_of_one_of_a_couple_is_chosen_beside_the_address_that_they_share(home: Home) -> None:
    home.add(known="nobody")
    page = home.office.post("/patients/twice", data={"first": COUPLE, "second": home.of_carl})
    assert page.status_code == 200
    assert "Which two do you mean?" in page.text
    with home.database() as db:
        carl = db.exec(select(Person).where(Person.email == home.of_carl)).one()
        for each in home.both(db):
            assert f'href="/patients/twice/{each.id}/{carl.id}"' in page.text


def test_what_leaves_the_calendar_with_one_stays_in_it_for_the_other(home: Home) -> None:
    home.add(known="nobody")
    with home.database() as db:
        cohort = db.get_one(Cohort, home.group)
        date = dates_of(db, cohort.id)[0]
        bert, linda = (entry_of(date, cohort, link="", person=each).uid for each in home.both(db))
    assert bert != linda


def test_the_same_newcomer_sent_to_two_processes_at_once_is_one_person(home: Home) -> None:
    meeting = Barrier(2)
    bert = Newcomer("Bert Long", "Bert", COUPLE, "", Identity(), {})

    def add(_: int) -> bool:
        with home.database() as db:
            actor = home.actor(db)
            known = known_people(db, newcomer=bert, sealing=SEALING, actor=actor)
            with suppress(BrokenBarrierError):
                meeting.wait(1)  # where both have looked before one has written, both go on
            person, asks = newcomers.who_is_meant(known, newcomers.NOBODY)
            if person is None:
                add_newcomer(db, newcomer=bert, sealing=SEALING, actor=actor, now=clock.now(), is_another=True)
            return asks

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(add, range(2))) == [False, True]
    with home.database() as db:
        assert [each.shown_name for each in home.both(db)] == ["Bert", "Linda"]


def test_an_address_that_a_merged_record_shares_with_somebody_is_asked_about_too(home: Home) -> None:
    home.add(known="nobody")
    with home.database() as db:
        bert, _ = home.both(db)
        carl = db.exec(select(Person).where(Person.email == home.of_carl)).one()
        bert.merged_into_id, bert.active = carl.id, False
        db.flush()
        with pytest.raises(Shared):
            take_address(db, carl, COUPLE, may_share=False)


def test_the_link_of_the_others_group_asks_who_is_there(home: Home) -> None:
    with home.database() as db:
        linda = home.both(db)[0]
        token = signin.begin(db, person=linda, now=clock.now())
        make = Factory(db, clock.now())
        make.numbers = count(500)
        other = make.cohort(db.get_one(Service, linda.service_id), "Another")
        code = schedule(db, cohort=other)[0].join_code
        first = dates_of(db, other.id)[0]
        first.starts_at, first.ends_at = clock.now(), clock.now() + timedelta(hours=1)
    browser = home.app.test_client()
    with browser.session_transaction() as kept:
        kept["signed_in"] = token
    page = browser.get(f"/j/{code}")
    assert page.status_code == 200
    assert "Whoever used this device last is not in this group" in page.text
    assert "E-mail address" in page.text


def test_every_page_says_as_whom_one_is_signed_in(home: Home) -> None:
    with home.database() as db:
        token = signin.begin(db, person=home.both(db)[0], now=clock.now())
    browser = home.app.test_client()
    with browser.session_transaction() as kept:
        kept["signed_in"] = token
    assert '<span class="btl-header__me"><bdi>Linda</bdi></span>' in browser.get("/questions").text
