"""All that the calendar of one group brings about: what goes now, for the scheduler, and what goes next, for staff."""

from datetime import datetime

from backtolife.reminders.due_message import DueMessage
from backtolife.reminders.later_words import later_words_letters
from backtolife.reminders.letters.facts import Facts
from backtolife.reminders.letters.questions import question_letters
from backtolife.reminders.letters.sessions import session_letters
from backtolife.reminders.letters.welcomes import welcome_letters
from backtolife.reminders.missed import missed_letters
from backtolife.reminders.offers import offer_letters


def planned(facts: Facts, site: str, *, now: datetime, by: datetime) -> list[tuple[datetime, DueMessage]]:
    """Each message that goes from `now` until `by`, with when, as everything stands at `now`; what was queued before
    is among them. `site`: where the links lead.
    """
    letters = [
        *welcome_letters(facts.members, site),
        *offer_letters(facts, site, now=now),
        *session_letters(facts, site, now=now, by=by),
        *missed_letters(facts, site, now=now),
        *later_words_letters(facts, site),
        *question_letters(facts, site, now=now, by=by),
    ]
    found = [(each.window.goes_at(now, facts.cohort.zone), each) for each in letters]
    return [(at, each) for at, each in found if at is not None and at <= by]
