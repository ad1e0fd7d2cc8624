"""What every table keeps to."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import Session, select

from backtolife import rooms
from backtolife.audit import AuditEntry, record
from backtolife.audit.chain import verify
from backtolife.database.keys import DataKey
from backtolife.database.session import metadata
from backtolife.errors import NotPermitted
from backtolife.people.access import System
from backtolife.people.models import Kind, Person, Service
from backtolife.people.organisation.models import SpentState
from backtolife.people.second_step.models import PasskeyChallenge
from backtolife.processes.beats import Beat
from backtolife.web.blocked.models import BlockedCount
from tests.support.factories import Factory


def test_every_row_of_every_table_carries_its_service() -> None:
    assert rooms.BLUEPRINTS
    nobody_yet = {PasskeyChallenge.__tablename__, SpentState.__tablename__, BlockedCount.__tablename__}
    of_no_service = {Service.__tablename__, Beat.__tablename__, DataKey.__tablename__, *nobody_yet}
    tables = [table for table in metadata.sorted_tables if table.name not in of_no_service]
    assert len(tables) > 20
    for table in tables:
        column = table.columns.get("service_id")
        assert column is not None, f"{table.name} has no service_id"
        assert not column.nullable, f"{table.name} may lose its service"
        assert {key.target_fullname for key in column.foreign_keys} == {"service.id"}, table.name


def test_a_moment_without_a_zone_is_refused(db: Session, make: Factory, now: datetime) -> None:
    service = make.service()
    service.created_at = now.replace(tzinfo=None)
    with pytest.raises(StatementError, match="no time zone"):
        db.flush()
    db.rollback()


def test_a_row_without_its_service_is_refused(db: Session, now: datetime) -> None:
    person = Person(
        service_id="nowhere",
        kind=Kind.PATIENT,
        email="sam@example.org",
        full_name="Sam Reid",
        shown_name="Sam",
        created_at=now,
    )
    db.add(person)
    with pytest.raises(IntegrityError):
        db.flush()
    db.rollback()


def test_an_address_is_taken_once_in_a_service_and_may_be_known_in_another(
    db: Session, make: Factory, now: datetime
) -> None:
    first, second = make.person(make.service()), make.person(make.service())
    second.email = first.email
    db.flush()
    again = make.person(db.get_one(Service, first.service_id))
    again.email = first.email
    with pytest.raises(IntegrityError):
        db.flush()
    db.rollback()
    assert now


def test_a_change_in_the_audit_log_shows(db: Session, make: Factory, now: datetime) -> None:
    service = make.service()
    actor = System("test", service.id)
    for number in range(3):
        record(db, actor=actor, action="looked", subject_type="row", subject_id=str(number), now=now)
    assert verify(db, service.id).broken_at is None
    chain = select(AuditEntry).where(AuditEntry.service_id == service.id, AuditEntry.number == 2)
    db.exec(chain).one().subject_id = "another"
    db.flush()
    assert verify(db, service.id).broken_at == 2


def test_the_audit_log_holds_together_whatever_zone_a_moment_has(db: Session, make: Factory, now: datetime) -> None:
    service = make.service()
    over_there = now.astimezone(ZoneInfo("America/New_York"))
    record(db, actor=System("test", service.id), action="looked", subject_type="row", subject_id="1", now=over_there)
    db.expire_all()
    assert verify(db, service.id).broken_at is None


def test_nobody_changes_anything_unnamed(db: Session, now: datetime) -> None:
    with pytest.raises(NotPermitted):
        record(db, actor=None, action="changed", subject_type="row", subject_id="1", now=now)
