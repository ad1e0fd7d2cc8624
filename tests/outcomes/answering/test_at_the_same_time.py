"""Two devices at the same moment, each with its own connection: one form, one answer, one task."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from backtolife.database.session import session_scope
from backtolife.outcomes.models import AdoptedInstrument, Answer, GivenAnswer, InstrumentResponse, SafetyTask, Score
from backtolife.people.models import Person
from backtolife.programme.cohorts.models import Enrolment
from tests.support.factories import Factory
from tests.support.outcomes.sheets import Patient, a_patient

DEVICES = 6


@pytest.fixture
def place(engine: Engine, now: datetime) -> str:
    """The enrolment of someone with forms to answer."""
    with session_scope(engine) as db:
        return a_patient(Factory(db, now)).enrolment.id


def at_once(engine: Engine, place: str, now: datetime, act: Callable[[Patient, int], object]) -> None:
    """`act` on every device, all let go at the same moment."""
    start = Barrier(DEVICES)

    def device(number: int) -> None:
        start.wait()
        with session_scope(engine) as db:
            act(patient_in(db, place, now), number)

    with ThreadPoolExecutor(DEVICES) as pool:
        list(pool.map(device, range(DEVICES)))


def patient_in(db: Session, place: str, now: datetime) -> Patient:
    enrolment = db.get_one(Enrolment, place)
    actor = Factory(db, now).actor(db.get_one(Person, enrolment.person_id))
    return Patient(db, enrolment, actor, now)


def test_a_form_opened_on_every_device_is_one_form(engine: Engine, place: str, now: datetime) -> None:
    at_once(engine, place, now, lambda patient, _: patient.open("phq-9"))
    with Session(engine) as db:
        assert len(db.exec(select(InstrumentResponse)).all()) == 1
        assert len(db.exec(select(AdoptedInstrument)).all()) == 1


def test_the_same_answer_from_every_device_is_one_answer(engine: Engine, place: str, now: datetime) -> None:
    at_once(engine, place, now, lambda patient, _: patient.say(patient.open("phq-9"), "9", 2, "key"))
    with Session(engine) as db:
        assert [(row.item, row.value) for row in db.exec(select(Answer))] == [("9", 2)]
        assert len(db.exec(select(GivenAnswer)).all()) == 1
        assert len(db.exec(select(SafetyTask)).all()) == 1


def test_another_answer_from_each_device_leaves_one_and_one_task(engine: Engine, place: str, now: datetime) -> None:
    def act(patient: Patient, number: int) -> None:
        patient.say(patient.open("phq-9"), "9", 1 + number % 3, f"device-{number}")

    at_once(engine, place, now, act)
    with Session(engine) as db:
        assert len(db.exec(select(Answer)).all()) == 1
        assert len(db.exec(select(GivenAnswer)).all()) == DEVICES
        assert db.exec(select(SafetyTask)).one().highest == 3


def test_a_form_sent_from_every_device_is_scored_once(engine: Engine, place: str, now: datetime) -> None:
    def act(patient: Patient, number: int) -> None:
        response = patient.open("gad-7")
        patient.say_all(response, {str(item): 1 for item in range(1, 8)})
        patient.send(response)

    at_once(engine, place, now, act)
    with Session(engine) as db:
        assert [row.value for row in db.exec(select(Score))] == [7]
