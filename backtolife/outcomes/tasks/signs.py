"""The warning signs behind a safety task, as the patient ticked them; the live sessions' room knows them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, cast

from flask import current_app

from backtolife.database.session import Db
from backtolife.outcomes.safety.tasks import Work

At = tuple[str, str]
"""A live session and a patient, by their ids."""


class Ticked(Protocol):
    """One group of signs that a patient ticked before a live session."""

    @property
    def label(self) -> str:
        """The words that stood beside the box."""
        ...

    @property
    def advised(self) -> str:
        """What the page told them to do at once; empty where it told nothing."""
        ...

    @property
    def news(self) -> str:
        """What they wrote beside it."""
        ...

    @property
    def at(self) -> datetime: ...

    @property
    def unticked_at(self) -> datetime | None: ...


class SignsTicked(Protocol):
    """Where it is known what was ticked; `rooms` names it."""

    def __call__(self, db: Db, *, at: Collection[At]) -> Mapping[At, tuple[int, list[Ticked]]]: ...


@dataclass(frozen=True)
class Signs:
    """What was ticked before session `number`, the first one first."""

    number: int
    ticked: tuple[Ticked, ...]

    @property
    def label(self) -> str:
        """In one line for staff."""
        named = "; ".join(f"“{each.label.partition('.')[0]}”" for each in self.ticked)
        return f"ticked {named} before session {self.number}"

    @property
    def advised(self) -> tuple[str, ...]:
        """What the page told them to do, each once."""
        return tuple(dict.fromkeys(each.advised for each in self.ticked if each.advised))

    @property
    def news(self) -> str:
        return next((each.news for each in reversed(self.ticked) if each.news), "")

    def history(self) -> list[tuple[datetime, str]]:
        """Each tick and each tick taken off, in the order in which they came."""
        on = [(each.at, each.label) for each in self.ticked]
        off = [(each.unticked_at, f"Taken off: {each.label}") for each in self.ticked if each.unticked_at]
        return sorted([*on, *off])


def signs_of(db: Db, works: Collection[Work]) -> dict[str, Signs]:
    """The signs behind each of these tasks that is about signs, by the task's id."""
    about = {work.task.id: key for work in works if (key := key_of(work))}
    known = cast(SignsTicked, current_app.extensions["backtolife.signs_ticked"])
    found = known(db, at=set(about.values())) if about else {}
    return {task: Signs(number, tuple(rows)) for task, key in about.items() for number, rows in [found[key]]}


def key_of(work: Work) -> At | None:
    session = work.task.group_session_id
    return (session, work.patient.id) if session else None
