"""The people behind the results page: one row a place, so that anyone can work its figures out again."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from backtolife import audit
from backtolife.db import Db
from backtolife.people.access import Actor, authorise
from backtolife.people.traits import TRAITS
from backtolife.reporting.cells import Cell, lines
from backtolife.reporting.dataset.loading import load
from backtolife.reporting.dataset.shape import Data
from backtolife.reporting.export import reason_of

HEADER = (
    "person",
    "group",
    "first_day",
    "quarter",
    "counted",
    "closed",
    "referred_on",
    "offered",
    "said_yes",
    "sessions",
    "minutes",
    "videos",
    "experience",
    *(trait.id for trait in TRAITS),
)


def take(db: Db, *, actor: Actor, reason: str, now: datetime) -> Iterator[str]:
    """The file, line by line; who takes it and why goes on record first. Raises Invalid without a reason."""
    authorise(actor, "report.export", actor)
    audit.record(
        db,
        actor=actor,
        action="exported",
        subject_type="service",
        subject_id=actor.service_id,
        now=now,
        file="people",
        why=reason_of(reason),
    )
    return lines(HEADER, rows_of(load(db, service_id=actor.service_id, now=now)))


def rows_of(data: Data) -> Iterator[list[Cell]]:
    """Those with a place by their code, then those without one, who have none. `counted`: their group has ended.

    `closed` are the milestones at which the group is asked no more.
    """
    groups = {group.id: group for group in data.groups}
    for member in data.members:
        group = groups[member.group]
        where: list[Cell] = [group.name, group.first_day, group.quarter, group.ended, " ".join(group.closed)]
        came: list[Cell] = [member.sessions, member.minutes, member.videos, member.experience]
        yield [member.code, *where, None, True, member.said_yes, *came, *told(member.traits)]
    for day, traits in data.waiting:
        nowhere: list[Cell] = [None, None, None, None, False, None]
        yield [*nowhere, day, False, False, 0, 0, 0, None, *told(traits)]


def told(traits: Mapping[str, str]) -> list[Cell]:
    return [traits.get(trait.id, "") for trait in TRAITS]
