"""Signing in again before something grave: the password once more, good for a few minutes in this browser."""

from datetime import datetime, timedelta

from backtolife import audit
from backtolife.db import Db
from backtolife.errors import Invalid
from backtolife.people import signin
from backtolife.people.access import Actor
from backtolife.people.passwords import password_fits
from backtolife.people.throttles import by_person

FRESH = timedelta(minutes=10)
WRONG = "That is not your password. Check it and try again."


def is_fresh(db: Db, *, token: str, now: datetime) -> bool:
    """Whether the person behind this cookie has entered their password within the last ten minutes."""
    found = signin.find_signed_in(db, token=token, now=now)
    confirmed_at = found[0].confirmed_at if found else None
    return confirmed_at is not None and confirmed_at + FRESH > now


def confirm(db: Db, *, token: str, password: str, now: datetime) -> None:
    """Take the password of the person behind this cookie. Raises Invalid for a wrong one, TooOften after five."""
    found = signin.find_signed_in(db, token=token, now=now)
    if found is None:
        raise Invalid(WRONG, "password")
    place, person = found
    by_person.check(person.id, now)
    if not password_fits(person.password_hash, password):
        raise Invalid(WRONG, "password")
    place.confirmed_at = now
    actor = Actor(person.id, person.service_id, person.role)
    audit.record(db, actor=actor, action="signed_in_again", subject_type="person", subject_id=person.id, now=now)
