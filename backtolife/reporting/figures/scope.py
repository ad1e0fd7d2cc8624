"""What a page or a report is about: the whole service, a quarter, or one group; and who counts in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from backtolife.reporting.analysis.basis import About
from backtolife.reporting.dataset.shape import Data, Group, Member

Kind = Literal["service", "quarter", "cohort"]
QUARTERS = ("January to March", "April to June", "July to September", "October to December")
ENOUGH = 6
"""Sessions of nine that make somebody a completer."""


@dataclass(frozen=True, slots=True)
class Scope:
    """`subject` is a cohort's id or a quarter such as 2026-Q2; empty for the whole service."""

    kind: Kind
    subject: str
    title: str


def scopes_of(data: Data) -> list[Scope]:
    """Everything there can be a report about: the service, then quarters and groups that have ended, newest first."""
    ended = [group for group in data.groups if group.ended]
    quarters = sorted({group.quarter for group in ended}, reverse=True)
    return [
        Scope("service", "", data.service),
        *(Scope("quarter", each, quarter_words(each)) for each in quarters),
        *(Scope("cohort", group.id, group.name) for group in reversed(ended)),
    ]


def quarter_words(quarter: str) -> str:
    """April to June 2026."""
    return f"{QUARTERS[int(quarter[-1]) - 1]} {quarter[:4]}"


def ended_groups(data: Data, scope: Scope) -> list[Group]:
    """The groups in scope whose questions at the end are closed: the only ones that count."""
    return [group for group in data.groups if group.ended and within(group, scope)]


def within(group: Group, scope: Scope) -> bool:
    return scope.kind == "service" or scope.subject in (group.id, group.quarter)


def members_of(data: Data, groups: Iterable[Group]) -> list[Member]:
    ids = {group.id for group in groups}
    return [member for member in data.members if member.group in ids]


def starters(data: Data, groups: Iterable[Group]) -> list[int]:
    """The places among the members of those in these groups who came to a session."""
    ids = {group.id for group in groups}
    return [place for place, each in enumerate(data.members) if each.sessions > 0 and each.group in ids]


def started(members: Iterable[Member]) -> list[Member]:
    """Those who came to a session, however short."""
    return [member for member in members if member.sessions > 0]


def completed(member: Member) -> bool:
    return member.sessions >= ENOUGH


def period(groups: Sequence[Group]) -> str:
    """When the groups began, in words."""
    days = sorted(group.first_day for group in groups)
    if not days:
        return "no group has ended yet"
    first, last = (f"{date.fromisoformat(day):%B %Y}" for day in (days[0], days[-1]))
    return f"groups that began in {first}" if first == last else f"groups that began {first} to {last}"


def about(groups: Sequence[Group], window: str, population: str) -> About:
    """The window with the groups it covers."""
    counted = f"{len(groups)} {'group' if len(groups) == 1 else 'groups'}"
    return About(
        f"{window}; {period(groups)}", f"{population}, in {counted} that {'has' if len(groups) == 1 else 'have'} ended"
    )
