"""Who acts: the person behind a browser's cookie with the groups they belong to; the same for pages and sockets."""

from dataclasses import dataclass
from datetime import datetime

from backtolife.database.session import Db
from backtolife.people.access import Actor
from backtolife.people.models import Person, SignedIn
from backtolife.people.roles import roles_of
from backtolife.people.signing_in import signin
from backtolife.programme.cohorts.covering import covers_of
from backtolife.programme.cohorts.services import cohorts_of


@dataclass(frozen=True)
class SignedInActor:
    """An open sign-in, its person, and what `authorise` needs to know of them."""

    signed_in: SignedIn
    person: Person
    actor: Actor


def acting(db: Db, *, token: str, now: datetime) -> SignedInActor | None:
    """Who acts with the secret of a signed cookie; None when the sign-in ended, ran out or idled out."""
    found = signin.find_signed_in(db, token=token, now=now)
    if found is None:
        return None
    signed_in, person = found
    return SignedInActor(signed_in, person, actor_for(db, person=person, joins_only=signed_in.joins_only))


def actor_for(db: Db, *, person: Person, joins_only: bool) -> Actor:
    """The person as one who acts, with the groups they belong to at this moment."""
    return Actor(
        person.id,
        person.service_id,
        roles_of(db, person),
        cohorts_of(db, person),
        joins_only,
        person.invited_to or "",
        covers=covers_of(db, person),
    )
