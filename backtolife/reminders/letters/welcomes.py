"""The first thing that anybody hears from us, also whoever got a place when the group had begun."""

from collections.abc import Iterator

from backtolife.people.models import Person
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.cohorts.rules import MAY_JOIN
from backtolife.reminders.due_message import DueMessage
from backtolife.reminders.rules import welcome_window


def welcome_key(enrolment_id: str) -> str:
    """The cause of the message: each place is welcomed once."""
    return f"welcome:{enrolment_id}"


def welcome_letters(members: list[tuple[Enrolment, Person]], site: str) -> Iterator[DueMessage]:
    for enrolment, person in members:
        if enrolment.state in MAY_JOIN:
            window = welcome_window(enrolment.enrolled_at)
            key = welcome_key(enrolment.id)
            yield DueMessage(person, "welcome", key, {"link": site}, window, with_dates=True)
