"""Signing in again before something grave: good for a few minutes in this browser."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from backtolife import audit
from backtolife.database.session import Db
from backtolife.errors import Invalid
from backtolife.people.limits.throttles import passwords
from backtolife.people.roles import acting_as
from backtolife.people.signing_in import signin
from backtolife.people.signing_in.linked.accounts import all_of
from backtolife.people.signing_in.passwords import Busy, password_fits

FRESH = timedelta(minutes=10)
WRONG = "That is not your password. Check it and try again."


@dataclass(frozen=True)
class PasswordHolder:
    """Whose password is asked for, and what we keep of it: of each account that their one sign-in opens."""

    person_id: str
    password_hashes: tuple[str, ...]


def is_fresh(db: Db, *, token: str, now: datetime) -> bool:
    """Whether the person behind this cookie has shown within the last ten minutes that it is them."""
    found = signin.find_signed_in(db, token=token, now=now)
    confirmed_at = found[0].confirmed_at if found else None
    return confirmed_at is not None and confirmed_at + FRESH > now


def asked(db: Db, *, token: str, now: datetime) -> PasswordHolder:
    """Whose password the person behind this cookie must give. Raises Invalid when nobody is signed in by it."""
    found = signin.find_signed_in(db, token=token, now=now)
    if found is None:
        raise Invalid(WRONG, "password")
    return PasswordHolder(found[1].id, tuple(each.password_hash for each in all_of(db, found[1])))


def check(who: PasswordHolder, password: str, now: datetime) -> None:
    """Look at the password, with no transaction open. Raises Invalid for a wrong one, TooOften after five, or Busy."""
    key = f"again:{who.person_id}"
    passwords.begin(key, now)
    try:
        fits = any(password_fits(each, password) for each in who.password_hashes)
    except Busy:
        passwords.take_back(key)
        raise
    if not fits:
        raise Invalid(WRONG, "password")
    passwords.clear(key)


def confirm(db: Db, *, token: str, now: datetime, way: str = "password") -> None:
    """Note that the person behind this cookie has just shown that it is them, and in which way.

    Raises Invalid as `asked` does.
    """
    found = signin.find_signed_in(db, token=token, now=now)
    if found is None:
        raise Invalid(WRONG, "password")
    signed_in, person = found
    signed_in.confirmed_at = now
    actor = acting_as(db, person)
    audit.record(
        db, actor=actor, action="signed_in_again", subject_type="person", subject_id=person.id, now=now, way=way
    )
