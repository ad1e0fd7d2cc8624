"""The people behind the results page, one row a place, without who they are; and the table of who they are, rounded."""

from collections.abc import Iterator

from backtolife.reporting.analysis.service.breakdown import Rounded
from backtolife.reporting.dataset.loading import load
from backtolife.reporting.dataset.shape import DATES, Data
from backtolife.reporting.export.csv_cells import Cell, lines
from backtolife.reporting.export.source import Source
from backtolife.reporting.figures.batches import batches_of
from backtolife.reporting.figures.fairness import tables
from backtolife.reporting.figures.scope import ended_groups
from backtolife.reporting.figures.steps import FAIR

HEADER = (
    "person",
    "group",
    "first_day",
    "quarter",
    "counted",
    "closed",
    "ended_on",
    "referred_on",
    "offered",
    "said_yes",
    "sessions",
    "minutes",
    "videos",
    "experience",
    *(f"{name}_on" for name in DATES),
    "left_because",
    "home_times",
    "home_minutes",
    "videos_read",
)
UNDER = "under 5"


def people_csv(source: Source) -> Iterator[str]:
    """The file, line by line."""
    return lines(HEADER, rows_of(load(source.db, service_id=source.service_id, now=source.now)))


def rows_of(data: Data) -> Iterator[list[Cell]]:
    """Those with a place by their code, then those without one, who have none.

    `counted`: their group is in the results, or in their next release. `closed` are the milestones whose numbers do not
    change any more, and `ended_on` is the last day on which those at the end could. The dates say when each step was
    reached, as far as it counts, and the steps of the results are made from them alone. What people told us of
    themselves for counting (age, sex, ethnic group, language) is in no file of persons: they were promised that the
    team sees only counts.
    """
    groups = {group.id: group for group in data.groups}
    counted = {group.id for group in ended_groups(data)}
    for member in data.members:
        group = groups[member.group]
        closed: list[Cell] = [group.id in counted, " ".join(group.closed), group.ended_on]
        where: list[Cell] = [group.name, group.first_day, group.quarter, *closed]
        came: list[Cell] = [member.sessions, member.minutes, member.videos, member.experience]
        dates: list[Cell] = [member.dates.get(name) for name in DATES]
        at_home: list[Cell] = [member.home_times, member.home_minutes, member.videos_read]
        left: list[Cell] = [*dates, member.left_because or None, *at_home]
        yield [member.code, *where, None, True, member.said_yes, *came, *left]
    for day, _ in data.waiting:
        nowhere: list[Cell] = [None, None, None, None, False, None, None]
        yield [*nowhere, day, False, False, 0, 0, 0, None, *[None] * len(DATES), None, None, None, 0]


def equality_csv(source: Source) -> Iterator[str]:
    """Who was offered a place, came, stayed and was measured, by what they told us of themselves: rounded counts."""
    data = load(source.db, service_id=source.service_id, now=source.now)
    return lines(("characteristic", "answer", *(step.lower().replace(" ", "_") for step in FAIR)), counts_of(data))


def counts_of(data: Data) -> Iterator[list[Cell]]:
    for each in tables(batches_of(data)):
        for row in (*each.table.rows, each.table.everyone):
            yield [each.trait.word, row.name, *(said(cell) for cell in row.cells)]


def said(cell: Rounded) -> Cell:
    """The rounded number; empty is not shown."""
    return UNDER if cell.under_5 else cell.count
