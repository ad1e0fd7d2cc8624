"""Which messages to those who are booked beside a patient should still go."""

from collections.abc import Iterator, Sequence

from backtolife.people.models import Person
from backtolife.programme.cohorts.models import Enrolment, PlaceMove
from backtolife.programme.cohorts.services import dates_of_each, next_date
from backtolife.programme.companions.letters import comes
from backtolife.programme.places.transfer import arrived_at
from backtolife.reminders.checks.looking import Asked, Look


def with_places(look: Look, asked: Sequence[Asked]) -> list[tuple[Asked, Person | None, Enrolment | None]]:
    """Each message with its companion and the place of their patient, as they are now."""
    people = look.rows(Person, [each.message.person_id or "" for each in asked])
    places = look.rows(Enrolment, [each.beside_place_id or "" for each in people.values()])
    found = []
    for each in asked:
        person = people.get(each.message.person_id or "")
        found.append((each, person, places.get(person.beside_place_id or "") if person is not None else None))
    return found


def bookings(look: Look, asked: Sequence[Asked]) -> Iterator[Asked]:
    """That they are booked: not once it is over for them. Also once they meet in another group, of which the next
    message tells: this one brings the link.
    """
    for each, person, place in with_places(look, asked):
        if comes(person, place):
            yield each


def bookings_over(look: Look, asked: Sequence[Asked]) -> Iterator[Asked]:
    """That it is over: not once they come after all."""
    for each, person, place in with_places(look, asked):
        if not comes(person, place):
            yield each


def other_groups(look: Look, asked: Sequence[Asked]) -> Iterator[Asked]:
    """That they meet in another group: not once it is over, they moved on, or the session that it tells of is over."""
    rows = with_places(look, asked)
    moves = look.rows(PlaceMove, [each.ids[0] for each in asked])
    since = arrived_at(look.db, [place for _, _, place in rows if place is not None])
    dates = dates_of_each(look.db, {each.to_cohort_id for each in moves.values()})
    for each, person, place in rows:
        move = moves.get(each.ids[0])
        if move is None or place is None or not comes(person, place):
            continue
        there = place.cohort_id == move.to_cohort_id and since[place.id] <= move.at
        told = next_date(dates[move.to_cohort_id], move.at)
        if there and told is not None and look.now < told.over_at:
            yield each
