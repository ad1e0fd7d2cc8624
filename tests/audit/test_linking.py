"""The lock on a log is the last one of a transaction: two who work on the same things never wait for each other."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from sqlalchemy import Engine, event, text
from sqlmodel import Session, col, select

from backtolife.audit import AuditEntry, record
from backtolife.audit.chain import verify
from backtolife.audit.linking import forget
from backtolife.database.session import one_at_a_time, session_scope
from backtolife.people.access import System
from backtolife.people.services import open_service
from tests.support.factories import Factory

PATIENCE_SECONDS = 30


def look(db: Session, service_id: str, at: datetime, subject_id: str = "x") -> AuditEntry:
    who = System("test", service_id)
    return record(db, actor=who, action="looked", subject_type="row", subject_id=subject_id, now=at)


@pytest.fixture
def service_id(engine: Engine, now: datetime) -> str:
    with session_scope(engine) as db:
        return open_service(db, name="Mid", short_name="Mid", phone="01632 960000", zone="UTC", now=now).id


def numbers(engine: Engine, service_id: str) -> list[int]:
    with session_scope(engine) as db:
        assert verify(db, service_id).broken_at is None
        wanted = select(AuditEntry.number).where(AuditEntry.service_id == service_id)
        return list(db.exec(wanted.order_by(col(AuditEntry.number))))


def test_one_who_records_first_and_one_who_locks_first_both_end(engine: Engine, service_id: str, now: datetime) -> None:
    """In the opposite order each would wait for the other, and PostgreSQL would end one of them."""
    both = threading.Barrier(2, timeout=PATIENCE_SECONDS)
    meets = engine.dialect.name == "postgresql"  # SQLite has one writer, who is alone

    def records_first() -> None:
        with session_scope(engine) as db:
            look(db, service_id, now)
            if meets:
                both.wait()
            one_at_a_time(db, "cohort:one")

    def locks_first() -> None:
        with session_scope(engine) as db:
            one_at_a_time(db, "cohort:one")
            if meets:
                both.wait()
            look(db, service_id, now)

    with ThreadPoolExecutor() as pool:
        for each in [pool.submit(records_first), pool.submit(locks_first)]:
            each.result(PATIENCE_SECONDS)
    assert numbers(engine, service_id) == [1, 2, 3]


def test_nothing_is_locked_after_a_log(engine: Engine, service_id: str, now: datetime) -> None:
    said: list[str] = []
    with session_scope(engine) as db:
        event.listen(db, "before_commit", lambda _: said.append("ends"))
        look(db, service_id, now)
        before = db.exec(select(AuditEntry.number).where(AuditEntry.service_id == service_id)).all()
        assert len(before) == 2, "who reads the log in the same transaction finds it"
        look(db, service_id, now)
        waiting = db.connection().execute(text("SELECT count(*) FROM audit_entry")).scalar_one()
        assert waiting == 2, "the next one is not there before the end"
    assert said == ["ends"]
    assert numbers(engine, service_id) == [1, 2, 3]


def test_what_is_taken_back_is_not_on_record(engine: Engine, service_id: str, now: datetime) -> None:
    with session_scope(engine) as db:
        look(db, service_id, now, "kept")
        part = db.begin_nested()
        look(db, service_id, now, "taken back")
        part.rollback()
        with db.begin_nested():
            look(db, service_id, now, "kept too")
        assert db.connection().execute(text("SELECT count(*) FROM audit_entry")).scalar_one() == 1
    with pytest.raises(ZeroDivisionError), session_scope(engine) as db:
        look(db, service_id, now, "fails")
        _ = 1 / 0
    with session_scope(engine) as db:
        kept = db.exec(
            select(AuditEntry.subject_id).where(AuditEntry.action == "looked").order_by(col(AuditEntry.number))
        )
        assert list(kept) == ["kept", "kept too"]
    assert numbers(engine, service_id) == [1, 2, 3]


def test_what_waits_for_the_log_of_a_service_that_is_deleted_is_not_written(
    engine: Engine, service_id: str, now: datetime
) -> None:
    with session_scope(engine) as db:
        look(db, service_id, now, "kept")
        gone = System("test", "a service that goes")
        record(db, actor=gone, action="looked", subject_type="row", subject_id="x", now=now)
        forget(db, gone.service_id)
    assert numbers(engine, service_id) == [1, 2]


def test_a_handle_that_goes_on_after_it_was_taken_back_keeps_nothing_of_before(
    engine: Engine, service_id: str, now: datetime
) -> None:
    with session_scope(engine) as db:
        look(db, service_id, now, "gone")
        db.rollback()
        look(db, service_id, now, "kept")
    assert numbers(engine, service_id) == [1, 2]


def test_the_logs_of_two_services_are_taken_in_one_order(
    engine: Engine, service_id: str, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with session_scope(engine) as db:
        other = open_service(db, name="Far", short_name="Far", phone="01632 960001", zone="UTC", now=now).id
    taken: list[str] = []
    monkeypatch.setattr("backtolife.audit.linking.one_at_a_time", lambda _, what: taken.append(what))
    for order in ((service_id, other), (other, service_id)):
        with session_scope(engine) as db:
            for each in order:
                look(db, each, now)
    assert taken[:2] == taken[2:] == sorted(taken[:2])


def test_on_every_handle_the_log_stays_whole(db: Session, make: Factory, now: datetime) -> None:
    service = make.service()
    for number in range(3):
        look(db, service.id, now, str(number))
    assert verify(db, service.id).entries == 4
