"""The people behind the results page: one row a place, so that anyone can work its figures out again."""

from collections.abc import Iterator, Mapping

from backtolife.people.traits import TRAITS
from backtolife.reporting.cells import Cell, lines
from backtolife.reporting.dataset.loading import load
from backtolife.reporting.dataset.shape import Data
from backtolife.reporting.source import Source

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


def people_csv(source: Source) -> Iterator[str]:
    """The file, line by line."""
    return lines(HEADER, rows_of(load(source.db, service_id=source.service_id, now=source.now)))


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
