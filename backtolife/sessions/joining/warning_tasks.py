"""A warning sign that a patient ticks becomes a task for a clinician at that moment; another room keeps the tasks."""

from collections.abc import Collection
from datetime import datetime
from typing import Literal, Protocol, cast

from flask import current_app

from backtolife.audit import Acting
from backtolife.database.session import Db
from backtolife.people.request import actor, db, now, person, settings
from backtolife.sessions.room.models import GroupSession
from backtolife.sessions.room.warning_signs import EMERGENCY, NOT_TODAY, TODAY

Soon = Literal["urgent", "same_day", "next_day"]
HOW_SOON: dict[str, Soon] = {EMERGENCY: "urgent", TODAY: "same_day", NOT_TODAY: "next_day"}
GRAVEST_FIRST: tuple[Soon, ...] = ("urgent", "same_day", "next_day")


class RaiseTask(Protocol):
    """Where tasks are kept; `rooms` names it. One open task a patient and session, raised by a graver sign."""

    def __call__(
        self,
        db: Db,
        *,
        cohort_id: str,
        person_id: str,
        group_session_id: str,
        level: Soon,
        actor: Acting,
        site: str,
        now: datetime,
    ) -> object: ...


def raise_for(group_session: GroupSession, *, before: Collection[str], after: Collection[str]) -> None:
    """Somebody must look at the signs that are ticked now (`after`) and were not (`before`)."""
    levels = {HOW_SOON[sign] for sign in set(after) - set(before)}
    if not levels:
        return
    raise_task = cast(RaiseTask, current_app.extensions["backtolife.raise_for_signs"])
    raise_task(
        db(),
        cohort_id=group_session.cohort_id,
        person_id=person().id,
        group_session_id=group_session.id,
        level=next(level for level in GRAVEST_FIRST if level in levels),
        actor=actor(),
        site=settings().public_url,
        now=now(),
    )
