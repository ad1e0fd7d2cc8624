"""What a patient may tell us about themselves, so that the service sees whom it reaches and whom it loses."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import select

from backtolife import audit
from backtolife.database.session import Db
from backtolife.errors import Invalid
from backtolife.people.access import Actor, authorise
from backtolife.people.details.traits import TRAITS
from backtolife.people.models import Background, Person


def background_of(db: Db, *, actor: Actor) -> Background | None:
    """What the acting person has told us; None when nothing yet."""
    return db.exec(select(Background).where(Background.person_id == actor.id)).first()


def tell(db: Db, *, actor: Actor, person: Person, answers: Mapping[str, str], now: datetime) -> Background:
    """Keep what a person told us; an empty answer stays unasked. Raises Invalid for an answer we do not offer.

    The record says that it changed, never what was said.
    """
    authorise(actor, "account.background", person)
    for trait in TRAITS:
        if answers.get(trait.id, "") not in {"", *trait.choices}:
            raise Invalid("Choose one of the answers.", trait.id)
    found = background_of(db, actor=actor)
    if found is None:
        found = Background(service_id=person.service_id, person_id=person.id, updated_at=now)
        db.add(found)
    for trait in TRAITS:
        setattr(found, trait.id, answers.get(trait.id, ""))
    found.updated_at = now
    audit.record(db, actor=actor, action="background_told", subject_type="person", subject_id=person.id, now=now)
    return found
