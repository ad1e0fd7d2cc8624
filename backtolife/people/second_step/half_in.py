"""Between password and code: this browser has given the right password, and is not signed in yet."""

from datetime import datetime, timedelta

from flask import session

from backtolife.database.session import Db
from backtolife.people.models import Person
from backtolife.people.signing_in.signin import digest

KEY = "password_given"
LIFE = timedelta(minutes=10)


def mark_of(person: Person) -> str:
    """Changes with the password: who chose a new one has not given it yet."""
    return digest(f"half in:{person.password_hash}")[:22]


def note(person: Person, now: datetime, *, key: str = KEY) -> None:
    """`key`: what the code is asked for, where it is not for signing in."""
    session[key] = {"id": person.id, "at": now.timestamp(), "of": mark_of(person)}


def person(db: Db, now: datetime, *, key: str = KEY) -> Person | None:
    """Who gave their password here within the last ten minutes; None when nobody did."""
    told = session.get(key) or {}
    age = now.timestamp() - float(told.get("at", 0))
    if not -LIFE.total_seconds() < age < LIFE.total_seconds():
        return None
    found = db.get(Person, str(told.get("id", "")))
    if found is None or not found.active or not found.is_staff or mark_of(found) != told.get("of"):
        return None
    return found
