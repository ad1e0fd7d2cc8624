"""Keeping what somebody typed until it is saved: no typed word is lost, and nobody else gets to read it."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field
from sqlalchemy import delete, func
from sqlmodel import col, select

from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Invalid
from backtolife.people.drafts.models import Draft
from backtolife.people.models import Person
from backtolife.text.from_json import read

LIFE = timedelta(days=30)
"""Long enough for a holiday; after it the words are deleted."""
LONGEST = 200_000
"""How many characters one form's words may come to."""
MOST_DRAFTS = 200
LONGEST_IN_ALL = 4_000_000
"""In how many forms one person may have unsaved words, and how many characters these may come to."""
LONGEST_ADDRESS = 300
MOST_FIELDS = 2000
TOO_LONG = "This is too long to keep until you save it."
TOO_MANY = "You have written a lot elsewhere and not saved it, so we cannot keep this too."
NEVER_KEPT = ("password", "csrf_token", "whose", "identifier_", "app_code", "recovery", "passkey")

Fields = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class SentFields:
    """The fields of a form as a page sends them: each its name and its words."""

    pairs: Annotated[list[Annotated[list[str], Field(min_length=2, max_length=2)]], Field(max_length=MOST_FIELDS)]


def keep(
    db: Db, *, person: Person, address: str, fields: Fields, now: datetime, base: Fields | None = None
) -> Draft | None:
    """Keep the words of a form in place of what was kept of it before; None when there is nothing to keep.

    `base` is the form as it was before the typing; None leaves what is known of it. Passwords are never kept. Raises
    Invalid when it is more than anybody types, in this form or in all.
    """
    fields = open_ones(fields)
    words, before = json.dumps(fields), json.dumps(open_ones(base)) if base is not None else ""
    if not any(value.strip() for _, value in fields) or len(address) > LONGEST_ADDRESS:
        return None
    if max(len(words), len(before)) > LONGEST:
        raise Invalid(TOO_LONG)
    one_at_a_time(db, f"draft:{person.id}")
    refuse_too_many(db, person_id=person.id, address=address, more=len(words) + len(before))
    draft = db.exec(select(Draft).where(Draft.person_id == person.id, Draft.address == address)).first()
    if draft is None:
        draft = Draft(service_id=person.service_id, person_id=person.id, address=address, fields="", updated_at=now)
        db.add(draft)
    draft.fields, draft.updated_at = words, now
    if base is not None:
        draft.base = before
    return draft


def open_ones(fields: Fields) -> Fields:
    return [(name, value) for name, value in fields if not secret(name)]


def refuse_too_many(db: Db, *, person_id: str, address: str, more: int) -> None:
    """Raise Invalid when the person's other forms hold so much that `more` is too much."""
    length = func.length(col(Draft.fields)) + func.length(col(Draft.base))
    others = select(func.count(), func.coalesce(func.sum(length), 0)).where(
        Draft.person_id == person_id, Draft.address != address
    )
    forms, characters = db.exec(others).one()
    if forms >= MOST_DRAFTS or characters + more > LONGEST_IN_ALL:
        raise Invalid(TOO_MANY)


def pairs(told: object) -> Fields:
    """The fields that a page sent, as they should be. Raises Invalid when they are something else."""
    sent = read(SentFields, {"pairs": told}, instead="The page did not send the words of its form.")
    return [(name, value) for name, value in sent.pairs]


def secret(name: str) -> bool:
    return any(part in name.lower() for part in NEVER_KEPT)


def kept_for(db: Db, *, person_id: str, addresses: Iterable[str]) -> list[Draft]:
    """The person's unsaved words in the forms that are sent to these addresses."""
    wanted = select(Draft).where(Draft.person_id == person_id, col(Draft.address).in_(list(addresses)))
    return list(db.exec(wanted.order_by(Draft.address)))


def without_script(db: Db, *, person_id: str) -> list[Draft]:
    """The words that came from a page on which no script was at work: nothing but us puts them back."""
    return list(db.exec(select(Draft).where(Draft.person_id == person_id, Draft.base == "").order_by(Draft.address)))


def drop(db: Db, *, person_id: str, address: str) -> None:
    """The words are saved, or their writer wants them no longer."""
    db.connection().execute(delete(Draft).where(col(Draft.person_id) == person_id, col(Draft.address) == address))


def drop_old(db: Db, *, now: datetime) -> None:
    """Delete what nobody came back to."""
    db.connection().execute(delete(Draft).where(col(Draft.updated_at) <= now - LIFE))
