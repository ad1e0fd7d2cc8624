"""Staff write in what a patient answered on paper or by telephone: marked so, with who, when and for whom."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from backtolife import audit
from backtolife.database.session import Db
from backtolife.errors import Conflict, Invalid
from backtolife.outcomes.answering.opening import open_response
from backtolife.outcomes.answering.responses import SENT
from backtolife.outcomes.answering.saving import Given, Saved, save
from backtolife.outcomes.answering.submitting import submit
from backtolife.outcomes.asking.extending import window_for
from backtolife.outcomes.asking.schedule import ask_of
from backtolife.outcomes.models import InstrumentResponse, Mode
from backtolife.people.access import Actor
from backtolife.programme.cohorts.enrolment import find_enrolment
from backtolife.programme.cohorts.models import Cohort, Enrolment

LONGEST_PROXY = 60
SENT_ALREADY = "This form was sent already. Open it again first, with a reason."


@dataclass(frozen=True)
class Entry:
    """How the answers reached us. `proxy` says who answered in the patient's place; empty for themselves."""

    mode: Mode
    given_at: datetime
    proxy: str = ""


def open_for_entry(
    db: Db,
    *,
    actor: Actor,
    enrolment_id: str,
    milestone_id: str,
    instrument: str,
    entry: Entry,
    production: bool,
    now: datetime,
) -> tuple[InstrumentResponse, Enrolment]:
    """The form, as it stood open when the patient answered. Raises Conflict when it was not, Invalid for the entry."""
    enrolment = find_enrolment(db, actor=actor, enrolment_id=enrolment_id, action="form.enter")
    if entry.mode is Mode.SELF:
        raise Invalid("Say whether they answered on paper or by telephone.", "mode")
    if entry.given_at > now + timedelta(minutes=1):
        raise Invalid("This time is in the future. Say when they answered.", "given_at")
    if len(entry.proxy.strip()) > LONGEST_PROXY:
        raise Invalid(f"Use at most {LONGEST_PROXY} characters.", "proxy")
    response = open_response(
        db,
        enrolment=enrolment,
        milestone_id=milestone_id,
        instrument=instrument,
        actor=actor,
        production=production,
        now=min(entry.given_at, now),
        action="form.enter",
    )
    if response.completed_at is not None:
        raise Conflict(SENT_ALREADY)
    return response, enrolment


def enter(
    db: Db,
    *,
    actor: Actor,
    response: InstrumentResponse,
    given: Sequence[Given],
    entry: Entry,
    site: str,
    now: datetime,
) -> Saved:
    """Save the answers as given at `entry.given_at` and send the form. An alert is raised as for any answer.

    Raises Conflict when the form was closed then, Invalid when nothing was answered or the ticks contradict.
    """
    at = min(entry.given_at, now)
    if response.started_at is None:
        response.opened_at = min(response.opened_at, at)
    timed = [replace(each, ago=now - at) for each in given]
    saved = save(db, response_id=response.id, given=timed, actor=actor, site=site, now=now, action="form.enter")
    if saved.closed == SENT:
        raise Conflict(SENT_ALREADY)
    response.mode, response.entered_by, response.entered_at = entry.mode, actor.id, now
    response.proxy = entry.proxy.strip()
    db.flush()
    audit.record(
        db,
        actor=actor,
        action="form_entered",
        subject_type="response",
        subject_id=response.id,
        now=now,
        mode=entry.mode.value,
        proxy=bool(response.proxy),
    )
    if not saved.refused:
        submit(db, response_id=response.id, actor=actor, site=site, now=now, given_at=at, action="form.enter")
    return saved


def latest_of(db: Db, enrolment: Enrolment, milestone_id: str, now: datetime) -> datetime:
    """The latest moment at which answers to this milestone can have been given: now, or the end of its window."""
    ask = ask_of(db, db.get_one(Cohort, enrolment.cohort_id), milestone_id)
    return min(now, window_for(db, enrolment, ask).last_moment)
