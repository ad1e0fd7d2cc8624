"""Who acts: the person behind a browser's cookie with the groups they belong to; the same for pages and sockets."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, Select, func, select
from sqlmodel import col

from backtolife.database.session import Db
from backtolife.people.access import Actor
from backtolife.people.models import Person, Role, Service, SignedIn
from backtolife.people.roles import held_by
from backtolife.people.signing_in import signin
from backtolife.people.signing_in.linked.accounts import link_of
from backtolife.programme.cohorts.covering import covered_by
from backtolife.programme.cohorts.services import in_as_patient, staffed_by


@dataclass(frozen=True)
class SignedInActor:
    """An open sign-in, its person and their service, and what `authorise` needs to know of them."""

    signed_in: SignedIn
    person: Person
    service: Service
    actor: Actor


def acting(db: Db, *, token: str, now: datetime) -> SignedInActor | None:
    """Who acts with the secret of a signed cookie; None when the sign-in ended, ran out or idled out.

    One statement: every page and every socket asks.
    """
    wanted = (
        select(SignedIn, Person, Service, *BELONGS)
        .join(Person, col(Person.id) == col(SignedIn.person_id))
        .join(Service, col(Service.id) == col(Person.service_id))
        .where(signin.behind(token))
    )
    found = db.execute(wanted).first()
    if found is None:
        return None
    signed_in, person, service, *belongs = found
    if not signin.is_open(signed_in, person, now):
        return None
    limits = {"joins_only": signed_in.joins_only, "sets_up_only": signed_in.sets_up_only}
    return SignedInActor(signed_in, person, service, as_actor(person, belongs, **limits))


def actor_for(db: Db, *, person: Person, joins_only: bool) -> Actor:
    """The person as one who acts, with the groups they belong to at this moment."""
    belongs = db.execute(select(*BELONGS).select_from(Person).where(col(Person.id) == person.id)).one()
    return as_actor(person, belongs, joins_only=joins_only)


def in_one(wanted: Select[Any]) -> ScalarSelect[str | None]:
    """What `wanted` finds for the person of the statement around it, as one text with a space between."""
    (column,) = wanted.selected_columns
    return wanted.with_only_columns(func.aggregate_strings(column, " ")).correlate(Person).scalar_subquery()


BELONGS = tuple(
    in_one(each)
    for each in (
        held_by(col(Person.id)),
        in_as_patient(col(Person.id)),
        staffed_by(col(Person.id)),
        covered_by(col(Person.id)),
        link_of(col(Person.id)),
    )
)
"""What somebody is in, as columns of a statement about people: roles, groups as a patient, as staff, dates stood in,
and what links their sign-in with other services.
"""


def as_actor(person: Person, belongs: Any, *, joins_only: bool, sets_up_only: bool = False) -> Actor:
    roles, places, staffed, covers, linked = (frozenset((each or "").split()) for each in belongs)
    return Actor(
        person.id,
        person.service_id,
        frozenset(map(Role, roles)) if person.is_staff else frozenset({Role(person.kind.value)}),
        places if person.is_patient else staffed if person.is_staff else frozenset(),
        joins_only,
        sets_up_only,
        person.invited_to or "",
        covers=covers if person.is_staff else frozenset(),
        without_role=person.is_staff and not roles,
        elsewhere=person.is_staff and bool(linked),
    )
