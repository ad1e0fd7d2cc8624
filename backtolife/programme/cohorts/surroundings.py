"""What other rooms know about a group's dates; `rooms` wires it, for groups lie below them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from backtolife.database.session import Db
from backtolife.people.models import Person, Service
from backtolife.programme.cohorts.models import Cohort, SessionDate

Starts = Mapping[int, datetime]
"""When each session begins, by its number."""


@dataclass(frozen=True)
class Surroundings:
    """Questions that a group asks of the rota, of the live rooms and of its offers."""

    days_off: Callable[[Db, Service, Collection[date]], Mapping[date, str]]
    """Which of these days nobody works in the service, each with its name."""
    away: Callable[[Db, Collection[str], Collection[date]], Mapping[date, Sequence[str]]]
    """Which of these people (by id) are on leave on which of these days."""
    held: Callable[[Db, str], Mapping[int, bool]]
    """The sessions of a cohort that have begun, by number: True while one is on."""
    addresses: Callable[[Db, Collection[SessionDate]], Mapping[str, str]]
    """Where each of these dates is joined, by the date's id."""
    came: Callable[[Db, Cohort, datetime], Mapping[str, int]]
    """How many sessions each person of a group came to, by the person's id."""
    waiting: Callable[[Db, str], Mapping[int, Sequence[str]]]
    """Who waits at the door of a session of this cohort that has not begun, by session and with their full names."""
    closing: Callable[[Db, Cohort, Starts, Starts, datetime], Sequence[str]]
    """Which questions are open now and would be closed if the sessions began at the second times, by their labels."""
    moved: Callable[[Db, SessionDate, datetime], object]
    """A session has another date: what people said about coming on the old one counts no more."""
    offered: Callable[[Db, str], Sequence[Person]]
    """Who was offered a place in this cohort and has not answered, by name."""
    tell_offered: Callable[[Db, Cohort, str, str, datetime], int]
    """The first session is another one, by this cause: who has an invitation is written to, with a link to this site.

    Gives how many.
    """
    book_again: Callable[[Db, Collection[Person], tuple[str, str], datetime], int]
    """Who is booked for a course and has not had their link is sent a new one, from this site and mailbox. Gives how
    many.
    """
    tell_guests: Callable[[Db, Collection[tuple[SessionDate, datetime]], str, str, datetime], int]
    """Who is invited to one of these sessions hears, by this cause, that it began at the second time before, and their
    link to this site works until it ends. Gives how many.
    """
