"""Before a patient comes into the live room they have agreed to what their service asks: the door looks first."""

from flask import redirect, url_for
from werkzeug.wrappers import Response

from backtolife import audit
from backtolife.people.request import actor, db, now
from backtolife.programme.cohorts.models import Cohort
from backtolife.programme.consent.asking import ToAgree, to_agree
from backtolife.programme.consent.rules import Stand
from backtolife.sessions.room.models import GroupSession


def still_to_agree(group_session: GroupSession) -> ToAgree:
    """What the acting patient has yet to answer."""
    cohort = db().get_one(Cohort, group_session.cohort_id)
    return to_agree(db(), person_id=actor().id, cohort=cohort, now=now())


def agreement_first(group_session: GroupSession, *, inside: bool = False) -> Response | None:
    """The way to the page with what keeps this patient out of the live room; None for who may come in.

    Who is inside already stays in that session, unless they take a yes back.
    """
    if not actor().is_patient:
        return None
    shuts = still_to_agree(group_session).shuts
    if not any(not inside or each.how is Stand.REFUSED for each in shuts):
        return None
    return redirect(url_for("consents.show", session=group_session.id))


def refuse_seat(group_session: GroupSession) -> Response | None:
    """The same where a seat was asked for: that it was refused is put on record."""
    first = agreement_first(group_session)
    if first is not None:
        audit.record(
            db(),
            actor=actor(),
            action="kept_out_without_agreement",
            subject_type="group_session",
            subject_id=group_session.id,
            now=now(),
        )
    return first
