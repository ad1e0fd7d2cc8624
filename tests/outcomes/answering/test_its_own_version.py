"""A release that brings a new version of a questionnaire changes nothing about a form that is open already."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from sqlmodel import Session, select

from backtolife.outcomes.answering.submitting import scores_of
from backtolife.outcomes.catalogue import shipped
from backtolife.outcomes.catalogue.shipped import load_instrument, shipped_instruments
from backtolife.outcomes.models import SafetyTask
from backtolife.outcomes.safety.assurance import assurance
from backtolife.people.models import Role, Service
from tests.support.factories import Factory
from tests.support.outcomes.sheets import a_patient


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """From now on there are second versions: of GAD-7 one that counts each answer tenfold, of PHQ-9 one that never
    alerts.
    """

    def add() -> None:
        gad, phq = load_instrument("gad-7"), load_instrument("phq-9")
        tenfold = tuple(replace(each, multiply=10) for each in gad.scales)
        second = (
            replace(gad, version="2", hash="2" * 64, scales=tenfold),
            replace(phq, version="2", hash="3" * 64, alerts=()),
        )
        every = (*shipped_instruments(), *second)
        monkeypatch.setattr(shipped, "shipped_instruments", lambda: every)
        load_instrument.cache_clear()

    yield add
    load_instrument.cache_clear()


def test_a_form_is_scored_by_the_version_it_was_opened_in(
    make: Factory, db: Session, newer: Callable[[], None]
) -> None:
    patient = a_patient(make)
    response = patient.open("gad-7")
    patient.say_all(response, {str(number): 1 for number in range(1, 8)})
    newer()
    assert load_instrument("gad-7").version == "2"
    assert [each.value for each in scores_of(db, patient.send(response))] == [7]


def test_an_alert_is_raised_by_the_version_the_form_was_opened_in(
    make: Factory, db: Session, newer: Callable[[], None]
) -> None:
    patient = a_patient(make)
    response = patient.open("phq-9")
    newer()
    assert load_instrument("phq-9").alerts == ()
    assert patient.say(response, "9", 2).alert
    assert db.exec(select(SafetyTask)).one().response_id == response.id


def test_what_was_raised_is_found_again_by_the_version_it_was_answered_in(
    make: Factory, db: Session, newer: Callable[[], None]
) -> None:
    patient = a_patient(make)
    response = patient.open("phq-9")
    patient.say(response, "9", 2)
    newer()
    lead = make.actor(make.person(db.get_one(Service, patient.enrolment.service_id), Role.CLINICAL_LEAD))
    (found,) = assurance(db, actor=lead, now=patient.now).raised
    assert (found.response.id, found.missed) == (response.id, False)
