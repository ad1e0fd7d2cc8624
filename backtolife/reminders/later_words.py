"""Who left and may be asked later said so to older words: before questions open to them, they are asked that again."""

from collections.abc import Iterator
from datetime import datetime

from backtolife.database.session import Db
from backtolife.outcomes.asking.due import due_of_each
from backtolife.programme.cohorts.models import Cohort
from backtolife.programme.consent.asking import said_yes_before
from backtolife.reminders.due_message import DueMessage
from backtolife.reminders.rules import Window

TEMPLATE = "later-words-changed"


def later_words_letters(db: Db, cohort: Cohort, site: str, now: datetime) -> Iterator[DueMessage]:
    """Once for each yes, to whom questions would be open now if it still counted: a yes of long ago is asked for again
    only where it is of use.
    """
    left = said_yes_before(db, cohort.id)
    if not left:
        return
    dues = due_of_each(db, cohort=cohort, enrolments=[place for place, *_ in left], now=now, if_agreed=True)
    for place, person, said in left:
        asks = [due.ask for due in dues[place.id] if due.state != "closed" and not due.finished]
        if asks:
            first = min(asks, key=lambda ask: ask.opens_at)
            key, link = f"{TEMPLATE}:{said.id}:{place.id}", {"link": f"{site}/agreement"}
            yield DueMessage(person, TEMPLATE, key, link, Window(first.opens_at, first.closes_at))
