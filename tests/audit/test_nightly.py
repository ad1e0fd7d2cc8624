"""The audit log is read through each night, where it ends leaves the machine, and a broken one is told."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete
from sqlmodel import col, select

from backtolife.audit import AuditEntry, record
from backtolife.audit.checks import AuditCheck, trouble
from backtolife.audit.heads import read_heads
from backtolife.config import Settings
from backtolife.database.session import session_scope
from backtolife.mail.delivery import OutgoingMessage
from backtolife.people.access import System
from backtolife.people.services import open_service
from backtolife.reminders.nightly_audit import check_logs

A_DAY = timedelta(days=1)


@pytest.fixture
def service_id(engine: Engine, now: datetime) -> str:
    with session_scope(engine) as db:
        service = open_service(db, name="Midtown", short_name="Midtown", phone="01632 960000", zone="UTC", now=now)
        for number in range(4):
            who = System("test", service.id)
            record(db, actor=who, action="looked", subject_type="row", subject_id=str(number), now=now)
        return service.id


def checks(engine: Engine) -> list[AuditCheck]:
    with session_scope(engine) as db:
        return list(db.exec(select(AuditCheck).order_by(col(AuditCheck.at))))


def take_off(engine: Engine, above: int) -> None:
    with session_scope(engine) as db:
        db.connection().execute(delete(AuditEntry).where(col(AuditEntry.number) > above))


def test_each_log_is_read_once_a_night(engine: Engine, settings: Settings, service_id: str, now: datetime) -> None:
    assert check_logs(engine, settings, now) == 0
    assert check_logs(engine, settings, now + timedelta(hours=3)) == 0
    (check,) = checks(engine)
    assert (check.service_id, check.broken_at) == (service_id, None)
    check_logs(engine, settings, now + A_DAY)
    assert len(checks(engine)) == 2


def test_where_the_log_ends_is_written_into_the_folder_and_sent(
    engine: Engine, settings: Settings, service_id: str, now: datetime, tmp_path: Path
) -> None:
    to = replace(settings, audit_heads_dir=tmp_path / "outside", audit_heads_mail="watch@example.org")
    check_logs(engine, to, now)
    (file,) = (tmp_path / "outside").iterdir()
    (check,) = checks(engine)
    assert read_heads(file.read_text()) == {service_id: check.head}
    with session_scope(engine) as db:
        mail = db.exec(select(OutgoingMessage).where(OutgoingMessage.address == "watch@example.org")).one()
    assert read_heads(mail.body) == {service_id: check.head}
    assert "Midtown" not in mail.subject


def test_an_end_taken_off_in_the_night_is_found_and_administrators_read_of_it_for_days(
    engine: Engine, settings: Settings, service_id: str, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    check_logs(engine, settings, now)
    take_off(engine, above=3)
    assert check_logs(engine, settings, now + A_DAY) == 1
    assert "audit_log_broken" in capsys.readouterr().out
    assert check_logs(engine, settings, now + 2 * A_DAY) == 0, "what is left fits together"
    with session_scope(engine) as db:
        found = trouble(db, service_id, now=now + 3 * A_DAY)
        assert found is not None
        assert (found.broken_at, found.fault) == (4, "shorter")
        assert trouble(db, service_id, now=now + 30 * A_DAY) is None


def test_who_also_changes_our_own_checks_is_found_by_the_folder(
    engine: Engine, settings: Settings, service_id: str, now: datetime, tmp_path: Path
) -> None:
    to = replace(settings, audit_heads_dir=tmp_path / "outside")
    check_logs(engine, to, now)
    take_off(engine, above=3)
    with session_scope(engine) as db:
        db.connection().execute(delete(AuditCheck))
    assert check_logs(engine, to, now + A_DAY) == 1
    assert checks(engine)[-1].service_id == service_id


def test_a_folder_that_is_away_keeps_no_log_from_being_read(
    engine: Engine, settings: Settings, service_id: str, now: datetime, tmp_path: Path
) -> None:
    (tmp_path / "a-file").write_text("in the way")
    assert check_logs(engine, replace(settings, audit_heads_dir=tmp_path / "a-file" / "below"), now) == 0
    assert [each.service_id for each in checks(engine)] == [service_id]
