"""Somebody moves to another group and keeps what is theirs; late starts end where the programme says."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from itertools import count

import pytest
from flask import Flask
from sqlmodel import Session, select

from backtolife import clock
from backtolife.database.session import open_engine, session_scope
from backtolife.errors import Conflict
from backtolife.mail.delivery import OutgoingMessage
from backtolife.outcomes.asking.due import due_for
from backtolife.people.access import Actor, OutOfReach
from backtolife.people.models import Person, Role, Service
from backtolife.people.signing_in import signin
from backtolife.programme.adopted.services import programme_of
from backtolife.programme.cohorts.enrolment import change_state, enrolled_in, places_taken
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.places import offers
from backtolife.programme.places.transfer import moved_away, open_groups, transfer
from backtolife.reporting.dataset.loading import load
from backtolife.sessions.records.attendance import attendance_of
from backtolife.sessions.records.corrections import correct
from backtolife.sessions.room.services import schedule
from tests.support.factories import FIRST_DAY, Factory
from tests.support.outcomes.sheets import a_patient, staffed
from tests.support.people.cookies import browser_of
from tests.support.reporting.attending import MINUTES, attend

SITE = "http://localhost"


def lead_of(make: Factory, cohort: Cohort) -> Actor:
    return make.actor(make.person(make.db.get_one(Service, cohort.service_id), Role.CLINICAL_LEAD))


def later_group(make: Factory, cohort: Cohort, capacity: int = 12) -> Cohort:
    service = make.db.get_one(Service, cohort.service_id)
    return make.cohort(service, "Later", capacity, first_day=FIRST_DAY + timedelta(days=14), wall_time=time(14))


def move(make: Factory, place: Enrolment, to: Cohort, actor: Actor, now: datetime | None = None) -> None:
    transfer(make.db, enrolment=place, to=to, words="", site=SITE, actor=actor, now=now or make.now)


def test_answers_stay_and_what_is_asked_follows_the_new_dates(db: Session, make: Factory) -> None:
    patient = a_patient(make, cohort := staffed(make))
    response = patient.open("gad-7")
    patient.say(response, "1", 2)
    other, lead = later_group(make, cohort), lead_of(make, cohort)
    before = {due.ask.id: due for due in due_for(db, enrolment=patient.enrolment, now=patient.now)}
    move(make, patient.enrolment, other, lead)
    after = {due.ask.id: due for due in due_for(db, enrolment=patient.enrolment, now=patient.now)}
    assert after["mid"].ask.opens_at - before["mid"].ask.opens_at == timedelta(days=14)
    assert after["baseline"].responses["gad-7"].id == response.id
    assert [person.id for _, person in enrolled_in(db, other.id)] == [patient.actor.id]
    assert enrolled_in(db, cohort.id) == []
    assert [(person.id, now_in.id) for person, now_in, _ in moved_away(db, cohort.id)] == [(patient.actor.id, other.id)]


def test_who_moved_is_told_once_with_the_first_date(db: Session, make: Factory) -> None:
    cohort = make.cohort(make.service())
    place, other, lead = make.enrolment(cohort), later_group(make, cohort), lead_of(make, cohort)
    move(make, place, other, lead)
    message = db.exec(select(OutgoingMessage)).one()
    assert message.person_id == place.person_id
    assert "Tue 24 Mar at 2pm" in message.body


def test_what_they_came_to_comes_along_on_both_pages_and_in_the_figures(db: Session, make: Factory) -> None:
    cohort = make.cohort(make.service())
    place, stays = make.enrolment(cohort), make.enrolment(cohort)
    facilitator, other = make.actor(make.facilitator(cohort)), later_group(make, cohort)
    first = schedule(db, cohort=cohort)[0]
    start = dates_of(db, cohort.id)[0].starts_at
    first.started_at, first.ended_at = start, start + timedelta(minutes=90)
    after = start + timedelta(hours=3)
    for person_id in (place.person_id, stays.person_id):
        correct(db, group_session=first, person_id=person_id, minutes=80, reason="left", actor=facilitator, now=after)
    change_state(db, enrolment=place, to=EnrolmentState.STARTED, actor=facilitator, now=start)
    move(make, place, other, lead_of(make, cohort), after)
    brought = attendance_of(db, other, now=after)
    assert [(each.person_id, each.session_number, each.minutes) for each in brought] == [(place.person_id, 1, 80)]
    members = {each.code: each for each in load(db, service_id=cohort.service_id, now=after).members}
    assert (members[place.code].group, members[place.code].sessions, members[place.code].minutes) == (other.id, 1, 80)


def test_the_same_session_in_both_groups_is_one_on_the_page_and_in_the_figures(db: Session, make: Factory) -> None:
    cohort = make.cohort(make.service())
    place, other = make.enrolment(cohort), later_group(make, cohort)
    first, there = dates_of(db, cohort.id)[0].starts_at, dates_of(db, other.id)[0].starts_at
    attend(db, cohort, 1, [place], first)
    move(make, place, other, lead_of(make, cohort), first + timedelta(hours=3))
    attend(db, other, 1, [place], there)
    after = there + timedelta(hours=3)
    assert [each.session_number for each in attendance_of(db, other, now=after)] == [1]
    (member,) = load(db, service_id=cohort.service_id, now=after).members
    assert (member.sessions, member.minutes) == (1, MINUTES)


def test_a_full_group_is_refused_in_words_and_nothing_changes(db: Session, make: Factory) -> None:
    cohort = make.cohort(make.service())
    place, other = make.enrolment(cohort), later_group(make, cohort, capacity=1)
    make.enrolment(other)
    lead = lead_of(make, cohort)
    with pytest.raises(Conflict, match="This group is full"):
        move(make, place, other, lead)
    assert place.cohort_id == cohort.id
    assert open_groups(db, enrolment=place, actor=lead, now=make.now) == []


def test_only_who_said_yes_and_has_not_left_is_moved(make: Factory) -> None:
    cohort = make.cohort(make.service())
    place, other, lead = make.withdrawn(make.enrolment(cohort)), later_group(make, cohort), lead_of(make, cohort)
    with pytest.raises(Conflict, match="Offer them a new place"):
        move(make, place, other, lead)


def test_a_facilitator_moves_nobody_into_a_group_that_is_not_theirs(make: Factory) -> None:
    cohort = make.cohort(make.service())
    place, other, own = make.enrolment(cohort), later_group(make, cohort), make.actor(make.facilitator(cohort))
    with pytest.raises(OutOfReach):
        move(make, place, other, own)


def test_somebody_new_joins_until_the_session_that_the_programme_names(db: Session, make: Factory) -> None:
    service = make.service()
    cohort = make.cohort(service)
    lead, last = lead_of(make, cohort), programme_of(db, cohort).group.late_start_until
    in_time = dates_of(db, cohort.id)[last - 1].starts_at - timedelta(hours=1)
    too_late = in_time + timedelta(days=1)
    assert offers.place_after_yes(db, patient=make.person(service), cohort=cohort, actor=lead, now=in_time)
    with pytest.raises(Conflict, match=f"with session {last + 1}, and somebody new can join until session {last}"):
        offers.place_after_yes(db, patient=make.person(service), cohort=cohort, actor=lead, now=too_late)
    waits, begun = make.enrolment(later_group(make, cohort)), make.enrolment(make.cohort(service))
    change_state(db, enrolment=begun, to=EnrolmentState.STARTED, actor=lead, now=in_time)
    with pytest.raises(Conflict, match="somebody new can join"):
        move(make, waits, cohort, lead, too_late)
    move(make, begun, cohort, lead, too_late)
    assert begun.cohort_id == cohort.id, "who has started elsewhere goes on here"


def test_sixteen_at_once_move_to_the_last_place_and_one_gets_it(url: str, now: datetime) -> None:
    engine = open_engine(url, connections=20)
    with session_scope(engine) as db:
        make = Factory(db, now)
        cohort = make.cohort(make.service(), capacity=14)
        other, lead = later_group(make, cohort, capacity=1), lead_of(make, cohort)
        second = later_group_beside(make, cohort)
        places = [make.enrolment(cohort) for _ in range(8)] + [make.enrolment(second) for _ in range(8)]

    def one(place: Enrolment) -> bool:
        try:
            with session_scope(engine) as db:
                own, to = db.get_one(Enrolment, place.id), db.get_one(Cohort, other.id)
                transfer(db, enrolment=own, to=to, words="", site=SITE, actor=lead, now=now)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(16) as at_once:
        assert list(at_once.map(one, places)).count(True) == 1
    with session_scope(engine) as db:
        assert places_taken(db, [other.id]) == {other.id: 1}
    engine.dispose()


def later_group_beside(make: Factory, cohort: Cohort) -> Cohort:
    return make.cohort(make.db.get_one(Service, cohort.service_id), "Beside", 14)


def test_the_page_moves_somebody_and_both_groups_show_it(app: Flask) -> None:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        service = make.service()
        day = (clock.now() + timedelta(days=14)).date()
        cohort, other = make.cohort(service, "Mornings", first_day=day), make.cohort(service, "Evenings", first_day=day)
        for each in (cohort, other):
            schedule(db, cohort=each)
        place = make.enrolment(cohort, "Colin")
        token = signin.begin(db, person=make.person(service, Role.CLINICAL_LEAD), now=clock.now())
        assert db.get(Person, place.person_id)
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie["signed_in"] = token
    at = f"/places/{place.id}"
    assert f"{at}/move" in browser.get(at).text
    assert "Evenings (12 free)" in browser.get(f"{at}/move").text
    assert "Choose a group" in browser.post(f"{at}/move").text
    page = browser.post(f"{at}/move", data={"cohort": other.id}, follow_redirects=True).text
    assert "They are in Evenings now" in page
    assert "Moved to <bdi>Evenings</bdi>" in browser.get(f"/groups/{cohort.id}").text
    browser.post(f"{at}/move", data={"cohort": cohort.id, "words": "Evenings were too late."})
    history = " ".join(browser.get(at).text.split("What happened so far")[1].split())
    assert "Moved from Mornings to Evenings" in history
    assert "Moved from Evenings to Mornings" in history
    assert "Evenings were too late." in history


def test_a_group_that_filled_up_while_the_page_was_open_is_refused_by_its_name(app: Flask) -> None:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        service = make.service()
        day = (clock.now() + timedelta(days=14)).date()
        cohort, other = (
            make.cohort(service, "Mornings", first_day=day),
            make.cohort(service, "Evenings", 1, first_day=day),
        )
        place, lead = make.enrolment(cohort, "Colin"), make.person(service, Role.CLINICAL_LEAD)
    browser = browser_of(app, lead)
    assert "Evenings (1 free)" in browser.get(f"/places/{place.id}/move").text
    with session_scope(app.extensions["backtolife.engine"]) as db:
        Factory(db, clock.now(), numbers=count(900)).enrolment(db.get_one(Cohort, other.id), "Ann")
    refused = browser.post(f"/places/{place.id}/move", data={"cohort": other.id})
    assert refused.status_code == 400
    assert "This group is full: it has room for 1 person." in refused.text
    assert "Not a valid choice" not in refused.text


def test_what_they_came_to_before_stays_on_both_pages_also_where_they_left_early(app: Flask) -> None:
    now = clock.now()
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, now)
        service = make.service()
        cohort = make.cohort(service, "Mornings", first_day=(now - timedelta(days=7)).date())
        other = make.cohort(service, "Evenings", first_day=(now + timedelta(days=7)).date())
        place, lead = make.enrolment(cohort, "Colin"), make.person(service, Role.CLINICAL_LEAD)
        attend(db, cohort, 1, [place], dates_of(db, cohort.id)[0].starts_at)
        move(make, place, other, make.actor(lead), now)
    browser = browser_of(app, lead)
    for page in (f"/patients/{place.id}", f"/groups/{other.id}"):
        assert f'{MINUTES} min<span class="nhsuk-u-visually-hidden"> in the group before' in browser.get(page).text
    assert "<title>Colin Example – Back to Life</title>" in browser.get(f"/patients/{place.id}").text


def test_the_page_that_adds_somebody_says_at_once_that_the_group_is_full(app: Flask) -> None:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        cohort = make.cohort(make.service(), "Mornings", 1, first_day=(clock.now() + timedelta(days=14)).date())
        lead = make.person(db.get_one(Service, cohort.service_id), Role.CLINICAL_LEAD)
    browser, page = browser_of(app, lead), f"/groups/{cohort.id}/add"
    assert "This group is full" not in browser.get(page).text
    with session_scope(app.extensions["backtolife.engine"]) as db:
        Factory(db, clock.now(), numbers=count(900)).enrolment(db.get_one(Cohort, cohort.id), "Ann")
    assert "This group is full: it has room for 1 person." in browser.get(page).text
