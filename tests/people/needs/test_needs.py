"""What somebody needs to take part: told once, kept apart from what is counted, and never in the trace."""

from dataclasses import replace
from datetime import datetime

import pytest
from sqlmodel import Session, select

from backtolife.audit import AuditEntry
from backtolife.errors import Invalid
from backtolife.people.details.traits import TRAITS
from backtolife.people.models import Background
from backtolife.people.needs.kinds import Needs, in_words
from backtolife.people.needs.telling import needs_in_words, needs_of, tell_needs
from tests.support.factories import Factory


def test_needs_are_kept_in_one_order_and_read_in_words_of_staff() -> None:
    needs = Needs(("no_floor", "interpreter"), "  Polish ", "I use a\nwheelchair").kept()
    assert needs == Needs(("interpreter", "no_floor"), "pl", "I use a wheelchair")
    words = in_words(needs.kinds, needs.language, needs.words)
    assert words == ["Interpreter (Polish)", "Cannot get on the floor", "I use a wheelchair"]
    assert in_words(None, "", "") == in_words([], "", "") == []


@pytest.mark.parametrize(
    ("needs", "field"),
    [
        (Needs(("a lift",)), "kinds"),
        (Needs(("interpreter",)), "language"),
        (Needs(("interpreter",), "English"), "language"),
        (Needs(("interpreter",), "x" * 61), "language"),
        (Needs((), "", "x" * 301), "words"),
    ],
)
def test_what_cannot_be_kept_is_refused_beside_its_field(needs: Needs, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        needs.kept()
    assert refused.value.field == field


def test_a_language_stays_without_an_interpreter_and_staff_read_it() -> None:
    needs = Needs(("bsl",), "Polish").kept()
    assert needs == Needs(("bsl",), "pl")
    assert in_words(needs.kinds, needs.language, needs.words) == ["Speaks Polish", "British Sign Language"]
    assert in_words((), "en", "") == []


def test_what_was_typed_before_there_was_a_list_stays_and_a_name_on_it_is_told_once(
    db: Session, make: Factory, now: datetime
) -> None:
    linda = make.person(make.service())
    actor = make.actor(linda)
    linda.needs, linda.needs_language = ["interpreter"], "Polish"
    assert not tell_needs(db, person=linda, needs=Needs(("interpreter",), "pl"), actor=actor, now=now)
    assert tell_needs(db, person=linda, needs=Needs(("interpreter",), "Gorani"), actor=actor, now=now)
    assert needs_in_words(linda) == ["Interpreter (Gorani)"]


def test_needing_nothing_is_an_answer_and_not_being_asked_is_none(db: Session, make: Factory, now: datetime) -> None:
    linda = make.person(make.service())
    actor = make.actor(linda)
    assert linda.needs is None
    assert tell_needs(db, person=linda, needs=Needs(), actor=actor, now=now)
    assert (linda.needs, needs_in_words(linda)) == ([], [])
    assert not tell_needs(db, person=linda, needs=Needs(), actor=actor, now=now)


def test_the_trace_says_that_it_was_told_and_never_what(db: Session, make: Factory, now: datetime) -> None:
    linda = make.person(make.service())
    needs = Needs(("interpreter", "sight"), "Polish", "Her daughter helps")
    tell_needs(db, person=linda, needs=needs, actor=make.actor(linda), now=now)
    assert needs_of(linda) == replace(needs, language="pl")
    (entry,) = db.exec(select(AuditEntry).where(AuditEntry.action == "needs_told")).all()
    assert not any(word in str(entry.model_dump()) for word in ("Polish", "daughter", "sight"))


def test_a_need_is_no_trait_and_a_trait_no_need(db: Session, make: Factory, now: datetime) -> None:
    linda = make.person(make.service())
    tell_needs(db, person=linda, needs=Needs(("interpreter",), "Polish"), actor=make.actor(linda), now=now)
    assert db.exec(select(Background)).all() == []
    db.add(Background(service_id=linda.service_id, person_id=linda.id, support="bsl", updated_at=now))
    db.flush()
    assert needs_of(linda).kinds == ("interpreter",)
    assert {trait.id for trait in TRAITS} == {"age", "sex", "ethnic_group", "support"}
