"""A service chooses what each milestone asks; windows that are open keep what they have."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from backtolife.errors import Conflict, Invalid, NotFound, NotPermitted
from backtolife.outcomes.answering.submitting import scores_of
from backtolife.outcomes.asking.schedule import ask_of
from backtolife.outcomes.catalogue.shipped import load_instrument
from backtolife.outcomes.forms import battery
from backtolife.outcomes.models import AdoptedInstrument
from backtolife.people.access import Actor
from backtolife.people.models import Role, Service
from backtolife.programme.cohorts.models import Cohort
from tests.support.factories import Factory
from tests.support.outcomes.questionnaires import imported, made_up_table
from tests.support.outcomes.sheets import a_patient, staffed

OLD = ["rmdq-24", "peg-3", "semcd-6", "phq-9", "gad-7", "fft", "work-status"]
NEW = ["rmdq-24", "pseq-10", "phq-9", "fft"]


@pytest.fixture
def lead(make: Factory, db: Session, cohort: Cohort) -> Actor:
    return make.actor(make.person(db.get_one(Service, cohort.service_id), Role.CLINICAL_LEAD))


def test_a_choice_counts_for_windows_that_open_later(
    make: Factory, db: Session, now: datetime, cohort: Cohort, lead: Actor
) -> None:
    imported(db, db.get_one(Service, cohort.service_id), now)
    opens = ask_of(db, cohort, "end").opens_at
    battery.choose(db, actor=lead, milestone_id="end", instruments=NEW, now=opens + timedelta(hours=1))
    assert "pseq-10" not in ask_of(db, cohort, "end").instruments
    battery.choose(db, actor=lead, milestone_id="end", instruments=NEW, now=opens - timedelta(hours=1))
    assert ask_of(db, cohort, "end").instruments == tuple(NEW)
    noise = staffed(make)
    assert "pseq-10" not in ask_of(db, noise, "end").instruments


def test_an_imported_questionnaire_is_asked_scored_and_pins_its_words(
    make: Factory, db: Session, now: datetime, cohort: Cohort, lead: Actor
) -> None:
    row = imported(db, db.get_one(Service, cohort.service_id), now)
    opens = ask_of(db, cohort, "baseline").opens_at
    battery.choose(db, actor=lead, milestone_id="baseline", instruments=NEW, now=opens - timedelta(days=1))
    patient = a_patient(make, cohort)
    response = patient.open("pseq-10")
    patient.say_all(response, {str(number): 4 for number in range(1, 11)})
    patient.send(response)
    adopted = db.get_one(AdoptedInstrument, response.adopted_id)
    assert (adopted.in_house, adopted.wording_hash) == (False, row.form_hash)
    assert [score.value for score in scores_of(db, response)] == [40]


def test_a_questionnaire_with_a_table_is_scored_by_the_one_it_was_loaded_with(
    make: Factory, db: Session, now: datetime, cohort: Cohort, lead: Actor
) -> None:
    imported(db, db.get_one(Service, cohort.service_id), now, "eq-5d-5l", table=made_up_table("eq-5d-5l"))
    opens = ask_of(db, cohort, "baseline").opens_at
    battery.choose(
        db, actor=lead, milestone_id="baseline", instruments=[*OLD, "eq-5d-5l"], now=opens - timedelta(days=1)
    )
    patient = a_patient(make, cohort)
    response = patient.open("eq-5d-5l")
    dimensions = [item.id for item in load_instrument("eq-5d-5l").items[:-1]]
    patient.say_all(response, dict.fromkeys(dimensions, 2) | {"vas": 65})
    patient.send(response)
    scores = {score.scale: (score.value, score.status) for score in scores_of(db, response)}
    assert scores == {"index": (0.75, "scored"), "vas": (65, "scored")}


def test_nothing_is_asked_on_a_licence_that_is_over(db: Session, now: datetime, cohort: Cohort, lead: Actor) -> None:
    row = imported(db, db.get_one(Service, cohort.service_id), now)
    opens = ask_of(db, cohort, "end").opens_at
    battery.choose(db, actor=lead, milestone_id="end", instruments=NEW, now=opens - timedelta(hours=1))
    row.licence_expires_on = (opens + timedelta(days=2)).date()
    db.flush()
    asked = [ask_of(db, cohort, "end", now=opens + timedelta(days=days)).instruments for days in (1, 4)]
    assert ["pseq-10" in names for names in asked] == [True, False]


def test_phq_8_takes_the_place_of_phq_9_in_a_chosen_battery_too(
    db: Session, now: datetime, cohort: Cohort, lead: Actor
) -> None:
    db.get_one(Service, cohort.service_id).covers_item_9 = False
    battery.choose(db, actor=lead, milestone_id="end", instruments=["rmdq-24", "semcd-6", "phq-9", "fft"], now=now)
    assert "phq-8" in ask_of(db, cohort, "end").instruments


@pytest.mark.parametrize(
    ("instruments", "error", "words"),
    [
        ([], Invalid, "Choose 1 to"),
        (["rmdq-24", "phq-9", "fft"], Invalid, "leave out how sure they feel"),
        ([*OLD, "phq-8"], Invalid, "asks the same"),
        ([*OLD, "odi-2.1a"], Conflict, "has no words yet"),
        ([*OLD, "no-such"], Conflict, "has no words yet"),
    ],
)
def test_a_choice_that_makes_no_whole_is_refused(
    db: Session, now: datetime, lead: Actor, *, instruments: list[str], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        battery.choose(db, actor=lead, milestone_id="baseline", instruments=instruments, now=now)


def test_only_a_milestone_of_the_programme_is_chosen_for_and_only_by_those_who_may(
    make: Factory, db: Session, now: datetime, cohort: Cohort, lead: Actor
) -> None:
    with pytest.raises(NotFound):
        battery.choose(db, actor=lead, milestone_id="session-1", instruments=OLD, now=now)
    manager = make.actor(make.person(db.get_one(Service, cohort.service_id), Role.SERVICE_LEAD))
    with pytest.raises(NotPermitted):
        battery.choose(db, actor=manager, milestone_id="baseline", instruments=OLD, now=now)
