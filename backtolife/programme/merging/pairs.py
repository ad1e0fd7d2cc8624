"""Which records may be one person: the same number, or the same name and date of birth."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from sqlalchemy import ColumnElement, and_, func
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
A_PAGE = 20


@dataclass(frozen=True)
class Pair:
    """Two records, the older first, and what they have in common."""

    first: Person
    second: Person
    because: str


def pairs_of(db: Db, *, actor: Actor) -> list[Pair]:
    """Who may be recorded twice in the actor's service, and nobody has decided about. At most four statements."""
    authorise(actor, "patient.merge", actor)
    two_people = apart(db, actor.service_id)
    found: dict[frozenset[str], Pair] = {}
    for pair in (*by_number(db, actor.service_id), *by_birth(db, actor.service_id)):
        both = frozenset((pair.first.id, pair.second.id))
        if both not in two_people:
            found.setdefault(both, pair)
    return list(found.values())[:MOST]


@dataclass(frozen=True)
class Decided:
    """What was decided about two records, and who they are; of merged ones the first goes on."""

    row: RecordPair
    kept: Person
    other: Person


@dataclass(frozen=True)
class Decisions:
    """One page of what was decided, the newest first; pages count from 1."""

    rows: list[Decided]
    page: int
    pages: int


def decisions_of(db: Db, *, actor: Actor, page: int = 1) -> Decisions:
    """Everything that was decided in the actor's service and not taken back: each can be. Two statements."""
    authorise(actor, "patient.merge", actor)
    kept, other = aliased(Person), aliased(Person)
    standing = select(RecordPair, kept, other).where(*stands(actor.service_id))
    joined = standing.join(kept, col(kept.id) == col(RecordPair.kept_id)).join(
        other, col(other.id) == col(RecordPair.other_id)
    )
    total = db.exec(select(func.count()).select_from(RecordPair).where(*stands(actor.service_id))).one()
    pages = max(1, -(-total // A_PAGE))
    page = min(max(page, 1), pages)
    newest = joined.order_by(col(RecordPair.at).desc(), col(RecordPair.id))
    rows = db.exec(newest.limit(A_PAGE).offset((page - 1) * A_PAGE))
    return Decisions([Decided(*row) for row in rows], page, pages)


def apart(db: Db, service_id: str) -> dict[frozenset[str], RecordPair]:
    """Who was said to be two people, by both ids."""
    wanted = select(RecordPair).where(*stands(service_id), RecordPair.decision == Decision.APART)
    return {frozenset((each.kept_id, each.other_id)): each for each in db.exec(wanted)}


def stands(service_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(RecordPair.service_id) == service_id, col(RecordPair.undone_at).is_(None)


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
    shared = select(col(Person.born_mark)).where(*here, col(Person.born_mark).is_not(None))
    shared = shared.group_by(col(Person.born_mark)).having(func.count() > 1)
    wanted = select(Person).where(*here, col(Person.born_mark).in_(shared))
    born: dict[tuple[date | None, str], list[Person]] = {}
    for each in db.exec(wanted.order_by(col(Person.created_at), col(Person.id))):
        born.setdefault((each.date_of_birth, folded(each.full_name)), []).append(each)
    for same in born.values():
        for one, other in combinations(same, 2):
            yield Pair(one, other, "The same name and date of birth")
