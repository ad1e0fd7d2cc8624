"""Looked at once more in the moment of sending: a reminder that waited for a mail server may be wanted no longer."""

from datetime import datetime

from backtolife.database.session import Db
from backtolife.mail.delivery import OutgoingMessage
from backtolife.outcomes.asking.due import due_for
from backtolife.outcomes.asking.readiness import unsigned_of, waits
from backtolife.programme.cohorts.models import Enrolment, SessionDate
from backtolife.programme.cohorts.rules import MAY_JOIN, EnrolmentState
from backtolife.reminders.rules import SESSION_REMINDERS
from backtolife.sessions.joining.running_late import not_coming
from backtolife.sessions.records.attendance import attendance_at
from backtolife.sessions.room.services import for_date

QUESTIONS = frozenset({"questionnaire-due", "questionnaire-second-reminder"})
MISSED = "missed-session"
OFFERS = frozenset({"invitation", "invitation-reminder"})
SESSIONS = frozenset(each.template for each in SESSION_REMINDERS)


def still_wanted(db: Db, message: OutgoingMessage, now: datetime, *, production: bool = False) -> bool:
    """Whether the message should go at `now`. What is no reminder always should.

    Questions: not once they are answered or closed, nor to somebody who left, nor (in `production`) before their words
    are signed for. A session: not once it has begun, moved or been left out, nor to somebody who may not join or said
    that they cannot come. An offer: not once it is answered. A missed session: not once it turns out that
    they were there.
    """
    template, *ids = message.key.split(":")
    if template in OFFERS and len(ids) == 1:
        place = db.get(Enrolment, ids[0])
        return place is not None and place.state is EnrolmentState.INVITED
    if template in QUESTIONS and len(ids) == 2:
        return questions_wanted(db, milestone_id=ids[0], enrolment_id=ids[1], production=production, now=now)
    if template in SESSIONS and len(ids) == 3:
        return session_wanted(db, date_id=ids[0], starts=ids[1], enrolment_id=ids[2], now=now)
    if template == MISSED and len(ids) == 2:
        return missed_wanted(db, date_id=ids[0], enrolment_id=ids[1], now=now)
    return True


def missed_wanted(db: Db, *, date_id: str, enrolment_id: str, now: datetime) -> bool:
    """Not once they left, nor once a facilitator wrote down that they were there after all."""
    enrolment, date = db.get(Enrolment, enrolment_id), db.get(SessionDate, date_id)
    if enrolment is None or date is None or enrolment.state not in MAY_JOIN:
        return False
    came = {each.person_id for each in attendance_at(db, for_date(db, date), now=now)}
    return enrolment.person_id not in came


def questions_wanted(db: Db, *, milestone_id: str, enrolment_id: str, production: bool, now: datetime) -> bool:
    enrolment = db.get(Enrolment, enrolment_id)
    if enrolment is None:
        return False
    due = next((each for each in due_for(db, enrolment=enrolment, now=now) if each.ask.id == milestone_id), None)
    if due is None or due.finished or due.state not in ("due", "overdue"):
        return False
    not_ready = unsigned_of(db, service_id=enrolment.service_id, dues=[due], production=production, now=now)
    return not waits(due, not_ready)


def session_wanted(db: Db, *, date_id: str, starts: str, enrolment_id: str, now: datetime) -> bool:
    enrolment, date = db.get(Enrolment, enrolment_id), db.get(SessionDate, date_id)
    if enrolment is None or date is None or enrolment.state not in MAY_JOIN:
        return False
    if f"{date.starts_at:%Y%m%d%H%M}" != starts or now >= date.starts_at or date.left_out_at is not None:
        return False
    return enrolment.person_id not in not_coming(db, for_date(db, date))
