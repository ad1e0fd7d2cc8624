"""What people wrote never stands in a log: not through faults, not through the database's own errors."""

import errno
import io
import json
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
import structlog
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import Session, select

from backtolife.database.session import open_engine, session_scope
from backtolife.people.access import permission
from backtolife.people.models import Person, Role
from backtolife.people.permissions import PUBLIC
from backtolife.people.request import db as request_db
from backtolife.processes.logs import BY_CALLERS, MOST_A_MINUTE, OfLibraries, tell_end_of_thread
from tests.support.factories import Factory

CANARY = "canary-Marguerite"


def twice(db: Session) -> None:
    """The same address twice: PostgreSQL answers with the address."""
    person = db.exec(select(Person)).first()
    assert person is not None
    for _ in range(2):
        copy = Person(**(person.model_dump() | {"id": None, "email": f"{CANARY.lower()}@example.org"}))
        copy.id = f"{id(copy):032d}"
        db.add(copy)
    db.flush()


def wrong_table(db: Session) -> None:
    db.connection().execute(text("INSERT INTO nowhere (word) VALUES (:word)"), {"word": CANARY})


def wrong_kind(db: Session) -> None:
    """A word where a number belongs: PostgreSQL answers with the word. SQLite takes it, so a check must refuse it."""
    if db.get_bind().dialect.name == "postgresql":
        db.connection().execute(text("SELECT CAST(:word AS integer)"), {"word": CANARY})
    raise ValueError(f"invalid literal: {CANARY}")


def too_long(db: Session) -> None:
    person = db.exec(select(Person)).first()
    assert person is not None
    person.shown_name, person.kind = CANARY * 30, CANARY  # type: ignore[assignment]
    db.flush()


def of_our_own(db: Session) -> None:
    try:
        twice(db)
    except IntegrityError as error:
        raise RuntimeError(f"could not save {CANARY}") from error


FAULTS: list[Callable[[Session], None]] = [wrong_table, wrong_kind, too_long, of_our_own]


@pytest.fixture
def peopled(site: Flask, now: datetime) -> Iterator[Flask]:
    with session_scope(site.extensions["backtolife.engine"]) as db:
        make = Factory(db, now)
        make.person(make.service(), Role.PATIENT, CANARY)
    yield site


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_the_log_of_a_fault_says_where_and_never_what_was_written(
    peopled: Flask, fault: Callable[[Session], None], capsys: pytest.CaptureFixture[str]
) -> None:
    peopled.view_functions["pages.privacy"] = broken_by(fault)
    capsys.readouterr()
    answer = peopled.test_client().get(f"/privacy?name={CANARY}", headers={"Cookie": f"who={CANARY}"})
    out, err = capsys.readouterr()
    assert (answer.status_code, CANARY.lower() in answer.text.lower()) == (500, False)
    assert CANARY.lower() not in (out + err).lower()
    line = next(json.loads(line) for line in out.splitlines() if '"fault"' in line)
    assert fault.__name__ in line["exception"], "and yet it says where"
    assert line["endpoint"] == "pages.privacy"


def test_what_is_there_already_is_answered_in_words_and_logged_without_them(
    peopled: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    peopled.view_functions["pages.privacy"] = broken_by(twice)
    answer = peopled.test_client().get(f"/privacy?name={CANARY}")
    out, err = capsys.readouterr()
    assert answer.status_code == 409
    assert CANARY.lower() not in (answer.text + out + err).lower()


def broken_by(fault: Callable[[Session], None]) -> Callable[[], str]:
    """A page in which this goes wrong."""

    @permission(PUBLIC)
    def broken() -> str:
        fault(request_db())
        return "it worked"

    return broken


def test_the_databases_own_error_says_its_kind_and_no_words(peopled: Flask) -> None:
    with pytest.raises(DBAPIError) as caught, session_scope(peopled.extensions["backtolife.engine"]) as db:
        twice(db)
    said = f"{caught.value} {caught.value.orig} {caught.value.orig!r}"
    assert CANARY.lower() not in said.lower()
    assert "person" in said, "which table, and which rule of it"


def test_a_thread_that_dies_and_a_library_that_logs_say_no_words(
    app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    assert app

    def die() -> None:
        raise RuntimeError(CANARY)

    thread = threading.Thread(target=die, name="made-for-this")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(threading, "excepthook", tell_end_of_thread)
        thread.start()
        thread.join()
    try:
        die()
    except RuntimeError:
        logging.getLogger("engineio.server").exception("failed for %s", CANARY)
        structlog.get_logger().exception("ours")
    out, err = capsys.readouterr()
    assert CANARY not in out + err
    assert "made-for-this" in out
    assert out.count("RuntimeError") == 3


class Full(io.StringIO):
    """A disk without room."""

    def write(self, text: str, /) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_log_that_cannot_be_written_breaks_no_answer(peopled: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = peopled.test_client()
    peopled.view_functions["pages.privacy"] = broken_by(wrong_table)
    monkeypatch.setattr(sys, "stdout", Full())
    monkeypatch.setattr(sys, "stderr", Full())
    wrong = {"email": "nobody@example.org", "password": "not it"}
    assert client.post("/staff/sign-in", data=wrong).status_code == 400, "a line for whoever watches for attacks"
    assert "This is our fault" in client.get("/privacy").text
    logging.getLogger("anybody").error("a line of a library")


def test_what_callers_send_to_the_sockets_is_no_part_of_the_log_and_fills_it_not(
    site: Flask, capfd: pytest.CaptureFixture[str]
) -> None:
    assert all(not logging.getLogger(f"{name}.server").handlers for name in BY_CALLERS), "nothing beside our own"
    client = site.test_client()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(logging.getLogger(), "handlers", [OfLibraries(logging.WARNING)])
        capfd.readouterr()
        for number in range(MOST_A_MINUTE + 10):
            client.get(f"/socket.io/?EIO=4&transport=polling&sid={CANARY}{number}")
            logging.getLogger("engineio.server").error(f"Invalid session {CANARY}")  # as the library puts it together
    out, err = capfd.readouterr()
    assert CANARY not in out + err
    assert out.count("engineio.server") == MOST_A_MINUTE


def test_the_engine_of_every_process_hides_parameters(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'any.db'}")
    assert engine.hide_parameters
    engine.dispose()
