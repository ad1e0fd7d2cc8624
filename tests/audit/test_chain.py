"""What is found in a log in which somebody changed, took out, took off the end, or forged an entry."""

import hashlib
from datetime import datetime

import pytest
from sqlmodel import Session, col, select

from backtolife.audit import AuditEntry, record
from backtolife.audit.chain import Fault, Verdict, verify
from backtolife.audit.entries import covered, hash_of
from backtolife.audit.heads import Head
from backtolife.people.access import System
from tests.support.factories import Factory

OLD, NEW = "Kq7.vZ2nTb9Jx4Vk7Qd1Zp6Mg3Lf8Ys0", "Rw5.nHc2Tb9Jx4Vk7Qd1Zp6Mg3Lf8Ys0"


@pytest.fixture
def service_id(db: Session, make: Factory, now: datetime) -> str:
    """Of one with five entries: it was opened, and looked at."""
    service = make.service()
    for number in range(4):
        add(db, service.id, str(number), now)
    return service.id


def add(db: Session, service_id: str, subject_id: str, now: datetime) -> AuditEntry:
    who = System("test", service_id)
    return record(db, actor=who, action="looked", subject_type="row", subject_id=subject_id, now=now)


def entry(db: Session, service_id: str, number: int) -> AuditEntry:
    return db.exec(select(AuditEntry).where(AuditEntry.service_id == service_id, AuditEntry.number == number)).one()


def broken(found: Verdict) -> tuple[int | None, Fault | None]:
    return found.broken_at, found.fault


def test_an_untouched_log_is_whole_to_its_end(db: Session, service_id: str) -> None:
    found = verify(db, service_id)
    assert broken(found) == (None, None)
    assert found.head == Head(service_id, 5, entry(db, service_id, 5).hash)


def test_a_changed_entry_is_named(db: Session, service_id: str) -> None:
    entry(db, service_id, 3).actor_id = "somebody-else"
    assert broken(verify(db, service_id)) == (3, Fault.CHANGED)


def test_an_entry_taken_out_is_named(db: Session, service_id: str) -> None:
    db.delete(entry(db, service_id, 3))
    assert broken(verify(db, service_id)) == (3, Fault.MISSING)


def test_an_end_that_was_taken_off_shows_against_an_earlier_one(db: Session, service_id: str) -> None:
    before = verify(db, service_id).head
    assert before is not None
    for number in (4, 5):
        db.delete(entry(db, service_id, number))
    assert broken(verify(db, service_id)) == (None, None), "alone the rest looks whole"
    assert broken(verify(db, service_id, against=[before])) == (4, Fault.SHORTER)


def test_an_end_that_was_written_anew_shows_against_an_earlier_one(db: Session, service_id: str, now: datetime) -> None:
    before = verify(db, service_id).head
    assert before is not None
    db.delete(entry(db, service_id, 5))
    add(db, service_id, "another", now)
    assert broken(verify(db, service_id)) == (None, None)
    assert broken(verify(db, service_id, against=[before])) == (5, Fault.SHORTER)


def forge(db: Session, service_id: str, *, mark: str) -> None:
    """Change an entry and make everything after it anew, as somebody can who has only the database and this program."""
    entry(db, service_id, 3).subject_id = "somebody-else"
    db.flush()
    previous = entry(db, service_id, 2).hash
    for number in (3, 4, 5):
        each = entry(db, service_id, number)
        each.previous_hash, each.key_mark = previous, mark
        previous = each.hash = hashlib.sha256(covered(each)).hexdigest()
    db.flush()


def test_a_log_forged_without_the_key_is_found(db: Session, service_id: str) -> None:
    forge(db, service_id, mark=entry(db, service_id, 3).key_mark)
    assert broken(verify(db, service_id)) == (3, Fault.CHANGED)


def test_nobody_gets_by_with_entries_that_claim_to_be_from_before_there_were_keys(db: Session, service_id: str) -> None:
    forge(db, service_id, mark="")
    assert broken(verify(db, service_id)) == (3, Fault.UNSIGNED)


def test_a_key_of_their_own_is_none_of_ours(db: Session, service_id: str) -> None:
    forge(db, service_id, mark="0123456789abcdef")
    assert broken(verify(db, service_id)) == (3, Fault.NO_KEY)


def test_entries_from_before_there_were_keys_stay_whole(db: Session, make: Factory, now: datetime) -> None:
    service = make.service()
    opened = entry(db, service.id, 1)
    opened.key_mark = ""
    opened.hash = hash_of(covered(opened), None)
    add(db, service.id, "plain", now)
    plain = entry(db, service.id, 2)
    plain.key_mark = ""
    plain.hash = hash_of(covered(plain), None)
    add(db, service.id, "signed", now)
    assert broken(verify(db, service.id)) == (None, None)
    entry(db, service.id, 2).subject_id = "changed"
    assert broken(verify(db, service.id)) == (2, Fault.CHANGED)


def test_the_key_changes_and_what_the_old_one_made_stays_whole(
    db: Session, make: Factory, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDIT_KEY", OLD)
    service = make.service()
    old = add(db, service.id, "1", now)
    monkeypatch.setenv("AUDIT_KEY", NEW)
    monkeypatch.setenv("AUDIT_KEY_OLD", OLD)
    new = add(db, service.id, "2", now)
    assert old.key_mark != new.key_mark
    assert broken(verify(db, service.id)) == (None, None)
    monkeypatch.delenv("AUDIT_KEY_OLD")
    assert broken(verify(db, service.id)) == (1, Fault.NO_KEY)


def test_a_long_log_is_read_in_pieces(
    db: Session, service_id: str, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    monkeypatch.setattr("backtolife.audit.chain.AT_ONCE", 2)
    assert verify(db, service_id).entries == 5
    add(db, service_id, "another", now)
    assert verify(db, service_id).entries == 6
    last = db.exec(select(AuditEntry).where(AuditEntry.service_id == service_id).order_by(col(AuditEntry.number))).all()
    last[-1].detail = {"page": "another"}
    assert broken(verify(db, service_id)) == (6, Fault.CHANGED)
