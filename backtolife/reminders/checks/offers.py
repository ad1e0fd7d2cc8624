"""Which messages about offers should still go."""

from collections.abc import Iterator, Sequence

from sqlmodel import col, select

from backtolife.programme.changes.first_session import FirstSessions
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.places.models import OfferAnswer, PlaceOffer
from backtolife.programme.places.rules import Said
from backtolife.reminders.checks.looking import Asked, Look, is_theirs
from backtolife.reminders.checks.waiting import has_since, held_since, still_waiting


def offers(look: Look, asked: Sequence[Asked]) -> Iterator[Asked]:
    """Not once it is answered, its last day is over, or the first session is another one than it says."""
    places = look.rows(Enrolment, [each.ids[0] for each in asked])
    made = select(PlaceOffer.enrolment_id, PlaceOffer.answer_by).where(col(PlaceOffer.enrolment_id).in_(places))
    until = dict(look.db.exec(made).all())
    firsts = FirstSessions(look.db, {each.cohort_id for each in places.values()})
    for each in asked:
        place = places.get(each.ids[0])
        if place is None or not is_theirs(place, each) or place.state is not EnrolmentState.INVITED:
            continue
        if place.id in until and look.now < until[place.id]:
            now_first = firsts.at(place.cohort_id, look.now)
            if now_first and now_first == firsts.as_told(place.cohort_id, each.message.true_at):
                yield each


def offers_taken_back(look: Look, asked: Sequence[Asked]) -> Iterator[Asked]:
    """Not to who has been offered a place since, or was given one: they would take it for that one."""
    places = look.rows(Enrolment, [each.ids[0] for each in asked])
    held = held_since(look, {each.person_id for each in places.values()})
    for each in asked:
        place = places.get(each.ids[0])
        if place is None or not is_theirs(place, each):
            continue
        if not has_since(held, place.person_id, each):
            yield each


def answers(look: Look, asked: Sequence[Asked]) -> Iterator[Asked]:
    """What follows a no, a not now or no answer. Not once that is taken back, nor to who has said yes, been offered a
    place or been given one since; of a not now only while they wait.
    """
    given = look.rows(OfferAnswer, [each.ids[0] for each in asked])
    places = look.rows(Enrolment, [each.ids[1] for each in asked])
    people = {each.person_id for each in places.values()}
    held, waiting = held_since(look, people), still_waiting(look, people)
    for each in asked:
        said, place = given.get(each.ids[0]), places.get(each.ids[1])
        if said is None or place is None or said.taken_back_at is not None or not is_theirs(place, each):
            continue
        listed = said.said is not Said.NOT_NOW or place.person_id in waiting
        if place.state is EnrolmentState.DECLINED and listed and not has_since(held, place.person_id, each):
            yield each
