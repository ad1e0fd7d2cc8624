"""What a person tells about themselves: offered kindly, never shown to others, and they may say no."""

import pytest
from sqlmodel import Session, select

from backtolife.audit import AuditEntry
from backtolife.errors import Invalid, NotFound
from backtolife.people.details.background import background_of, tell
from backtolife.people.details.traits import NOT_SAID, TRAITS
from backtolife.people.models import Person
from tests.support.factories import Factory


def test_each_question_may_be_left_and_may_be_declined(make: Factory, db: Session) -> None:
    person = make.person(make.service())
    actor = make.actor(person)
    tell(db, actor=actor, person=person, answers={"age": "35_49", "sex": NOT_SAID}, now=make.now)
    found = background_of(db, actor=actor)
    assert found is not None
    assert (found.age, found.sex, found.ethnic_group, found.support) == ("35_49", NOT_SAID, "", "")
    tell(db, actor=actor, person=person, answers={"age": NOT_SAID}, now=make.now)
    assert (found.age, found.sex) == (NOT_SAID, "")
    assert all(NOT_SAID in trait.choices for trait in TRAITS)


def test_the_record_says_that_it_changed_and_not_what_was_said(make: Factory, db: Session) -> None:
    person = make.person(make.service())
    tell(db, actor=make.actor(person), person=person, answers={"ethnic_group": "black"}, now=make.now)
    entry = db.exec(select(AuditEntry).where(AuditEntry.action == "background_told")).one()
    assert "black" not in str(entry.detail)


def test_an_answer_that_we_do_not_offer_is_refused(make: Factory, db: Session) -> None:
    person = make.person(make.service())
    with pytest.raises(Invalid, match="Choose one"):
        tell(db, actor=make.actor(person), person=person, answers={"age": "<script>"}, now=make.now)


def test_nobody_answers_for_another(make: Factory, db: Session) -> None:
    service = make.service()
    person: Person = make.person(service)
    with pytest.raises(NotFound):
        tell(db, actor=make.actor(make.person(service)), person=person, answers={}, now=make.now)
