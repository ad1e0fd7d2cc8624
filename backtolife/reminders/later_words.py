"""Who left and may be asked later said so to older words: before questions open to them, they are asked that again."""

from collections.abc import Iterator

from backtolife.reminders.due_message import DueMessage
from backtolife.reminders.letters.facts import Facts
from backtolife.reminders.rules import Window

TEMPLATE = "later-words-changed"


def later_words_letters(facts: Facts, site: str) -> Iterator[DueMessage]:
    """Once for each yes, to whom questions would be open now if it still counted: a yes of long ago is asked for again
    only where it is of use.
    """
    for place, person, said in facts.said_before:
        asks = [due.ask for due in facts.dues[place.id] if due.state != "closed" and not due.finished]
        if asks:
            first = min(asks, key=lambda ask: ask.opens_at)
            key, link = f"{TEMPLATE}:{said.id}:{place.id}", {"link": f"{site}/agreement"}
            yield DueMessage(person, TEMPLATE, key, link, Window(first.opens_at, first.closes_at))
