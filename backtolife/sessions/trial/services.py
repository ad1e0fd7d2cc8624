"""Keeping what a trial run found, a wish for help with it, and that staff have called."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from backtolife import audit
from backtolife.database.session import Db, new_id, one_at_a_time
from backtolife.errors import Conflict
from backtolife.people.access import Actor, authorise
from backtolife.people.models import Person
from backtolife.programme.cohorts.models import Enrolment
from backtolife.sessions.trial.models import TrialRun
from backtolife.sessions.trial.rules import Found, in_words

MOST_RUNS = 200
"""Rows of one person: more tries change nothing that staff could learn from."""


@dataclass(frozen=True)
class Tried:
    """Where somebody stands: their newest try, and since when they wait for a call."""

    newest: TrialRun
    waits_since: datetime | None

    @property
    def words(self) -> str:
        return in_words(self.newest.found, asked_help=self.waits_since is not None)


def keep(db: Db, *, person: Person, run: str, found: Found, actor: Actor, now: datetime) -> TrialRun:
    """Keep what a try found; sent again it changes the same row, and what it says nothing of stays."""
    authorise(actor, "trial.run", person)
    row = row_of(db, person=person, run=run, now=now)
    for name in ("camera", "sound", "network"):
        value = getattr(found, name)
        if value is not None:
            setattr(row, name, value)
    db.flush()
    audit.record(db, actor=actor, action="trial_run_kept", subject_type="person", subject_id=person.id, now=now)
    return row


def ask_help(db: Db, *, person: Person, run: str, actor: Actor, now: datetime) -> bool:
    """They would like a call. Returns False for who has asked already and was not called yet."""
    authorise(actor, "trial.run", person)
    row = row_of(db, person=person, run=run, now=now)
    if any(each.help_at is not None and each.called_at is None for each in runs_of(db, [person.id])):
        return False
    row.help_at, row.called_at, row.called_by = now, None, ""
    db.flush()
    audit.record(db, actor=actor, action="trial_help_asked", subject_type="person", subject_id=person.id, now=now)
    return True


def row_of(db: Db, *, person: Person, run: str, now: datetime) -> TrialRun:
    """The row of this try, made at first need. Raises Conflict for somebody who tried very often."""
    one_at_a_time(db, f"trial:{person.id}")
    runs = runs_of(db, [person.id])
    row = next((each for each in runs if each.run == run), None)
    if row is None:
        if len(runs) >= MOST_RUNS:
            raise Conflict("You have tried this very often. Please call us: we will help.")
        row = TrialRun(id=new_id(), service_id=person.service_id, person_id=person.id, run=run, at=now)
        db.add(row)
        db.flush()
    return row


def runs_of(db: Db, person_ids: Collection[str]) -> list[TrialRun]:
    """Every try of these people, the oldest first."""
    wanted = select(TrialRun).where(col(TrialRun.person_id).in_(person_ids))
    return list(db.exec(wanted.order_by(col(TrialRun.at), col(TrialRun.id))))


def tried_by(db: Db, person_ids: Collection[str]) -> dict[str, Tried]:
    """How it went, by person; who has not tried is left out. One statement."""
    found: dict[str, Tried] = {}
    for row in runs_of(db, person_ids):
        before = found.get(row.person_id)
        waits = row.help_at if row.help_at is not None and row.called_at is None else None
        newest = row if before is None or row.found != Found() else before.newest
        found[row.person_id] = Tried(newest, waits or (before.waits_since if before else None))
    return found


def note_call(db: Db, *, enrolment: Enrolment, actor: Actor, now: datetime) -> None:
    """Somebody of staff has called. Raises Conflict where nobody waits for a call any more."""
    authorise(actor, "trial.help", enrolment)
    one_at_a_time(db, f"trial:{enrolment.person_id}")
    waiting = [
        each for each in runs_of(db, [enrolment.person_id]) if each.help_at is not None and each.called_at is None
    ]
    if not waiting:
        raise Conflict("Somebody has called already. Nothing was changed.")
    for row in waiting:
        row.called_at, row.called_by = now, actor.id
    audit.record(
        db, actor=actor, action="trial_help_given", subject_type="person", subject_id=enrolment.person_id, now=now
    )
