"""A group keeps the version of the programme it began with; the next group has the one that is shipped by then."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from backtolife.config import Settings
from backtolife.database.session import session_scope
from backtolife.mail.delivery import OutgoingMessage
from backtolife.outcomes.asking.schedule import asks_of
from backtolife.people.access import Actor, System
from backtolife.people.models import Person, Role, Service
from backtolife.programme.adopted.models import AdoptedProgramme
from backtolife.programme.adopted.services import NotKept, adopt_programme, in_use, programme_of
from backtolife.programme.cohorts.models import Cohort
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.cohorts.telling import tell
from backtolife.reminders.messages.coming import coming_messages
from backtolife.reminders.services import remind
from backtolife.sessions.joining.page_data import for_patients
from backtolife.sessions.room import services as rooms
from tests.programme.adopted.shipping import begin_anew, upgraded
from tests.support.factories import Factory
from tests.support.statements import statements_of

VALUES = {"date": "Tue 14 Apr", "time": "6:30pm", "link": "https://go.example.org/j/a1b2c3"}


@dataclass
class Two:
    """One service with a group that ran before an upgrade, and one that was made after it. Each has a patient."""

    engine: Engine
    running: str
    new: str

    def each(self, db: Session) -> tuple[Cohort, Cohort]:
        return db.get_one(Cohort, self.running), db.get_one(Cohort, self.new)


@pytest.fixture
def two(engine: Engine, tmp_path: Path, now: datetime) -> Iterator[Two]:
    begin_anew()
    with session_scope(engine) as db:
        make = Factory(db, now)
        service = make.service()
        running = make.cohort(service, "Running", first_day=now.date() + timedelta(days=3))
        make.enrolment(running, "Linda")
        rooms.schedule(db, cohort=running)
    with upgraded(tmp_path):
        with session_scope(engine) as db:
            make.db = db
            new = make.cohort(db.get_one(Service, service.id), "New", first_day=now.date() + timedelta(days=3))
            make.enrolment(new, "Colin")
            rooms.schedule(db, cohort=new)
        begin_anew()
        yield Two(engine, running.id, new.id)


def test_a_session_has_the_sections_of_the_groups_version(two: Two) -> None:
    with Session(two.engine) as db:
        titles = [
            [
                section["title"]
                for section in for_patients(
                    db,
                    group_session=rooms.for_date(db, dates_of(db, cohort.id)[0]),
                    media_url="",
                    two_rooms=False,
                )["sections"]
            ]
            for cohort in two.each(db)
        ]
    assert ["Your plan until next time" in each for each in titles] == [True, False]
    assert ["Your plan in the new words" in each for each in titles] == [False, True]


def test_milestones_and_what_it_takes_to_complete_are_of_the_groups_version(two: Two) -> None:
    with Session(two.engine) as db:
        labels = [{each.label for each in asks_of(db, cohort)} for cohort in two.each(db)]
        enough = [programme_of(db, cohort).group.completed_from for cohort in two.each(db)]
    assert [each & {"Half way", "In the middle"} for each in labels] == [{"Half way"}, {"In the middle"}]
    assert enough == [6, 4]


def test_messages_and_their_titles_have_the_words_of_the_groups_version(
    two: Two, settings: Settings, now: datetime
) -> None:
    with Session(two.engine) as db:
        for cohort in two.each(db):
            person = db.exec(select(Person).where(Person.shown_name == "Linda")).one()
            key = f"reminder-24h:{cohort.id}"
            tell(db, person=person, cohort=cohort, template="reminder-24h", key=key, values=VALUES, now=now)
        db.flush()
        bodies = {each.key: each.body for each in db.exec(select(OutgoingMessage))}
        office = Actor("office", person.service_id, frozenset({Role.ADMINISTRATOR}), frozenset())
        coming = coming_messages(db, actor=office, settings=settings, now=now).rows
        titles = {
            each.cohort.name: each.title
            for each in coming
            if each.cohort and each.title.startswith(("Reminder, 24", "Reminder, a d"))
        }
    assert "We look forward to seeing you on Tue 14 Apr" in bodies[f"reminder-24h:{two.running}"]
    assert "The new words say Tue 14 Apr" in bodies[f"reminder-24h:{two.new}"]
    assert titles == {"Running": "Reminder, 24 hours before", "New": "Reminder, a day before"}


def test_what_may_be_asked_in_a_service_is_of_every_version_in_use(two: Two) -> None:
    with Session(two.engine) as db:
        service_id = db.get_one(Cohort, two.running).service_id
        assert [each.version for each in in_use(db, service_id)] == ["2.0.0", "1.0.0"]


def test_a_process_asks_the_database_once_for_a_group(two: Two) -> None:
    with Session(two.engine) as db:
        cohort = db.get_one(Cohort, two.running)
        with statements_of(two.engine) as first:
            programme_of(db, cohort)
        with statements_of(two.engine) as second:
            programme_of(db, cohort)
    assert (len(first), len(second)) == (2, 0)


@pytest.mark.parametrize("files", [{}, {"programme.yaml": "id: backtolife-core"}])
def test_a_version_that_is_not_there_as_it_was_is_said_and_no_other_is_shown(
    two: Two, files: dict[str, str], settings: Settings, now: datetime
) -> None:
    with session_scope(two.engine) as db:
        damaged = db.exec(select(AdoptedProgramme).where(AdoptedProgramme.version == "1.0.0")).one()
        damaged.files = files
    begin_anew()
    with Session(two.engine) as db:
        running, new = two.each(db)
        with pytest.raises(NotKept, match=r"backtolife-core 1\.0\.0"):
            programme_of(db, running)
        assert programme_of(db, new).version == "2.0.0"
    remind(two.engine, settings, now)
    with Session(two.engine) as db:
        wrote = set(
            db.exec(select(Person.shown_name).join(OutgoingMessage, col(OutgoingMessage.person_id) == Person.id))
        )
    assert "Colin" in wrote and "Linda" not in wrote


def test_the_same_programme_is_kept_once_in_a_service(two: Two, now: datetime) -> None:
    with session_scope(two.engine) as db:
        actor = System("test", db.get_one(Cohort, two.running).service_id)
        again = {adopt_programme(db, actor=actor, now=now).id for _ in range(2)}
        kept = {each.version: each.id for each in db.exec(select(AdoptedProgramme))}
    assert again == {kept["2.0.0"]}
    assert sorted(kept) == ["1.0.0", "2.0.0"]
