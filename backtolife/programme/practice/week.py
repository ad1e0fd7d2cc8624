"""What a patient's week holds: the session that it follows, what was set in it, and the exercises picked for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from backtolife.database.session import Db
from backtolife.programme.adopted.services import programme_of
from backtolife.programme.cohorts.models import Cohort, Enrolment, SessionDate
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.plan.material import RelaxationScript
from backtolife.programme.plan.template import HomePractice, Programme, Session
from backtolife.programme.practice.rules import OTHER
from backtolife.programme.prescribed.services import Prescribed, prescribed_to
from backtolife.text.catalogues.worded import worded

SET, PICKED = "practice:", "exercise:"
SOMETHING_ELSE = worded("Something else")


@dataclass(frozen=True)
class OwnWeek:
    """A week of one patient. `session` is the one it follows; None before the first has begun."""

    session: Session | None
    practice: tuple[HomePractice, ...]
    exercises: list[Prescribed]
    relaxations: list[RelaxationScript]

    @property
    def items(self) -> list[tuple[str, str]]:
        """What can be written down as done: its key and its words."""
        found = [(f"{SET}{each.id}", each.text) for each in self.practice]
        found += [(f"{PICKED}{each.exercise.id}", each.exercise.name) for each in self.exercises]
        return [*found, (OTHER, SOMETHING_ELSE)]


def week_of(db: Db, enrolment: Enrolment, now: datetime) -> OwnWeek:
    """What this place's week holds at `now`."""
    programme = programme_of(db, db.get_one(Cohort, enrolment.cohort_id))
    session = session_behind(programme, dates_of(db, enrolment.cohort_id), now)
    practice = session.home_practice if session else ()
    refs = dict.fromkeys(each.ref for each in practice if each.kind == "relaxation")
    return OwnWeek(
        session=session,
        practice=practice,
        exercises=prescribed_to(db, enrolment),
        relaxations=[programme.relaxation[ref] for ref in refs if ref in programme.relaxation],
    )


def session_behind(programme: Programme, dates: Sequence[SessionDate], now: datetime) -> Session | None:
    """The newest session that has begun; None before the first. One that was left out sets nothing."""
    begun = [each.number for each in dates if each.starts_at <= now and each.left_out_at is None]
    return programme.session(max(begun)) if begun else None


def words_of_item(programme: Programme, item: str) -> str:
    """What a key stands for in this programme, of any of its weeks; empty for what it does not have."""
    kind, _, key = item.partition(":")
    if f"{kind}:" == PICKED:
        return programme.exercises[key].name if key in programme.exercises else ""
    if f"{kind}:" == SET:
        every = (each for session in programme.sessions for each in session.home_practice)
        return next((each.text for each in every if each.id == key), "")
    return ""
