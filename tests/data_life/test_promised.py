"""What we promise to be encrypted stands in clear nowhere in the database: not in its file, not in a dump of it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from backtolife import clock
from backtolife.config import ROOT
from backtolife.database.closed import ClosedDay, closed_columns
from backtolife.database.keys import SEALED
from backtolife.database.sealing import ours
from backtolife.database.session import Handle, metadata, session_scope
from backtolife.keeping.dumping import postgresql_program
from backtolife.people.identity.identifiers import keep_numbers
from backtolife.people.models import Service
from backtolife.people.second_step import app_codes
from tests.data_life.canaries import canary, row_for
from tests.database.test_migrating import pointing_nowhere
from tests.support.factories import Factory

NUMBER, SECRET = "9434765919", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NEEDS = {"safety_task": {"group_session_id": None, "closed_at": None, "closed_by": None}}
"""What a row must be like to be taken."""
PROMISED = {
    "Date of birth": ("person.date_of_birth",),
    "address": ("person.address",),
    "GP": ("person.clinician", "person.clinician_phone"),
    "emergency contact": (
        "person.emergency_name",
        "person.emergency_phone",
        "seat.emergency_name",
        "seat.emergency_phone",
    ),
    "what somebody needs in words": ("person.needs_words",),
    "the languages they speak and read": ("person.needs_language", "person.message_language"),
    "notes": ("patient_note.text",),
    "calls": ("phone_call.words",),
    "safety tasks": (
        "safety_task.contact",
        "safety_task.assessment",
        "safety_task.plan",
        "task_note.text",
        "task_reopening.reason",
        "task_reopening.contact",
        "task_reopening.assessment",
        "task_reopening.plan",
    ),
    "incidents": ("incident_record.happened", "incident_record.done"),
}
"""The words of docs/data-life.md, and the columns that they stand for."""


@pytest.fixture
def filled(engine: Engine) -> Iterator[Engine]:
    """Somebody with a number and an app, and a row with a canary in each encrypted column there is."""
    with session_scope(engine) as db:
        person = Factory(db, clock.now()).person(db_service(db), name="Canary Name")
        keep_numbers(db, person=person, numbers={"nhs_number": NUMBER}, sealing=ours(), now=clock.now())
        app_codes.keep(db, person=person, secret=SECRET, step=1, sealing=ours(), now=clock.now())
    with pointing_nowhere(engine) as connection, Handle(connection) as db:
        for table in metadata.sorted_tables:
            if closed_columns(table):
                row_for(db, table.name, given={"service_id": "s", **NEEDS.get(table.name, {})}, whose="canary")
        db.commit()
    yield engine


def db_service(db: Session) -> Service:
    return Factory(db, clock.now()).service()


def everything_in(engine: Engine, tmp_path: Path) -> str:
    """All that somebody has who got hold of the database alone."""
    if engine.dialect.name == "sqlite":
        file = Path(str(engine.url.database))
        return b"".join(each.read_bytes() for each in sorted(file.parent.glob(f"{file.name}*"))).decode("latin-1")
    dump = tmp_path / "dump.sql"
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    done = postgresql_program("pg_dump", url, [f"--file={dump}"])
    assert done.returncode == 0, done.stderr
    return dump.read_text()


def test_no_word_of_it_is_there_and_what_is_not_encrypted_is(filled: Engine, tmp_path: Path) -> None:
    everything = everything_in(filled, tmp_path)
    assert "Canary Name" in everything, "names are in clear, so the search sees what is"
    for table in metadata.sorted_tables:
        for name, kind in closed_columns(table).items():
            if not isinstance(kind, ClosedDay):
                assert canary(table.columns[name], "canary") not in everything, f"{table.name}.{name}"
    assert NUMBER not in everything
    assert SECRET not in everything


def test_no_birth_is_there_either(engine: Engine, tmp_path: Path) -> None:
    with session_scope(engine) as db:
        Factory(db, clock.now()).person(db_service(db), name="Ann").date_of_birth = date(1951, 7, 23)
    everything = everything_in(engine, tmp_path)
    assert "1951-07-23" not in everything


def test_the_page_promises_what_the_columns_keep() -> None:
    page = " ".join((ROOT / "docs" / "data-life.md").read_text().split())
    promise = page.split("## What is encrypted")[1].split("are encrypted in the database")[0]
    closed = {kind.where for table in metadata.sorted_tables for kind in closed_columns(table).values()}
    for words, columns in PROMISED.items():
        assert words in promise
        assert set(columns) <= closed, words
    assert "numbers such as the NHS number" in promise
    assert "person_identifier" in SEALED
