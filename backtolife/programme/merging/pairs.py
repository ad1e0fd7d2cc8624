"""Which records may be one person: the same number, or the same name and date of birth."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from sqlalchemy import and_, func
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.people.access import Actor, authorise
from backtolife.people.identity.merged import going_on
from backtolife.people.identity.models import PersonIdentifier
from backtolife.people.identity.systems import SYSTEMS
from backtolife.people.models import Kind, Person
from backtolife.programme.merging.models import Decision, RecordPair
from backtolife.programme.patients.alike import folded

MOST = 100


@dataclass(frozen=True)
class Pair:
    """Two records, the older first, and what they have in common."""

    first: Person
    second: Person
    because: str


def pairs_of(db: Db, *, actor: Actor) -> list[Pair]:
    """Who may be recorded twice in the actor's service, and nobody has decided about. At most four statements."""
    authorise(actor, "patient.merge", actor)
    apart = {frozenset((pair.kept_id, pair.other_id)) for pair in decided(db, actor.service_id, Decision.APART)}
    found: dict[frozenset[str], Pair] = {}
    for pair in (*by_number(db, actor.service_id), *by_birth(db, actor.service_id)):
        both = frozenset((pair.first.id, pair.second.id))
        if both not in apart:
            found.setdefault(both, pair)
    return list(found.values())[:MOST]


def decided(db: Db, service_id: str, decision: Decision) -> list[RecordPair]:
    """What was decided and not taken back, the newest first."""
    wanted = select(RecordPair).where(
        RecordPair.service_id == service_id, RecordPair.decision == decision, col(RecordPair.undone_at).is_(None)
    )
    return list(db.exec(wanted.order_by(col(RecordPair.at).desc())))


def by_number(db: Db, service_id: str) -> Iterator[Pair]:
    """By the numbers of both, also those that stayed with a record which was merged into one of them."""
    mine, theirs, first, second = aliased(PersonIdentifier), aliased(PersonIdentifier), aliased(Person), aliased(Person)
    numbered = select(PersonIdentifier.person_id).where(PersonIdentifier.service_id == service_id)
    chain = going_on(col(Person.id).in_(numbered))
    one, two = chain.alias(), chain.alias()
    same_number = and_(
        col(theirs.service_id) == col(mine.service_id),
        col(theirs.system) == col(mine.system),
        col(theirs.mark) == col(mine.mark),
    )
    same = (
        select(mine.system, first, second)
        .join(theirs, same_number)
        .join(one, and_(one.c.of == col(mine.person_id), one.c.into.is_(None)))
        .join(two, and_(two.c.of == col(theirs.person_id), two.c.into.is_(None)))
        .join(first, col(first.id) == one.c.record)
        .join(second, col(second.id) == two.c.record)
        .where(mine.service_id == service_id, one.c.record < two.c.record)
        .order_by(col(first.full_name), col(first.id))
        .limit(MOST)
    )
    for system, *both in db.exec(same):
        older, newer = sorted(both, key=lambda each: each.created_at)
        yield Pair(older, newer, f"The same {SYSTEMS[system].label}" if system in SYSTEMS else "The same number")


def by_birth(db: Db, service_id: str) -> Iterator[Pair]:
    here = (Person.service_id == service_id, Person.kind == Kind.PATIENT, col(Person.merged_into_id).is_(None))
    shared = select(col(Person.date_of_birth)).where(*here, col(Person.date_of_birth).is_not(None))
    shared = shared.group_by(col(Person.date_of_birth)).having(func.count() > 1)
    wanted = select(Person).where(*here, col(Person.date_of_birth).in_(shared))
    born: dict[tuple[date | None, str], list[Person]] = {}
    for each in db.exec(wanted.order_by(col(Person.created_at), col(Person.id))):
        born.setdefault((each.date_of_birth, folded(each.full_name)), []).append(each)
    for same in born.values():
        for one, other in combinations(same, 2):
            yield Pair(one, other, "The same name and date of birth")
