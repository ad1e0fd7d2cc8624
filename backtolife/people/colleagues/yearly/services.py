"""Once a year an administrator looks through everyone who has access: who still needs it, as one record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, func, select

from backtolife import audit
from backtolife.database.session import Db
from backtolife.errors import Conflict, Invalid
from backtolife.people.access import Actor, authorise, may
from backtolife.people.colleagues.services import Colleague, colleagues
from backtolife.people.colleagues.yearly.models import AccessReview
from backtolife.people.colleagues.yearly.rules import is_due, look_by, outcome
from backtolife.people.models import Kind, Person, Service
from backtolife.people.names import isolated
from backtolife.people.second_person import proposing

SHOWN = 5
"""So many reviews stand on the page, the newest first."""
CHANGED = "Somebody’s access was changed while you looked. Look at the list again, and then record the review."
NOT_TICKED = "Tick everyone who still needs access. Whoever does not is switched off on their own page first."


@dataclass(frozen=True)
class Reviewed:
    """One review: by whom, and what came of it, with each person by name."""

    at: datetime
    by: Person
    kept: Sequence[Person]
    changed: Sequence[Person]
    new: Sequence[Person]
    off: Sequence[Person]


def with_access(db: Db, *, actor: Actor) -> list[Colleague]:
    """Everyone who has access now, by name."""
    return [each for each in colleagues(db, actor=actor) if each.person.active]


def last_review(db: Db, *, service_id: str) -> AccessReview | None:
    wanted = select(AccessReview).where(AccessReview.service_id == service_id)
    return db.exec(wanted.order_by(col(AccessReview.at).desc()).limit(1)).first()


def review_is_due(db: Db, *, actor: Actor, now: datetime) -> bool:
    """Whether this administrator is reminded: a year after the last review (of a new service, after it began), and as
    soon as the list of staff says of one colleague that their access is to be checked. Recording a review moves both.
    One statement, and none for who reviews nothing.
    """
    if not may(actor, "staff.manage", actor):
        return False
    last = select(func.max(AccessReview.at)).where(AccessReview.service_id == actor.service_id).scalar_subquery()
    looked = func.min(func.coalesce(col(Person.access_confirmed_at), col(Person.created_at)))
    here = Person.service_id == actor.service_id, Person.kind == Kind.STAFF, col(Person.active).is_(True)
    first = select(looked).where(*here).scalar_subquery()
    reviewed_at, began_at, looked_at = db.exec(
        select(last, Service.created_at, first).where(Service.id == actor.service_id)
    ).one()
    return is_due((look_by(reviewed_at, began_at), look_by(looked_at, began_at)), now)


def record_review(db: Db, *, actor: Actor, ticked: Mapping[str, Sequence[str]], now: datetime) -> AccessReview:
    """Keep the review as a whole. `ticked` are those who still need access, with the roles that the page showed.

    Raises Invalid while somebody with access is not among them, Conflict where what the page showed is not so any more.
    """
    authorise(actor, "staff.manage", actor)
    proposing.in_turn(db, actor.service_id)
    here = with_access(db, actor=actor)
    for each in here:
        db.refresh(each.person)
    found = {each.person.id: sorted(each.roles) for each in here if each.person.active}
    missing = [each.person for each in here if each.person.id not in ticked]
    if missing:
        raise Invalid(f"{NOT_TICKED} Not ticked: {', '.join(isolated(each.full_name) for each in missing)}.", "keep")
    if {key: sorted(roles) for key, roles in ticked.items()} != found:
        raise Conflict(CHANGED)
    before = last_review(db, service_id=actor.service_id)
    row = AccessReview(service_id=actor.service_id, at=now, by=actor.id, found={key: [*found[key]] for key in found})
    db.add(row)
    for each in here:
        each.person.access_confirmed_at = now
    db.flush()
    came = outcome(before.found if before is not None else None, row.found)
    audit.record(
        db,
        actor=actor,
        action="access_reviewed",
        subject_type="access_review",
        subject_id=row.id,
        now=now,
        kept=[*came.kept],
        changed=[*came.changed],
        new=[*came.new],
        off=[*came.off],
    )
    return row


def reviews(db: Db, *, actor: Actor) -> list[Reviewed]:
    """The last ones, the newest first. Two statements."""
    authorise(actor, "staff.manage", actor)
    wanted = select(AccessReview).where(AccessReview.service_id == actor.service_id)
    rows = list(db.exec(wanted.order_by(col(AccessReview.at).desc()).limit(SHOWN + 1)))
    if not rows:
        return []
    staff = select(Person).where(Person.service_id == actor.service_id, Person.kind == Kind.STAFF)
    people = {each.id: each for each in db.exec(staff.order_by(col(Person.full_name), col(Person.id)))}

    def named(ids: Sequence[str]) -> list[Person]:
        return [each for key, each in people.items() if key in ids]

    found = []
    for row, before in zip(rows, [*rows[1:], None], strict=True):
        came = outcome(before.found if before is not None else None, row.found)
        by = people[row.by]
        found.append(Reviewed(row.at, by, named(came.kept), named(came.changed), named(came.new), named(came.off)))
    return found[:SHOWN]
