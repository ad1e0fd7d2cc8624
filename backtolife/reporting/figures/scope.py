"""What a page or a report is about: the whole service, a quarter, or one group; and who counts in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Literal

from backtolife.reporting.analysis.basics.basis import About
from backtolife.reporting.dataset.shape import Data, Group, Member

Kind = Literal["service", "quarter", "cohort"]
QUARTERS = ("January to March", "April to June", "July to September", "October to December")


@dataclass(frozen=True, slots=True)
class Scope:
    """`subject` is a cohort's id or a quarter such as 2026-Q2; empty for the whole service."""

    kind: Kind
    subject: str
    title: str


def scopes_of(service: str, counted: Sequence[Group]) -> list[Scope]:
    """Everything there can be a report about: the service, then quarters and groups that are counted, newest first."""
    quarters = sorted({group.quarter for group in counted}, reverse=True)
    return [
        Scope("service", "", service),
        *(Scope("quarter", each, quarter_words(each)) for each in quarters),
        *(Scope("cohort", group.id, group.name) for group in reversed(counted)),
    ]


def quarter_words(quarter: str) -> str:
    """April to June 2026."""
    return f"{QUARTERS[int(quarter[-1]) - 1]} {quarter[:4]}"


def ended_groups(data: Data) -> list[Group]:
    """The groups whose numbers do not change any more: the only ones that count."""
    return [group for group in data.groups if group.ended]


def within(group: Group, scope: Scope) -> bool:
    return scope.kind == "service" or scope.subject in (group.id, group.quarter)


def places_of(data: Data, groups: Iterable[Group]) -> list[int]:
    """The places among the members of those in these groups."""
    return sorted(chain.from_iterable(data.inside.get(group.id, ()) for group in groups))


def members_of(data: Data, groups: Iterable[Group]) -> list[Member]:
    return [data.members[place] for place in places_of(data, groups)]


def starters(data: Data, groups: Iterable[Group]) -> list[int]:
    """The places among the members of those in these groups who came to a session."""
    return sorted(chain.from_iterable(data.came.get(group.id, ()) for group in groups))


def started(members: Iterable[Member]) -> list[Member]:
    """Those who came to a session, however short."""
    return [member for member in members if member.started]


def completed(member: Member) -> bool:
    return member.completed


def period(groups: Sequence[Group]) -> str:
    """When the groups began, in words."""
    days = sorted(group.first_day for group in groups)
    if not days:
        return "no group has ended yet"
    first, last = (f"{date.fromisoformat(day):%B %Y}" for day in (days[0], days[-1]))
    return f"groups that began in {first}" if first == last else f"groups that began {first} to {last}"


def about(groups: Sequence[Group], window: str, population: str, waiting: int = 0) -> About:
    """The window with the groups it covers; `waiting` have ended and are not counted yet."""
    counted = f"{len(groups)} {'group' if len(groups) == 1 else 'groups'}"
    have = "has" if len(groups) == 1 else "have"
    return About(f"{window}; {period(groups)}", f"{population}, in {counted} that {have} ended", waiting)
