"""Somebody who will work here is invited, with roles of which some may wait for a second person."""

from collections.abc import Collection
from datetime import datetime

from backtolife.database.session import Db
from backtolife.errors import Invalid
from backtolife.people.access import Actor, System, authorise
from backtolife.people.models import Kind, Person, Role
from backtolife.people.roles import kind_of
from backtolife.people.second_person import proposing
from backtolife.people.services import add_person


def invite_staff(
    db: Db,
    *,
    actor: Actor | System,
    email: str,
    full_name: str,
    shown_name: str,
    job: str,
    roles: Collection[Role],
    now: datetime,
    site: str = "",
) -> Person:
    """Add a member of staff; a role that needs two people waits until somebody else says yes.

    The edge sends the link with which they choose a password.
    """
    if kind_of(roles) is not Kind.STAFF:
        raise Invalid("Patients are added from their group's page.", "roles")
    if isinstance(actor, Actor):
        authorise(actor, "staff.invite", actor)
    proposing.in_turn(db, actor.service_id)
    waits = proposing.waits_for_two(db, actor=actor, roles=roles)
    person = add_person(
        db,
        actor=actor,
        roles=roles,
        wait=waits,
        email=email,
        full_name=full_name,
        shown_name=shown_name,
        job=job,
        now=now,
    )
    if isinstance(actor, Actor):
        for role in sorted(waits):
            proposing.write_down(db, actor=actor, person=person, role=role, site=site, now=now)
    return person
