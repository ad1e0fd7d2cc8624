"""Which roles the organisation's directory gives and takes, by the table of the settings.

It takes every role of the table at once. A clinical one it gives only to whom somebody here had made clinical, unless
the settings let the directory decide: a wrong group there must not open health records here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, delete

from backtolife import audit
from backtolife.database.session import Db
from backtolife.people.models import Person, Role, RoleHeld
from backtolife.people.organisation.faults import NotLetIn
from backtolife.people.organisation.models import OrganisationAccount
from backtolife.people.organisation.provider import Told
from backtolife.people.organisation.settings import OrganisationSettings
from backtolife.people.roles import give, others_hold, roles_of
from backtolife.people.second_person.proposing import in_turn, open_roles
from backtolife.people.signing_in import signin

CLINICAL = frozenset({Role.FACILITATOR, Role.CLINICAL_LEAD, Role.DUTY_CLINICIAN})
NO_ROLE = (
    "Your organisation knows you, but gives you no role here. Ask an administrator of your service, or your "
    "organisation's IT help desk."
)


@dataclass(frozen=True)
class Decided:
    roles: frozenset[Role]
    set_aside: frozenset[Role]
    """Clinical roles that were given here, and that the directory does not confirm."""
    not_given: frozenset[Role]
    """Clinical roles that the directory names and nobody here gave."""


def decide(
    *, held: frozenset[Role], aside: frozenset[Role], told: frozenset[Role], settings: OrganisationSettings
) -> Decided:
    """What somebody holds from now on. Roles that the table does not name stay as they are."""
    named = settings.roles_named
    given_here = (held & named) | aside
    kept_back = frozenset() if settings.clinical_by_directory else (told & CLINICAL) - given_here
    return Decided(
        roles=(held - named) | (told - kept_back),
        set_aside=(given_here - told) & CLINICAL,
        not_given=kept_back,
    )


def told_by(claims: Mapping[str, Any], settings: OrganisationSettings) -> frozenset[Role]:
    """The roles behind the values of the claim; it may be a word, a list, or lie inside another (`a.b`)."""
    found: Any = claims.get(settings.roles_claim)
    if found is None:
        found = claims
        for part in settings.roles_claim.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    values = [found] if isinstance(found, str) else found if isinstance(found, list) else []
    return frozenset().union(*(settings.roles.get(value, ()) for value in values if isinstance(value, str)))


def apply(
    db: Db,
    settings: OrganisationSettings,
    *,
    person: Person,
    account: OrganisationAccount,
    told: Told,
    now: datetime,
) -> None:
    """Give and take what the directory decides. Raises NotLetIn, and changes nothing, where no role would be left and
    none waits for a second person. What the directory gives, the organisation has given: nobody else confirms it.

    The last administrator stays one: a wrong group in the directory must not leave a service with nobody.
    """
    if not settings.roles:
        return
    in_turn(db, person.service_id)
    held, aside = roles_of(db, person), frozenset(map(Role, account.set_aside))
    decided = decide(held=held, aside=aside, told=told_by(told.claims, settings), settings=settings)
    wanted = decided.roles
    if Role.ADMINISTRATOR in held - wanted and not others_hold(db, person, Role.ADMINISTRATOR):
        wanted |= {Role.ADMINISTRATOR}
    if not wanted and not open_roles(db, person.id):
        raise NotLetIn("no_role", NO_ROLE, person.email)
    account.set_aside = sorted(decided.set_aside)
    if wanted == held and not decided.not_given:
        return
    gone = col(RoleHeld.person_id) == person.id, col(RoleHeld.role).in_(held - wanted)
    db.exec(delete(RoleHeld).where(*gone))
    give(db, person=person, roles=wanted - held, now=now)
    audit.record(
        db,
        actor=signin.system(person.service_id),
        action="roles_told",
        subject_type="person",
        subject_id=person.id,
        now=now,
        before=sorted(held),
        after=sorted(wanted),
        not_given=sorted(decided.not_given),
    )
