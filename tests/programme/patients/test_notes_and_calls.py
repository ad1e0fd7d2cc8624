"""Notes of staff about a patient, corrected without losing what stood there, and calls with what came of them."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from backtolife.audit import AuditEntry
from backtolife.errors import Conflict, Invalid, NotFound, NotPermitted
from backtolife.people.access import Actor
from backtolife.people.models import Role, Service
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.patients import notes
from backtolife.programme.patients.calling import calls
from backtolife.programme.patients.models import PatientNote
from backtolife.programme.places.dying import record_death
from tests.support.factories import Factory


@dataclass
class Desk:
    """A facilitator and a colleague who look after Linda, and Joseph beside her."""

    db: Session
    make: Factory
    linda: Enrolment
    joseph: Enrolment
    priya: Actor
    tom: Actor
    now: datetime

    def write(self, text: str) -> PatientNote:
        return notes.write(self.db, whose=self.linda, text=text, actor=self.priya, now=self.now)

    def correct(self, note: PatientNote, text: str, *, seen: int, place: Enrolment | None = None) -> PatientNote:
        return notes.correct(
            self.db,
            whose=place or self.linda,
            thread=note.thread,
            seen=seen,
            text=text,
            actor=self.tom,
            now=self.now + timedelta(hours=1),
        )

    def call(self, place: Enrolment, outcome: str, words: str = "", *, later: int = 0) -> None:
        at = self.now + timedelta(minutes=later)
        calls.record_call(self.db, whose=place, outcome=outcome, words=words, actor=self.priya, now=at)


@pytest.fixture
def desk(db: Session, make: Factory, now: datetime) -> Desk:
    make.noise()
    cohort = make.cohort(make.service())
    linda, joseph = make.enrolment(cohort, "Linda"), make.enrolment(cohort, "Joseph")
    priya, tom = (make.actor(make.facilitator(cohort, name=name)) for name in ("Priya", "Tom"))
    return Desk(db, make, linda, joseph, priya, tom, now)


def test_a_note_is_dated_and_by_somebody(desk: Desk) -> None:
    desk.write("  She sleeps better.\r\nHer son helps. ")
    (note,) = notes.notes_of(desk.db, desk.linda.person_id)
    assert (note.newest.row.text, note.newest.by) == ("She sleeps better.\nHer son helps.", "Priya Example")
    assert (note.written_at, note.earlier) == (desk.now, ())
    assert notes.notes_of(desk.db, desk.joseph.person_id) == []


def test_a_correction_leaves_what_stood_there_before(desk: Desk) -> None:
    first = desk.write("She sleeps better.")
    desk.correct(first, "She sleeps a little better.", seen=1)
    (note,) = notes.notes_of(desk.db, desk.linda.person_id)
    assert (note.newest.row.text, note.newest.by) == ("She sleeps a little better.", "Tom Example")
    assert [(each.row.text, each.by) for each in note.earlier] == [("She sleeps better.", "Priya Example")]
    assert note.written_at == desk.now


def test_a_correction_that_changes_nothing_is_none(desk: Desk) -> None:
    first = desk.write("She sleeps better.")
    assert desk.correct(first, "She sleeps better. ", seen=1) == first


def test_of_two_who_correct_at_once_the_second_is_told(desk: Desk) -> None:
    first = desk.write("She sleeps better.")
    desk.correct(first, "She sleeps worse.", seen=1)
    with pytest.raises(Conflict, match="while you had it open"):
        desk.correct(first, "She sleeps well.", seen=1)


@pytest.mark.parametrize("text", [" \n ", "x" * (notes.LONGEST + 1)])
def test_an_empty_or_endless_note_is_refused(desk: Desk, text: str) -> None:
    with pytest.raises(Invalid) as refused:
        desk.write(text)
    assert refused.value.field == "text"


def test_a_note_about_somebody_else_is_not_found(desk: Desk) -> None:
    first = desk.write("She sleeps better.")
    with pytest.raises(NotFound):
        desk.correct(first, "He sleeps better.", seen=1, place=desk.joseph)


def test_who_does_not_look_after_the_patient_writes_nothing(desk: Desk) -> None:
    outsider = desk.make.actor(desk.make.facilitator(desk.make.cohort(desk.make.service())))
    admin = desk.make.person(desk.db.get_one(Service, desk.linda.service_id), Role.ADMINISTRATOR)
    with pytest.raises(NotFound):
        replace(desk, priya=outsider).write("Hello")
    with pytest.raises(NotPermitted):
        replace(desk, priya=desk.make.actor(admin)).call(desk.linda, "spoke")


def test_calls_are_kept_with_who_rang_and_what_came_of_it(desk: Desk) -> None:
    desk.call(desk.linda, "no_answer")
    desk.call(desk.linda, "left_word", "With her husband", later=5)
    newest, first = calls.calls_of(desk.db, desk.linda.person_id)
    assert (newest.words, newest.by, newest.row.words) == ("Rang and left word", "Priya Example", "With her husband")
    assert first.words == "Rang, no answer"


def test_the_newest_call_with_each_takes_one_look(desk: Desk) -> None:
    desk.call(desk.linda, "no_answer")
    desk.call(desk.linda, "spoke", later=5)
    desk.call(desk.joseph, "they_rang")
    found = calls.newest_calls(desk.db, [desk.linda.person_id, desk.joseph.person_id])
    assert {key: each.row.outcome.value for key, each in found.items()} == {
        desk.linda.person_id: "spoke",
        desk.joseph.person_id: "they_rang",
    }


@pytest.mark.parametrize(("outcome", "words", "field"), [("", "", "outcome"), ("spoke", "x" * 501, "words")])
def test_a_call_that_says_nothing_or_too_much_is_refused(desk: Desk, outcome: str, words: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        desk.call(desk.linda, outcome, words)
    assert refused.value.field == field


def test_the_trace_names_no_word_of_a_note_or_call(desk: Desk) -> None:
    desk.correct(desk.write("She sleeps better."), "She sleeps worse.", seen=1)
    desk.call(desk.linda, "left_word", "With her husband")
    traced = [each.model_dump() for each in desk.db.exec(select(AuditEntry)).all()]
    wanted = {"note_written", "note_corrected", "call_recorded"}
    assert wanted <= {each["action"] for each in traced}
    assert not any("sleeps" in str(each) or "husband" in str(each) for each in traced)


def test_no_call_is_written_down_with_somebody_who_has_died(desk: Desk) -> None:
    record_death(desk.db, whose=desk.linda, told_by="Her son rang", actor=desk.priya, now=desk.now)
    with pytest.raises(Conflict, match=r"has died\. Write a note instead"):
        desk.call(desk.linda, "spoke")
    assert calls.calls_of(desk.db, desk.linda.person_id) == []
