"""Who looked at whom is read out of the audit log, for one patient and for one colleague."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlmodel import Session

from backtolife.audit import record
from backtolife.data_life.looked.flags import Flag
from backtolife.data_life.looked.listing import Days, days_of, every, looks
from backtolife.data_life.looked.words import PAGES
from backtolife.errors import Invalid
from backtolife.people.access import Actor
from backtolife.people.models import STAFF, Person, Role, Service
from backtolife.people.traces.looks import LISTS, RECORDS
from backtolife.programme.cohorts.models import Enrolment
from tests.access.decided.roles import ROLES
from tests.access.decided.routes import ROUTES
from tests.access.test_every_route import rules
from tests.support.factories import Factory

LONDON = "Europe/London"


def short(name: str) -> str:
    return name.removesuffix(" Example")


class Ward:
    """Two groups of one service with a patient each, and who works there."""

    def __init__(self, db: Session, make: Factory) -> None:
        make.noise()
        self.db, self.make, self.now = db, make, make.now
        self.group = make.cohort(make.service(), "Tuesdays")
        self.place = make.enrolment(self.group, "Ann")
        self.patient = db.get_one(Person, self.place.person_id)
        service = db.get_one(Service, self.group.service_id)
        self.facilitator = make.facilitator(self.group, name="Fay")
        self.lead = make.person(service, Role.CLINICAL_LEAD, "Lee")
        self.other_place = make.enrolment(make.cohort(service, "Fridays"), "Bo")

    def look(self, who: Person, kind: str, subject_id: str, *, page: str = "", at: datetime | None = None) -> None:
        actor: Actor = self.make.actor(who)
        action = "looked" if page else "patient_seen"
        more = {"page": page} if page else {}
        record(
            self.db, actor=actor, action=action, subject_type=kind, subject_id=subject_id, now=at or self.now, **more
        )

    def at(self, person: Person, days: Days | None = None) -> list[tuple[str, str, str]]:
        found = looks(self.db, person=person, days=days or Days(), zone=LONDON)
        return [(short(each.who), each.what, short(each.shown)) for each in found.rows]


@pytest.fixture
def ward(db: Session, make: Factory) -> Ward:
    return Ward(db, make)


def test_looks_at_the_record_the_place_and_the_group_are_there_and_nobody_elses(ward: Ward) -> None:
    ward.look(ward.facilitator, "enrolment", ward.place.id)
    ward.look(ward.lead, "person", ward.patient.id, page="patient_notes.new")
    ward.look(ward.facilitator, "cohort", ward.group.id, page="board.show")
    ward.look(ward.lead, "enrolment", ward.other_place.id)
    assert ward.at(ward.patient) == [
        ("Fay", "The group’s board", "Tuesdays"),
        ("Lee", "Notes and calls", "Ann"),
        ("Fay", "The patient’s page", "Ann"),
    ]


def test_a_look_at_the_group_before_they_came_to_it_is_none_at_them(ward: Ward) -> None:
    ward.look(ward.facilitator, "cohort", ward.group.id, page="board.show", at=ward.now - timedelta(days=30))
    assert ward.at(ward.patient) == []


def test_what_was_looked_at_before_two_records_became_one_is_the_persons_too(ward: Ward) -> None:
    twin = ward.make.person(ward.db.get_one(Service, ward.group.service_id), Role.PATIENT, "Ann")
    ward.look(ward.lead, "person", twin.id, page="patient_details.show")
    twin.merged_into_id = ward.patient.id
    ward.db.flush()
    assert [what for _, what, _ in ward.at(ward.patient)] == ["Details"]


def test_of_a_colleague_it_says_whom_they_looked_at(ward: Ward) -> None:
    ward.look(ward.lead, "enrolment", ward.other_place.id)
    ward.look(ward.facilitator, "enrolment", ward.place.id)
    assert ward.at(ward.lead) == [("Lee", "The patient’s page", "Bo")]


def flags_of(ward: Ward, person: Person) -> list[tuple[str, tuple[Flag, ...]]]:
    return [(short(each.who), each.flags) for each in looks(ward.db, person=person, days=Days(), zone=LONDON).rows]


def test_a_look_without_a_part_in_the_persons_groups_is_marked(ward: Ward) -> None:
    ward.look(ward.lead, "person", ward.patient.id, page="patient_details.show")
    ward.look(ward.facilitator, "enrolment", ward.place.id)
    assert flags_of(ward, ward.patient) == [("Fay", ()), ("Lee", (Flag.NOT_THEIR_GROUP,))]


def test_a_look_at_a_patient_who_also_works_here_is_marked(ward: Ward) -> None:
    colleague = ward.make.person(ward.db.get_one(Service, ward.group.service_id), Role.DUTY_CLINICIAN, "Ann at work")
    ward.look(ward.facilitator, "enrolment", ward.place.id)
    assert flags_of(ward, ward.patient) == [("Fay", ())]
    colleague.phone = ward.patient.phone = "07700 900123"
    ward.db.flush()
    assert flags_of(ward, ward.patient) == [("Fay", (Flag.WORKS_HERE,))]


def test_days_are_counted_in_the_services_zone_both_of_them(ward: Ward) -> None:
    evening = datetime.fromisoformat("2026-07-01T23:30:00+00:00")
    ward.look(ward.facilitator, "enrolment", ward.place.id, at=evening)
    assert len(ward.at(ward.patient, Days(date(2026, 7, 2), date(2026, 7, 2)))) == 1
    assert ward.at(ward.patient, Days(None, date(2026, 7, 1))) == []


def test_a_long_log_comes_in_pages_and_whole_in_a_file(ward: Ward) -> None:
    for minute in range(60):
        ward.look(ward.facilitator, "enrolment", ward.place.id, at=ward.now + timedelta(minutes=minute))
    first = looks(ward.db, person=ward.patient, days=Days(), zone=LONDON)
    last = looks(ward.db, person=ward.patient, days=Days(), zone=LONDON, page=99)
    assert (first.total, first.pages, len(first.rows), last.page, len(last.rows)) == (60, 2, 50, 2, 10)
    assert len(list(every(ward.db, person=ward.patient, days=Days(), zone=LONDON))) == 60


@pytest.mark.parametrize(("first", "last"), [("31/3/2026", ""), ("2026-02-30", ""), ("2026-03-02", "2026-03-01")])
def test_what_is_no_day_is_said_in_words(first: str, last: str) -> None:
    with pytest.raises(Invalid):
        days_of(first, last)


def test_every_page_whose_looks_are_kept_has_words(app: Flask) -> None:
    shows = {
        rule.endpoint.partition(".")[0]
        for rule, method in rules(app)
        if (rule.arguments & RECORDS or ROUTES[rule.endpoint] in LISTS)
        and STAFF & set(ROLES.get(ROUTES[rule.endpoint], ()))
    }
    assert shows - PAGES.keys() - {"session_films"} == set()


def test_an_enrolment_of_another_service_is_no_subject_of_ours(ward: Ward) -> None:
    strange = ward.db.get_one(Enrolment, ward.make.enrolment(ward.make.cohort(ward.make.service()), "Cy").id)
    ward.look(ward.lead, "enrolment", strange.id)
    assert ward.at(ward.patient) == []
