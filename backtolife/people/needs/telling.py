"""A person tells what they need to take part, or staff write it down for them."""

from datetime import datetime

from backtolife import audit
from backtolife.audit import Acting
from backtolife.database.session import Db
from backtolife.people.models import Person
from backtolife.people.needs.kinds import NEEDS, Needs, in_words
from backtolife.text.languages import tag_of


def tell_needs(db: Db, *, person: Person, needs: Needs, actor: Acting, now: datetime) -> bool:
    """Keep it. Returns whether anything changed; the trace says that it did, never what was told. Raises Invalid.

    Whoever calls has asked whether the actor may.
    """
    kept = needs.kept()
    if person.needs is not None and needs_of(person) == kept:
        return False
    person.needs, person.needs_language, person.needs_words = list(kept.kinds), kept.language, kept.words
    audit.record(db, actor=actor, action="needs_told", subject_type="person", subject_id=person.id, now=now)
    return True


def needs_of(person: Person) -> Needs:
    """What the person told us; empty where they need nothing or were not asked."""
    return Needs(tuple(person.needs or ()), tag_of(person.needs_language), person.needs_words)


def asked_words(needs: Needs) -> list[str]:
    """The same as the person reads it themselves."""
    chosen = [NEEDS[key].asked for key in needs.kinds]
    return [*chosen, needs.words] if needs.words else chosen


def needs_in_words(person: Person) -> list[str]:
    """What staff read of it, a few words for each."""
    return in_words(person.needs, person.needs_language, person.needs_words)
