"""The power goes fifty times while answers are saved: what was acknowledged is there, once, and nothing is broken."""

import multiprocessing
import os
import random
import signal
import sqlite3
from collections import Counter
from dataclasses import dataclass, field
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
from tests.support.figures import figure
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


@dataclass
class Found:
    """What was not as it should be, after any of the cuts."""

    lost: set[str] = field(default_factory=set)
    doubled: set[str] = field(default_factory=set)

    def look(self, url: str, path: Path, acknowledged: set[str]) -> None:
        """Note what was acknowledged and is not there, or is there twice; the audit chain and the file are whole."""
        with sqlite3.connect(path) as plain:
            assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        plain.close()
        engine = open_engine(url)
        with session_scope(engine) as db:
            given = list(db.exec(select(GivenAnswer)))
            keys = Counter(row.client_key for row in given)
            self.lost |= acknowledged - set(keys)
            self.doubled |= {key for key, times in keys.items() if times > 1}
            standing = {row.item: row.client_key for row in db.exec(select(Answer))}
            assert set(standing.values()) <= set(keys)
            assert all(verify(db, service).broken_at is None for service in {row.service_id for row in given})
        engine.dispose()


def test_no_answer_is_lost_or_doubled_over_fifty_power_cuts(tmp_path: Path) -> None:
    acknowledged, found = set[str](), Found()
    with disk(tmp_path) as box:
        path = box.at / "clinic.db"
        url = f"sqlite:///{path}"
        place = set_up(url)
        for cut in range(CUTS):
            acknowledged |= set(until_the_power_goes(url, place, cut, box))
            box.unmount()
            box.mount()
            found.look(url, path, acknowledged)
    figure(
        f"{len(acknowledged)} answers acknowledged, {CUTS} power cuts: {len(found.lost)} lost, {len(found.doubled)} "
        "doubled, the file and the audit chain whole after each"
    )
    assert (found.lost, found.doubled) == (set(), set())
    assert len(acknowledged) >= CUTS * 3
