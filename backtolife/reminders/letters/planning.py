"""All that the calendar of one group brings about: what goes now, for the scheduler, and what goes next, for staff."""

from datetime import datetime

from backtolife.config import Settings
from backtolife.database.session import Db
from backtolife.programme.cohorts.enrolment import enrolled_in, left_but_asked
from backtolife.programme.cohorts.models import Cohort
from backtolife.programme.cohorts.services import dates_of
from backtolife.reminders.due_message import DueMessage
from backtolife.reminders.later_words import later_words_letters
from backtolife.reminders.letters.questions import question_letters
from backtolife.reminders.letters.sessions import session_letters
from backtolife.reminders.letters.welcomes import welcome_letters
from backtolife.reminders.missed import missed_letters
from backtolife.reminders.offers import offer_letters


def planned(
    db: Db, cohort: Cohort, settings: Settings, *, now: datetime, by: datetime
) -> list[tuple[datetime, DueMessage]]:
    """Each message that goes from `now` until `by`, with when, as everything stands at `now`; what was queued before
    is among them.
    """
    members, dates, site = enrolled_in(db, cohort.id), dates_of(db, cohort.id), settings.public_url
    letters = [
        *welcome_letters(members, site),
        *offer_letters(db, cohort, site, now=now, by=by),
        *session_letters(db, cohort, members, dates, settings, now=now, by=by),
        *missed_letters(db, cohort, members, dates, site=site, now=now),
        *later_words_letters(db, cohort, site, now),
        *question_letters(db, cohort, members + left_but_asked(db, cohort.id), settings, now=now, by=by),
    ]
    found = [(each.window.goes_at(now, cohort.zone), each) for each in letters]
    return [(at, each) for at, each in found if at is not None and at <= by]
