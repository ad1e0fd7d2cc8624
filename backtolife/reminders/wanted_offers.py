"""Which messages about offers should still go."""

from collections.abc import Iterator, Sequence

from sqlmodel import col, select

from backtolife.programme.changes.first_session import FirstSessions
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.cohorts.rules import HOLDS_A_PLACE, EnrolmentState
from backtolife.programme.places.models import PlaceOffer
from backtolife.reminders.looking import Asked, Look, is_theirs


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
    holding = select(Enrolment.person_id, Enrolment.enrolled_at).where(
        col(Enrolment.person_id).in_({each.person_id for each in places.values()}),
        col(Enrolment.state).in_(HOLDS_A_PLACE),
    )
    held = look.db.exec(holding).all()
    for each in asked:
        place = places.get(each.ids[0])
        if place is None or not is_theirs(place, each):
            continue
        if not any(whose == place.person_id and since >= each.message.true_at for whose, since in held):
            yield each
