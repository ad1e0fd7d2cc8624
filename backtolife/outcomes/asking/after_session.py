"""The few questions after a live session: whether the page that says goodbye may offer them."""

from datetime import datetime

from backtolife.database.session import Db
from backtolife.errors import NotFound
from backtolife.outcomes.asking.due import due_for
from backtolife.outcomes.asking.readiness import can_go_on, unsigned_of
from backtolife.people.access import Actor
from backtolife.programme.cohorts.enrolment import enrolment_of


def may_be_offered(db: Db, *, actor: Actor, cohort_id: str, number: int, production: bool, now: datetime) -> bool:
    """Whether the patient can answer them, now or later: they are asked, still open, in words that are approved."""
    try:
        enrolment = enrolment_of(db, actor=actor, cohort_id=cohort_id)
    except NotFound:
        return False
    due = next((each for each in due_for(db, enrolment=enrolment, now=now) if each.ask.id == f"session-{number}"), None)
    if due is None or due.finished or due.state == "closed":
        return False
    return can_go_on(due, unsigned_of(db, service_id=actor.service_id, dues=[due], production=production, now=now))
