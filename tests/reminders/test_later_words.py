"""Who left and said yes to older words is asked again once questions open to them, and is not shut out of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from backtolife.config import Settings
from backtolife.mail.delivery import OutgoingMessage
from backtolife.outcomes.asking.due import due_for
from backtolife.outcomes.asking.schedule import Ask, asks_of
from backtolife.people.models import Person, Service
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.consent.answering import answer
from backtolife.programme.consent.rules import ConsentKind
from backtolife.programme.consent.texts import texts_of
from backtolife.reminders.letters.busy import busy
from backtolife.reminders.services import remind_cohort
from tests.reminders.still_wanted import still_wanted
from tests.support.factories import Factory
from tests.support.outcomes.sheets import staffed

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CHANGED = "later-words-changed"


@dataclass
class Left:
    """Ann left her group, where nothing else is due, and agreed to the later questions; `ask` is the first of them."""

    db: Session
    make: Factory
    settings: Settings
    cohort: Cohort
    place: Enrolment
    ask: Ask

    @property
    def open_at(self) -> datetime:
        return self.ask.opens_at.replace(hour=12) + DAY

    def new_words(self) -> None:
        self.make.asks(self.db.get_one(Service, self.cohort.service_id), ConsentKind.LATER)

    def say(self, *, agreed: bool) -> None:
        person, text = self.db.get_one(Person, self.place.person_id), texts_of(self.db, self.place.service_id)
        words, actor = text[ConsentKind.LATER].newest, self.make.actor(person)
        now = self.make.now + HOUR
        answer(self.db, person=person, kind=words.kind, text=words, agreed=agreed, actor=actor, now=now)
        self.db.refresh(self.place)

    def tick(self, now: datetime, *, is_busy: bool = False) -> list[OutgoingMessage]:
        """What waits for Ann after the scheduler was there, if it looks at her group at all: `is_busy` for others."""
        if is_busy or self.cohort.id in busy(self.db, service_ids=[self.cohort.service_id], now=now):
            remind_cohort(self.db, cohort_id=self.cohort.id, settings=self.settings, now=now)
        theirs = select(OutgoingMessage).where(OutgoingMessage.person_id == self.place.person_id)
        return list(self.db.exec(theirs))


@pytest.fixture
def left(db: Session, make: Factory, settings: Settings) -> Left:
    make.noise()
    cohort = staffed(make)
    place = make.withdrawn(make.enrolment(cohort, "Ann"), agreed_later=True)
    ask = next(each for each in asks_of(db, cohort, windows_only=True) if each.later)
    return Left(db, make, settings, cohort, place, ask)


def kinds(found: list[OutgoingMessage]) -> list[str]:
    return [each.key.partition(":")[0] for each in found]


def test_who_owes_later_questions_is_asked_again_once_when_they_open_and_answers_them_after_a_yes(left: Left) -> None:
    left.new_words()
    left.db.refresh(left.place)
    assert left.tick(left.open_at - 2 * DAY, is_busy=True) == [], "nobody is bothered while nothing is owed"
    for days in (0, 1):
        told = left.tick(left.open_at + days * DAY)
        assert kinds(told) == [CHANGED]
    assert "http://localhost/agreement" in told[0].body
    assert still_wanted(left.db, told[0], left.open_at)
    left.say(agreed=True)
    assert not still_wanted(left.db, told[0], left.open_at)
    due = due_for(left.db, enrolment=left.place, now=left.open_at)
    assert [each.ask.id for each in due if each.state == "due"] == [left.ask.id]
    assert "questionnaire-due" in kinds(left.tick(left.open_at + 2 * DAY))


def test_a_no_to_the_new_words_is_the_last_they_hear(left: Left) -> None:
    left.new_words()
    left.say(agreed=False)
    assert left.tick(left.open_at) == []


def test_whose_yes_still_counts_is_asked_the_questions_and_nothing_else(left: Left) -> None:
    assert kinds(left.tick(left.open_at)) == ["questionnaire-due"]


def test_nobody_is_asked_again_at_night(left: Left) -> None:
    left.new_words()
    left.db.refresh(left.place)
    assert left.tick(left.open_at.replace(hour=23)) == []
