"""What people do with the proposals: ask that some be erased, and confirm it a week later. Two people, as always."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select

from backtolife.clock import in_zone
from backtolife.data_life.erasing import services as erasing
from backtolife.data_life.erasing.models import Erasure
from backtolife.data_life.retention.finding import find
from backtolife.data_life.retention.models import RetentionProposal
from backtolife.database.session import Db
from backtolife.errors import Conflict, Invalid
from backtolife.people.access import Actor
from backtolife.people.models import Person, Service

AT_MOST = 25
"""So many people are shown and erased at once: each is taken out of some forty tables."""
CAME_BACK = "One of these people has been in contact since, or something stands in the way. Look at the page again."


@dataclass(frozen=True)
class Proposed:
    """One row of the page."""

    proposal: RetentionProposal
    person: Person
    asked: Erasure | None


@dataclass(frozen=True)
class Proposals:
    """What the page shows: the oldest of each kind first, and how many there are."""

    fit: Sequence[Proposed]
    asked: Sequence[Proposed]
    stopped: Sequence[Proposed]
    total: int


def proposals(db: Db, service_id: str) -> Proposals:
    """The oldest proposals of each kind. Four statements, however many there are."""
    proposal = col(RetentionProposal.obstacle)
    waits = col(Erasure.id).is_not(None)
    every = (
        select(RetentionProposal, Person, Erasure)
        .join(Person, col(Person.id) == col(RetentionProposal.person_id))
        .outerjoin(
            Erasure,
            (col(Erasure.person_id) == col(Person.id))
            & col(Erasure.done_at).is_(None)
            & col(Erasure.called_off_at).is_(None),
        )
        .where(RetentionProposal.service_id == service_id)
        .order_by(col(RetentionProposal.over_at), col(RetentionProposal.id))
        .limit(AT_MOST)
    )
    fit, asked, stopped = (
        [Proposed(*row) for row in db.exec(every.where(*which))]
        for which in (
            (proposal.is_(None), ~waits),
            (proposal.is_(None), waits),
            (proposal.is_not(None),),
        )
    )
    counted = select(func.count()).select_from(RetentionProposal).where(RetentionProposal.service_id == service_id)
    return Proposals(fit, asked, stopped, db.exec(counted).one())


def ask(db: Db, *, service: Service, person_ids: Collection[str], actor: Actor, now: datetime) -> int:
    """Ask that these be erased because of their age. Raises Conflict when one of them came back since last night."""
    people = chosen(db, service, person_ids, now)
    for person, proposal in people:
        reason = reason_of(proposal, service)
        asked = erasing.ask(db, person=person, reason=reason, actor=actor, now=now, kept_long_enough=True)
        proposal.erasure_id = asked.id
        db.flush()
    return len(people)


def confirm(db: Db, *, service: Service, person_ids: Collection[str], actor: Actor, now: datetime) -> int:
    """Erase these, as the second person. Raises Conflict where the week is not over, or one of them came back."""
    people = chosen(db, service, person_ids, now)
    for person, _ in people:
        erasing.confirm(db, person=person, actor=actor, now=now, kept_long_enough=True)
    return len(people)


def chosen(
    db: Db, service: Service, person_ids: Collection[str], now: datetime
) -> list[tuple[Person, RetentionProposal]]:
    """The proposals that were ticked, looked at anew. Raises Invalid, Conflict."""
    if not person_ids:
        raise Invalid("Tick at least one person", "chosen")
    if len(person_ids) > AT_MOST:
        raise Invalid(f"Tick at most {AT_MOST} people at once", "chosen")
    wanted = (
        select(Person, RetentionProposal)
        .join(RetentionProposal, col(RetentionProposal.person_id) == col(Person.id))
        .where(RetentionProposal.service_id == service.id, col(Person.id).in_(person_ids))
        .order_by(col(Person.id))
    )
    rows = list(db.exec(wanted).all())
    found = find(db, service, now=now)
    fits = [person.id for person, _ in rows if person.id in found and found[person.id].obstacle is None]
    if len(fits) != len(set(person_ids)):
        raise Conflict(CAME_BACK)
    return rows


def reason_of(proposal: RetentionProposal, service: Service) -> str:
    last = in_zone(proposal.last_at, service.zone)
    years = f"{service.keep_years} year" + "s" * (service.keep_years > 1)
    return f"Kept long enough: last contact on {last.day} {last:%B %Y}, kept for {years}"
