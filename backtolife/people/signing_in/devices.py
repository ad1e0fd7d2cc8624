"""Devices that open their person's next group session without signing in."""

import secrets
from datetime import datetime, timedelta

from sqlmodel import col, select

from backtolife import audit
from backtolife.database.session import Db
from backtolife.people.models import Person, RememberedDevice
from backtolife.people.roles import acting_as
from backtolife.people.signing_in.signin import digest

DEVICE_LIFE = timedelta(days=90)


def remember_device(db: Db, *, person: Person, now: datetime) -> str:
    """Remember this browser for the person's next group sessions and return the secret for its cookie."""
    token = secrets.token_urlsafe(32)
    device = RememberedDevice(
        service_id=person.service_id,
        person_id=person.id,
        token_hash=digest(token),
        created_at=now,
        expires_at=now + DEVICE_LIFE,
    )
    db.add(device)
    actor = acting_as(db, person)
    audit.record(db, actor=actor, action="device_remembered", subject_type="person", subject_id=person.id, now=now)
    return token


def person_of_device(db: Db, *, token: str, now: datetime) -> Person | None:
    """Whose remembered device this is, or None."""
    device = db.exec(select(RememberedDevice).where(RememberedDevice.token_hash == digest(token))).first()
    if device is None or device.revoked_at is not None or device.expires_at <= now:
        return None
    person = db.get(Person, device.person_id)
    return person if person is not None and person.active else None


def forget_device(db: Db, *, token: str, now: datetime) -> None:
    """Revoke the remembered device with this secret, if there is one."""
    if not token:
        return
    device = db.exec(select(RememberedDevice).where(RememberedDevice.token_hash == digest(token))).first()
    if device is not None and device.revoked_at is None:
        device.revoked_at = now


def forget_devices(db: Db, *, person: Person, now: datetime) -> int:
    """Revoke every remembered device of the person; returns how many there were."""
    kept = select(RememberedDevice).where(
        RememberedDevice.person_id == person.id, col(RememberedDevice.revoked_at).is_(None)
    )
    devices = list(db.exec(kept))
    for device in devices:
        device.revoked_at = now
    return len(devices)
