"""The power goes fifty times while answers are saved: what was acknowledged is there, once, and nothing is broken."""

import multiprocessing
import os
import random
import signal
import sqlite3
from datetime import UTC
from multiprocessing.connection import Connection
from pathlib import Path

from sqlmodel import select

from backtolife import clock
from backtolife.audit.chain import verify
from backtolife.database.session import metadata, open_engine, session_scope
from backtolife.outcomes.asking.schedule import ask_of
from backtolife.outcomes.models import Answer, GivenAnswer, InstrumentResponse
from backtolife.people.models import Person
from backtolife.programme.cohorts.models import Enrolment
from tests.soak.power import Disk, disk
from tests.support.factories import Factory
from tests.support.outcomes.sheets import Patient, a_patient, staffed

CUTS = 50
ITEMS = tuple(str(number) for number in range(1, 9))
LONGEST_SECONDS = 60


def set_up(url: str) -> str:
    """Someone whose questions are open today; the id of their place."""
    engine, now = open_engine(url), clock.now()
    metadata.create_all(engine)
    with session_scope(engine) as db:
        make = Factory(db, now)
        cohort = staffed(make)
        patient = a_patient(make, cohort)
        patient.now = ask_of(db, cohort, "month-3").due_at.astimezone(UTC)
        patient.open("phq-8", "month-3")
        place = patient.enrolment.id
    engine.dispose()
    return place


def answer_for_ever(url: str, place: str, cut: int, told: Connection) -> None:
    """Save one answer after another, each in a transaction of its own, and tell its key once it is committed."""
    engine, number = open_engine(url), 0
    chance = random.Random(cut)
    while True:
        with session_scope(engine) as db:
            enrolment = db.get_one(Enrolment, place)
            response = db.exec(select(InstrumentResponse).where(InstrumentResponse.enrolment_id == place)).one()
            actor = Factory(db, clock.now()).actor(db.get_one(Person, enrolment.person_id))
            patient = Patient(db, enrolment, actor, response.opened_at)
            item, key = chance.choice(ITEMS), f"{cut}-{number}"
            patient.say(response, item, chance.randrange(4), key)
        told.send(key)
        number += 1


def until_the_power_goes(url: str, place: str, cut: int, box: Disk) -> list[str]:
    """Answer, cut the power somewhere in the middle, and say which answers had been acknowledged."""
    ours, theirs = multiprocessing.Pipe(duplex=False)
    writer = multiprocessing.get_context("fork").Process(target=answer_for_ever, args=(url, place, cut, theirs))
    writer.start()
    theirs.close()
    told: list[str] = []
    for _ in range(random.Random(-cut).randrange(3, 25)):
        assert ours.poll(LONGEST_SECONDS), "no answer was saved"
        told.append(ours.recv())
    box.cut()
    os.kill(writer.pid or 0, signal.SIGKILL)
    writer.join()
    while ours.poll():
        try:
            told.append(ours.recv())
        except EOFError:
            break
    return told


def check(url: str, path: Path, acknowledged: set[str]) -> None:
    """Everything acknowledged is there once; the newest answer stands; the audit chain and the file are whole."""
    with sqlite3.connect(path) as plain:
        assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    plain.close()
    engine = open_engine(url)
    with session_scope(engine) as db:
        given = list(db.exec(select(GivenAnswer)))
        keys = [row.client_key for row in given]
        assert acknowledged <= set(keys), f"lost: {sorted(acknowledged - set(keys))}"
        assert len(keys) == len(set(keys)), "an answer is there twice"
        standing = {row.item: row.client_key for row in db.exec(select(Answer))}
        assert set(standing.values()) <= set(keys)
        assert all(verify(db, service).broken_at is None for service in {row.service_id for row in given})
    engine.dispose()


def test_no_answer_is_lost_or_doubled_over_fifty_power_cuts(tmp_path: Path) -> None:
    acknowledged: set[str] = set()
    with disk(tmp_path) as box:
        path = box.at / "clinic.db"
        url = f"sqlite:///{path}"
        place = set_up(url)
        for cut in range(CUTS):
            acknowledged |= set(until_the_power_goes(url, place, cut, box))
            box.unmount()
            box.mount()
            check(url, path, acknowledged)
    assert len(acknowledged) >= CUTS * 3
    print(f"{len(acknowledged)} answers acknowledged over {CUTS} power cuts, none lost, none doubled")  # noqa: T201
