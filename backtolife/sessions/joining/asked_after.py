"""Whether a patient who leaves a session has questions about it that they can answer; another room knows."""

from datetime import datetime
from typing import Protocol, cast

from flask import current_app

from backtolife.database.session import Db
from backtolife.people.access import Actor
from backtolife.people.request import actor, db, now, settings


class Offered(Protocol):
    """Where it is known; the questionnaires' room knows, and `rooms` names it."""

    def __call__(
        self, db: Db, *, actor: Actor, cohort_id: str, number: int, production: bool, now: datetime
    ) -> bool: ...


def asked_after(cohort_id: str, number: int) -> bool:
    if not actor().is_patient:
        return False
    may_be_offered = cast(Offered, current_app.extensions["backtolife.asked_after"])
    production = settings().production
    return may_be_offered(db(), actor=actor(), cohort_id=cohort_id, number=number, production=production, now=now())
