"""Each night whoever was kept long enough is proposed. Nobody is erased by it; who comes back is proposed no more."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, insert
from sqlmodel import Session, select

from backtolife.clock import years_later
from backtolife.data_life.erasing import services as erasing
from backtolife.data_life.erasing.emptying import is_erased
from backtolife.data_life.erasing.models import Erasure
from backtolife.data_life.retention import services
from backtolife.data_life.retention.models import RetentionProposal
from backtolife.data_life.retention.proposing import looking, propose
from backtolife.data_life.retention.rules import Contact, Obstacle
from backtolife.database.session import new_id, session_scope
from backtolife.errors import Conflict, Invalid, NotPermitted
from backtolife.outcomes.models import Level, SafetyTask, TaskState
from backtolife.outcomes.safety.after_closing import add_note
from backtolife.people.models import Kind, Person, Role, Service
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.patients.models import PatientNote
from tests.conftest import NOW
from tests.support.factories import Factory
from tests.support.statements import statements_of

WEEK = erasing.WAIT


class Archive:
    """A service whose group ended years ago; one of its people is Ann, who left it then."""

    def __init__(self, db: Session, make: Factory) -> None:
        self.db, self.make = db, make
        self.service: Service = make.service()
        self.place = make.withdrawn(make.enrolment(make.cohort(self.service), "Ann"))
        self.ann = db.get_one(Person, self.place.person_id)
        self.lead = make.actor(make.person(self.service, Role.CLINICAL_LEAD))
        self.admin = make.actor(make.person(self.service, Role.ADMINISTRATOR))
        self.later = years_later(make.now, self.service.keep_years + 1)
        db.flush()

    def night(self, now: datetime | None = None) -> tuple[int, int]:
        return propose(self.db, self.service, now=now or self.later)

    def rows(self) -> list[RetentionProposal]:
        return list(self.db.exec(select(RetentionProposal)))

    def note(self, person: Person, at: datetime) -> None:
        lead_id, service_id = self.lead.id, self.service.id
        row = PatientNote(
            service_id=service_id, person_id=person.id, thread=new_id(), text="Rang", by=lead_id, at=at, version=1
        )
        self.db.add(row)
        self.db.flush()


@pytest.fixture
def archive(db: Session, make: Factory) -> Archive:
    return Archive(db, make)


def test_whose_time_is_over_is_proposed_once_and_nobody_is_erased(archive: Archive) -> None:
    assert archive.night(archive.make.now + timedelta(days=365)) == (0, 0)
    assert archive.night() == (1, 0)
    assert archive.night() == (0, 0)
    (row,) = archive.rows()
    assert (row.person_id, row.obstacle, row.last_contact) == (archive.ann.id, None, Contact.GROUP_ENDED)
    assert not is_erased(archive.ann)
    assert archive.db.exec(select(Erasure)).first() is None


def test_a_later_contact_starts_the_time_anew(archive: Archive) -> None:
    archive.night()
    archive.note(archive.ann, archive.later - timedelta(days=1))
    assert archive.night() == (0, 1)
    assert archive.rows() == []


def test_a_note_added_to_a_closed_safety_task_starts_the_time_anew(archive: Archive) -> None:
    archive.night()
    when, who = archive.make.now, archive.lead.id
    about = {"service_id": archive.service.id, "enrolment_id": archive.place.id, "group_session_id": "a", "item": ""}
    raised = {"level": Level.URGENT, **dict.fromkeys(("raised_at", "due_at", "promised_at", "escalates_at"), when)}
    closed = {"acknowledged_at": when, "closed_at": when, "acknowledged_by": who, "closed_by": who, "contact": "Rang"}
    task = SafetyTask(**about, **raised, **closed, state=TaskState.DONE)
    archive.db.add(task)
    archive.db.flush()
    assert archive.night() == (0, 0)
    add_note(archive.db, actor=archive.lead, task_id=task.id, text="Rang.", now=archive.later - timedelta(days=1))
    assert archive.night() == (0, 1)


def test_a_contact_on_a_record_that_was_merged_counts_for_the_person(archive: Archive) -> None:
    twin = archive.make.person(archive.service, Role.PATIENT, "Ann Twin")
    twin.merged_into_id = archive.ann.id
    archive.db.flush()
    assert archive.night() == (1, 0), "one person, one proposal"
    archive.note(twin, archive.later - timedelta(days=1))
    assert archive.night() == (0, 1)


def test_who_was_a_child_or_is_held_or_has_a_place_is_shown_but_cannot_be_asked_for(archive: Archive) -> None:
    born = archive.make.now.date().replace(year=archive.make.now.year - 16)
    archive.ann.date_of_birth = born
    archive.db.flush()
    archive.night()
    assert archive.rows()[0].obstacle is Obstacle.CHILD
    archive.ann.date_of_birth = None
    erasing.put_hold(archive.db, person=archive.ann, reason="A claim", actor=archive.lead, now=archive.later)
    archive.night()
    assert archive.rows()[0].obstacle is Obstacle.HOLD
    with pytest.raises(Conflict):
        services.ask(
            archive.db, service=archive.service, person_ids={archive.ann.id}, actor=archive.lead, now=archive.later
        )
    erasing.lift_hold(archive.db, person=archive.ann, actor=archive.lead, now=archive.later)
    archive.place.state = EnrolmentState.STARTED
    archive.db.flush()
    archive.night()
    assert archive.rows()[0].obstacle is Obstacle.PLACE


def ask(archive: Archive, **change: Any) -> int:
    wanted = {"service": archive.service, "person_ids": {archive.ann.id}, "actor": archive.lead, "now": archive.later}
    return services.ask(archive.db, **{**wanted, **change})


def test_two_people_a_week_apart_erase_whoever_was_kept_long_enough(archive: Archive) -> None:
    archive.night()
    with pytest.raises(NotPermitted):
        ask(archive, actor=archive.admin)
    with pytest.raises(Invalid):
        ask(archive, person_ids=set())
    assert ask(archive) == 1
    row = archive.db.exec(select(Erasure)).one()
    assert "kept for 8 years" in row.reason
    confirm = {"service": archive.service, "person_ids": {archive.ann.id}}
    for actor, after in ((archive.admin, timedelta(days=6)), (archive.lead, WEEK)):
        with pytest.raises(Conflict):
            services.confirm(archive.db, **confirm, actor=actor, now=archive.later + after)
    services.confirm(archive.db, **confirm, actor=archive.admin, now=archive.later + WEEK)
    assert is_erased(archive.ann)
    assert archive.rows() == []
    assert archive.night(archive.later + WEEK) == (0, 0), "who is erased is not proposed again"


def test_who_comes_back_after_it_was_asked_for_is_not_erased(archive: Archive) -> None:
    archive.night()
    ask(archive)
    archive.note(archive.ann, archive.later + timedelta(days=1))
    with pytest.raises(Conflict, match="in contact"):
        services.confirm(
            archive.db,
            service=archive.service,
            person_ids={archive.ann.id},
            actor=archive.admin,
            now=archive.later + WEEK,
        )
    with pytest.raises(Conflict, match="page of records kept long enough"):
        erasing.confirm(archive.db, person=archive.ann, actor=archive.admin, now=archive.later + WEEK)
    assert archive.night(archive.later + WEEK) == (0, 1)
    assert archive.db.exec(select(Erasure)).one().called_off_at == archive.later + WEEK
    assert not is_erased(archive.ann)


def test_an_erasure_that_the_person_asked_for_stays_when_they_are_in_contact(archive: Archive) -> None:
    archive.night()
    erasing.ask(archive.db, person=archive.ann, reason="By letter", actor=archive.lead, now=archive.later)
    archive.note(archive.ann, archive.later)
    archive.night()
    assert archive.db.exec(select(Erasure)).one().called_off_at is None


def test_two_thousand_places_take_as_many_statements_as_one(archive: Archive) -> None:
    with statements_of(archive.db.connection()) as few:
        archive.night()
    people, places = [], []
    for number in range(2000):
        person_id = new_id()
        people.append(
            {
                "id": person_id,
                "service_id": archive.service.id,
                "kind": Kind.PATIENT,
                "email": f"old{number}@example.org",
                "full_name": "Old",
                "shown_name": "Old",
                "created_at": archive.make.now,
            }
        )
        places.append(
            {
                "id": new_id(),
                "service_id": archive.service.id,
                "cohort_id": archive.place.cohort_id,
                "person_id": person_id,
                "code": f"X{number}",
                "state": EnrolmentState.WITHDRAWN,
                "enrolled_at": archive.make.now,
            }
        )
    archive.db.connection().execute(insert(Person), people)
    archive.db.connection().execute(insert(Enrolment), places)
    with statements_of(archive.db.connection()) as many:
        assert archive.night() == (2000, 0)
    assert len(many) <= len(few) + 8, many
    with statements_of(archive.db.connection()) as page:
        shown = services.proposals(archive.db, archive.service.id)
    assert (len(shown.fit), shown.total, len(page)) == (services.AT_MOST, 2001, 4)


def test_the_scheduler_looks_once_a_night(engine: Engine) -> None:
    with session_scope(engine) as db:
        archive = Archive(db, Factory(db, NOW))
        later = archive.later.replace(hour=12)
    moment = later
    turn = looking(engine, lambda: moment)
    turn()
    with session_scope(engine) as db:
        assert len(db.exec(select(RetentionProposal)).all()) == 1
        db.exec(select(RetentionProposal)).one().proposed_at = NOW
        db.delete(db.exec(select(RetentionProposal)).one())
    turn()
    with session_scope(engine) as db:
        assert db.exec(select(RetentionProposal)).first() is None, "not twice in one night"
    moment = later + timedelta(days=1)
    turn()
    with session_scope(engine) as db:
        assert db.exec(select(RetentionProposal)).first() is not None
