"""Answers are saved as they are given: once each, the newest standing, nothing lost."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from backtolife.errors import Conflict, Invalid, NotFound
from backtolife.outcomes.answering.opening import open_response
from backtolife.outcomes.answering.responses import NONE_APPLY, answers_of, given
from backtolife.outcomes.answering.saving import Given, save
from backtolife.outcomes.answering.submitting import scores_of
from backtolife.outcomes.models import AdoptedInstrument, Answer, GivenAnswer, InstrumentResponse
from backtolife.people.access import OutOfReach
from tests.support.factories import Factory
from tests.support.outcomes.sheets import SITE, a_patient, staffed

WHOLE_PHQ = {str(number): 1 for number in range(1, 9)} | {"9": 0}


def test_a_form_opens_once_and_pins_its_wording(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    first, again = patient.open("phq-9"), patient.open("phq-9")
    adopted = db.get_one(AdoptedInstrument, first.adopted_id)
    assert first.id == again.id
    assert (adopted.version, adopted.wording) == ("1", "Mood questions, in-house, scored as PHQ-9")
    assert len(adopted.wording_hash) == len(adopted.instrument_hash) == 64


def test_an_answer_sent_twice_is_one_answer(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    response = patient.open("gad-7")
    for _ in range(2):
        assert patient.say(response, "1", 2, "key-1").keys == ["key-1"]
    assert len(db.exec(select(Answer)).all()) == len(db.exec(select(GivenAnswer)).all()) == 1


def test_a_late_repeat_of_an_old_answer_does_not_undo_a_newer_one(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    response = patient.open("gad-7")
    patient.say(response, "1", 2, "old")
    patient.say(response, "1", 0, "new", now=patient.now + timedelta(minutes=1))
    patient.say(response, "1", 2, "old", now=patient.now + timedelta(minutes=2))
    assert given(answers_of(db, response)["1"]) == 0


def test_an_answer_that_waited_on_another_device_gives_way_to_a_newer_one(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    response = patient.open("gad-7")
    later = patient.now + timedelta(hours=1)
    patient.say(response, "1", 3, "phone", now=later)
    patient.say(response, "1", 1, "tablet", ago=1800, now=later + timedelta(minutes=1))
    kept = {row.client_key: row.used for row in db.exec(select(GivenAnswer))}
    assert given(answers_of(db, response)["1"]) == 3
    assert kept == {"phone": True, "tablet": False}


def test_an_answer_out_of_range_is_refused_and_the_rest_is_kept(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    response = patient.open("peg-3")
    saved = patient.say_all(response, {"1": 4, "2": 11, "99": 1, "3": 0})
    assert set(saved.refused) == {"all-2", "all-99"}
    assert {name: given(row) for name, row in answers_of(db, response).items()} == {"1": 4, "3": 0}


def test_an_answer_can_be_taken_back(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    response = patient.open("rmdq-24")
    patient.say(response, "3", 1)
    patient.say(response, "3", None, now=patient.now + timedelta(seconds=5))
    assert answers_of(db, response) == {}


def test_a_sent_form_is_scored_by_its_instrument(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    response = patient.open("phq-9")
    patient.say_all(response, WHOLE_PHQ)
    patient.send(response)
    (score,) = scores_of(db, response)
    assert (score.scale, score.value, score.band, score.missing, score.status) == ("total", 8, "mild", 0, "scored")


def test_a_gap_gives_no_score_and_says_how_many_are_missing(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    response = patient.open("gad-7")
    patient.say_all(response, {"1": 0, "2": 1})
    patient.send(response)
    (score,) = scores_of(db, response)
    assert (score.value, score.missing, score.status) == (None, 5, "incomplete")


def test_none_of_these_is_a_true_0(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    response = patient.open("rmdq-24")
    patient.say(response, NONE_APPLY, 1)
    patient.send(response)
    assert [score.value for score in scores_of(db, response)] == [0]


def test_an_empty_tick_list_is_not_sent(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    response = patient.open("rmdq-24")
    with pytest.raises(Invalid, match="None of these today"):
        patient.send(response)
    assert response.completed_at is None


def test_a_tick_beside_none_of_these_is_not_sent(make: Factory) -> None:
    patient = a_patient(make)
    response = patient.open("rmdq-24")
    patient.say_all(response, {NONE_APPLY: 1, "4": 1})
    with pytest.raises(Invalid, match="one or the other"):
        patient.send(response)


def test_the_service_question_keeps_its_free_text(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    response = patient.open("fft")
    patient.say_all(response, {"experience": "very_good", "why": "Kind people."})
    patient.send(response)
    (score,) = scores_of(db, response)
    assert given(answers_of(db, response)["why"]) == "Kind people."
    assert (score.scale, score.value, score.status) == ("recorded", None, "recorded")


def test_sending_twice_scores_once(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    response = patient.open("gad-7")
    patient.say_all(response, {str(number): 0 for number in range(1, 8)})
    first = patient.send(response).completed_at
    patient.send(response, now=patient.now + timedelta(minutes=1))
    assert response.completed_at == first
    assert len(scores_of(db, response)) == 1


def test_what_arrives_after_sending_is_kept_but_does_not_count(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    response = patient.open("gad-7")
    patient.say_all(response, {str(number): 0 for number in range(1, 8)})
    patient.send(response)
    saved = patient.say(response, "1", 3, now=patient.now + timedelta(minutes=1))
    assert "call us" in saved.closed
    assert given(answers_of(db, response)["1"]) == 0
    assert [row.used for row in db.exec(select(GivenAnswer).where(GivenAnswer.client_key == "1-3"))] == [False]


def test_a_form_that_is_not_open_yet_says_when(make: Factory) -> None:
    patient = a_patient(make)
    with pytest.raises(Conflict, match="open on Tuesday 7 April"):
        patient.open("peg-3", "mid")


def test_a_closed_form_says_so_and_keeps_what_was_given(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    response = patient.open("gad-7")
    patient.say(response, "1", 2)
    late = patient.now + timedelta(days=30)
    saved = patient.say(response, "2", 1, now=late)
    assert "have closed" in saved.closed
    assert list(answers_of(db, response)) == ["1"]
    with pytest.raises(Conflict, match="have closed"):
        patient.send(response, now=late)


def test_an_answer_given_in_time_counts_when_the_link_comes_back_late(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    response = patient.open("gad-7")
    given_at = patient.now + timedelta(hours=1)
    link_back = patient.now + timedelta(days=30)
    saved = patient.say(response, "1", 2, ago=(link_back - given_at).total_seconds(), now=link_back)
    assert saved.closed == ""
    assert answers_of(db, response)["1"].answered_at == given_at


def test_an_instrument_that_is_not_asked_cannot_be_opened(make: Factory) -> None:
    patient = a_patient(make)
    with pytest.raises(NotFound):
        patient.open("odi-2.1a")


def test_someone_elses_form_looks_as_if_it_did_not_exist(make: Factory) -> None:
    mine, theirs = a_patient(make), a_patient(make)
    response = theirs.open("gad-7")
    with pytest.raises(OutOfReach):
        mine.say(response, "1", 1)
    with pytest.raises(OutOfReach):
        mine.send(response)


def test_another_patient_of_the_same_group_cannot_answer_for_me(make: Factory) -> None:
    cohort = staffed(make)
    mine, theirs = a_patient(make, cohort), a_patient(make, cohort)
    with pytest.raises(OutOfReach):
        theirs.say(mine.open("gad-7"), "1", 1)


def test_someone_who_has_left_is_not_asked(make: Factory) -> None:
    patient = a_patient(make)
    response = patient.open("gad-7")
    make.withdrawn(patient.enrolment)
    saved = patient.say(response, "1", 1)
    assert "left the group" in saved.closed
    with pytest.raises(Conflict, match="left the group"):
        patient.open("peg-3")


def test_in_production_unsigned_words_are_not_asked(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    with pytest.raises(Conflict, match="not ready yet"):
        open_response(
            db,
            enrolment=patient.enrolment,
            milestone_id="baseline",
            instrument="gad-7",
            actor=patient.actor,
            production=True,
            now=patient.now,
        )
    assert db.exec(select(InstrumentResponse)).all() == []


def test_a_device_whose_clock_jumped_a_day_does_not_lose_the_newer_answer(make: Factory, db: Session) -> None:
    """The page says which answer stood before: that one is older, whatever the device makes of the time."""
    patient = a_patient(make)
    response = patient.open("gad-7")
    later = patient.now + timedelta(hours=1)
    patient.say(response, "1", 3, "first", now=later)
    second = Given("1", 1, "second", timedelta(days=1), after="first")
    save(db, response_id=response.id, given=[second], actor=patient.actor, site=SITE, now=later + timedelta(minutes=1))
    assert given(answers_of(db, response)["1"]) == 1
    stale = Given("1", 2, "third", timedelta(days=1), after="first")
    save(db, response_id=response.id, given=[stale], actor=patient.actor, site=SITE, now=later + timedelta(minutes=2))
    assert given(answers_of(db, response)["1"]) == 1
