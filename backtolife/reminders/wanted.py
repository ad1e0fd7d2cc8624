"""Looked at once more in the moment of sending: what waited may be wanted no longer, or not be true any more."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import OutgoingMessage
from backtolife.outcomes.asking.due import Due, due_of_each
from backtolife.outcomes.asking.readiness import unsigned_of, waits
from backtolife.people.models import Person
from backtolife.programme.changes.models import DatesChange
from backtolife.programme.changes.news import still_to_come
from backtolife.programme.cohorts.models import Cohort, Enrolment, PlaceMove, SessionDate
from backtolife.programme.cohorts.rules import HOLDS_A_PLACE, IN_THE_GROUP, MAY_JOIN, EnrolmentState
from backtolife.programme.cohorts.services import dates_of_each, next_date
from backtolife.programme.cohorts.telling import NOT_RUNG
from backtolife.programme.consent.models import ConsentAnswer
from backtolife.programme.discharge.models import PlaceDischarge
from backtolife.programme.discharge.services import TOLD_WITHIN, last_over
from backtolife.programme.places.letters.answered import LETTERS
from backtolife.programme.places.models import PlaceEnding
from backtolife.programme.places.transfer import arrived_at
from backtolife.reminders.checks.companions import bookings, bookings_over, other_groups
from backtolife.reminders.checks.links import links
from backtolife.reminders.checks.looking import Asked, Check, Look, is_theirs
from backtolife.reminders.checks.offers import answers, offers, offers_taken_back
from backtolife.reminders.checks.staff import places_given_up, places_taken
from backtolife.reminders.checks.waiting import put_on_list, taken_off_list
from backtolife.reminders.missed import missed_until
from backtolife.reminders.rules import SESSION_REMINDERS, newly_enrolled
from backtolife.sessions.guests.services import invited_to_groups
from backtolife.sessions.joining.running_late import not_coming
from backtolife.sessions.records.attendance import attendance_at


def unwanted(
    db: Db, messages: Sequence[OutgoingMessage], now: datetime, *, production: bool = False
) -> list[OutgoingMessage]:
    """Which of these should not go at `now`. What tells of nothing that can change always should."""
    asked: dict[Check, list[Asked]] = {}
    for message in messages:
        template, *ids = message.key.split(":")
        count, check = CHECKS.get(template, (0, None))
        if check is not None and len(ids) == count:
            asked.setdefault(check, []).append(Asked(message, tuple(ids)))
    look = Look(db, now, production)
    gone = calls_in_vain(db, messages)
    for check, those in asked.items():
        wanted = {each.message.id for each in check(look, those)}
        gone += [each.message for each in those if each.message.id not in wanted]
    return gone


def calls_in_vain(db: Db, messages: Sequence[OutgoingMessage]) -> list[OutgoingMessage]:
    """Calls about what nobody is rung about, to people who take no other way: they chose it after it was written."""
    calls = [
        each
        for each in messages
        if each.channel is Channel.TELEPHONE and each.key.partition(":")[0] in NOT_RUNG and each.person_id
    ]
    if not calls:
        return []
    by_telephone = select(Person.id).where(
        col(Person.id).in_({each.person_id for each in calls}), Person.channel == Channel.TELEPHONE
    )
    whose = set(db.exec(by_telephone))
    return [each for each in calls if each.person_id in whose]


def welcomes(look: Look, asked: Sequence[Asked]) -> Iterator[Asked]:
    """Not once they left, have had their place for long, or came to another group since, whose dates are others."""
    places = look.rows(Enrolment, [each.ids[0] for each in asked])
    since = arrived_at(look.db, list(places.values()))
    for each in asked:
        place = places.get(each.ids[0])
        if place is None or not is_theirs(place, each) or place.state not in MAY_JOIN:
            continue
        if newly_enrolled(place.enrolled_at, look.now) and each.message.true_at >= since[place.id]:
            yield each


def questions(look: Look, asked: Sequence[Asked]) -> Iterator[Asked]:
    """Not once they are answered or closed, nor to somebody who left or came to another group since, whose dates are
    others, nor (in `production`) before their words are signed for.
    """
    places = look.rows(Enrolment, [each.ids[1] for each in asked])
    since = arrived_at(look.db, list(places.values()))
    dues: dict[str, list[Due]] = {}
    for cohort in look.rows(Cohort, [each.cohort_id for each in places.values()]).values():
        theirs = [each for each in places.values() if each.cohort_id == cohort.id]
        dues |= due_of_each(look.db, cohort=cohort, enrolments=theirs, now=look.now)
    open_ones: list[tuple[Asked, Due]] = []
    for each in asked:
        due = next((due for due in dues.get(each.ids[1], ()) if due.ask.id == each.ids[0]), None)
        is_open = due is not None and not due.finished and due.state in ("due", "overdue")
        if due is None or not is_open or not is_theirs(places[each.ids[1]], each):
            continue
        if each.message.true_at >= since[each.ids[1]]:
            open_ones.append((each, due))
    for service_id in {each.message.service_id for each, _ in open_ones}:
        here = [(each, due) for each, due in open_ones if each.message.service_id == service_id]
        those = [due for _, due in here]
        not_ready = unsigned_of(look.db, service_id=service_id, dues=those, production=look.production, now=look.now)
        yield from (each for each, due in here if not waits(due, not_ready))


def sessions(look: Look, asked: Sequence[Asked]) -> Iterator[Asked]:
    """Not once it has begun, moved or been left out, nor to somebody who may not join it, is in another group now or
    said that they cannot come.
    """
    dates = look.rows(SessionDate, [each.ids[0] for each in asked])
    places = look.rows(Enrolment, [each.ids[2] for each in asked])
    absent = {key: not_coming(held) for key, held in look.held_on(dates).items()}
    for each in asked:
        date, place = dates.get(each.ids[0]), places.get(each.ids[2])
        if date is None or place is None or place.state not in MAY_JOIN or place.cohort_id != date.cohort_id:
            continue
        as_told = f"{date.starts_at:%Y%m%d%H%M}" == each.ids[1] and date.left_out_at is None
        if (
            as_told
            and is_theirs(place, each)
            and look.now < date.starts_at
            and place.person_id not in absent.get(date.id, ())
        ):
            yield each


def missed_sessions(look: Look, asked: Sequence[Asked]) -> Iterator[Asked]:
    """Not once they left or are in another group, nor once a facilitator wrote down that they were there after all, nor
    when the group meets again; nor to somebody who came to the group after it.
    """
    dates = look.rows(SessionDate, [each.ids[0] for each in asked])
    places = look.rows(Enrolment, [each.ids[1] for each in asked])
    since, held = arrived_at(look.db, list(places.values())), look.held_on(dates)
    came = {
        key: {each.person_id for each in attendance_at(look.db, session, now=look.now)} | not_coming(session)
        for key, session in held.items()
    }
    all_dates = dates_of_each(look.db, {each.cohort_id for each in dates.values()})
    for each in asked:
        date, place = dates.get(each.ids[0]), places.get(each.ids[1])
        if date is None or place is None or place.state not in MAY_JOIN or place.cohort_id != date.cohort_id:
            continue
        of_use = look.now < missed_until(date, all_dates[date.cohort_id]) and is_theirs(place, each)
        if of_use and since[place.id] <= date.starts_at and place.person_id not in came.get(date.id, ()):
            yield each


def changed_dates(look: Look, asked: Sequence[Asked]) -> Iterator[Asked]:
    """Not once the sessions it tells of are over, or all of them have other dates since, nor to a patient who comes to
    that group no more, or whoever is booked beside them.
    """
    changes = look.rows(DatesChange, [each.ids[0] for each in asked])
    people = look.rows(Person, [each.ids[1] for each in asked])
    in_groups = {each.cohort_id for each in changes.values()}
    dates = dates_of_each(look.db, in_groups)
    coming = select(Enrolment.cohort_id, Enrolment.person_id).where(
        col(Enrolment.cohort_id).in_(in_groups), col(Enrolment.state).in_(MAY_JOIN)
    )
    beside = (
        select(Enrolment.cohort_id, Person.id)
        .join(Person, col(Person.beside_place_id) == col(Enrolment.id))
        .where(
            col(Enrolment.cohort_id).in_(in_groups), col(Enrolment.state).in_(MAY_JOIN), col(Person.active).is_(True)
        )
    )
    come = {*look.db.exec(coming), *look.db.exec(beside), *look.db.exec(invited_to_groups(in_groups))}
    for each in asked:
        change, person = changes.get(each.ids[0]), people.get(each.ids[1])
        if change is None or person is None:
            continue
        now_at = {date.number: (date.starts_at, date.left_out_at is not None) for date in dates[change.cohort_id]}
        told = {new.number: (new.starts_at, new.left_out) for _, new in still_to_come(change, look.now)}
        stands = any(now_at.get(number) == said for number, said in told.items())
        if stands and (person.is_staff or (change.cohort_id, person.id) in come):
            yield each


def changed_groups(look: Look, asked: Sequence[Asked]) -> Iterator[Asked]:
    """Not once they left or moved on, nor after the session that it tells of."""
    moves = look.rows(PlaceMove, [each.ids[0] for each in asked])
    places = look.rows(Enrolment, [each.enrolment_id for each in moves.values()])
    since = arrived_at(look.db, list(places.values()))
    dates = dates_of_each(look.db, {each.to_cohort_id for each in moves.values()})
    for each in asked:
        move = moves.get(each.ids[0])
        place = places.get(move.enrolment_id) if move is not None else None
        if move is None or place is None or place.state not in IN_THE_GROUP or not is_theirs(place, each):
            continue
        told = next_date(dates[move.to_cohort_id], move.at)
        there = place.cohort_id == move.to_cohort_id and since[place.id] <= move.at
        if there and told is not None and look.now < told.over_at:
            yield each


def ended_places(look: Look, asked: Sequence[Asked]) -> list[tuple[Asked, PlaceEnding, Enrolment]]:
    """Those about the ending of a place that is there, and theirs."""
    found = look.rows(PlaceEnding, [each.ids[0] for each in asked])
    places = look.rows(Enrolment, [each.enrolment_id for each in found.values()])
    known = [(each, found[each.ids[0]]) for each in asked if each.ids[0] in found]
    rows = [(each, ending, places[ending.enrolment_id]) for each, ending in known if ending.enrolment_id in places]
    return [(each, ending, place) for each, ending, place in rows if is_theirs(place, each)]


def endings(look: Look, asked: Sequence[Asked]) -> Iterator[Asked]:
    """Not once the leaving is taken back, nor to somebody who has a newer place in that group."""
    told = ended_places(look, asked)
    held = select(Enrolment.cohort_id, Enrolment.person_id).where(
        col(Enrolment.cohort_id).in_({place.cohort_id for _, _, place in told}),
        col(Enrolment.state).in_(HOLDS_A_PLACE),
    )
    back = set(look.db.exec(held))
    for each, ending, place in told:
        if ending.taken_back_at is None and (place.cohort_id, place.person_id) not in back:
            yield each


def places_back(look: Look, asked: Sequence[Asked]) -> Iterator[Asked]:
    """Not once they left again or came to another group since, whose dates are others."""
    told = ended_places(look, asked)
    since = arrived_at(look.db, [place for _, _, place in told])
    for each, _, place in told:
        if place.state in IN_THE_GROUP and each.message.true_at >= since[place.id]:
            yield each


def later_words(look: Look, asked: Sequence[Asked]) -> Iterator[Asked]:
    """Not once they have answered, nor to who came back."""
    answers = look.rows(ConsentAnswer, [each.ids[0] for each in asked])
    places = look.rows(Enrolment, [each.ids[1] for each in asked])
    for each in asked:
        said, place = answers.get(each.ids[0]), places.get(each.ids[1])
        if said is None or place is None or said.replaced_at is not None or not is_theirs(place, each):
            continue
        if place.state is EnrolmentState.WITHDRAWN and not place.agreed_later:
            yield each


def programmes_over(look: Look, asked: Sequence[Asked]) -> Iterator[Asked]:
    """Not once the discharge is taken back, nor when the end is so long ago that it would only puzzle."""
    places = look.rows(Enrolment, [each.ids[0] for each in asked])
    made = select(PlaceDischarge.enrolment_id).where(
        col(PlaceDischarge.enrolment_id).in_(places), col(PlaceDischarge.taken_back_at).is_(None)
    )
    discharged, dates = set(look.db.exec(made)), dates_of_each(look.db, {each.cohort_id for each in places.values()})
    for each in asked:
        place = places.get(each.ids[0])
        if place is None or place.id not in discharged or not is_theirs(place, each):
            continue
        last = last_over(dates[place.cohort_id])
        if last is not None and look.now < last + TOLD_WITHIN:
            yield each


CHECKS: dict[str, tuple[int, Check]] = {
    "welcome": (1, welcomes),
    "invitation": (1, offers),
    "invitation-reminder": (1, offers),
    "invitation-moved": (2, offers),
    "offer-taken-back": (1, offers_taken_back),
    **dict.fromkeys(LETTERS.values(), (2, answers)),
    "waiting-list": (2, put_on_list),
    "waiting-ended": (2, taken_off_list),
    "waiting-not-reached": (2, taken_off_list),
    "link": (1, links),
    "staff-place": (4, places_taken),
    "staff-relieved": (4, places_given_up),
    "questionnaire-due": (2, questions),
    "questionnaire-second-reminder": (2, questions),
    **{each.template: (3, sessions) for each in SESSION_REMINDERS},
    "missed-session": (2, missed_sessions),
    "cohort-moved": (2, changed_dates),
    "cohort-dates-moved": (2, changed_dates),
    "session-left-out": (2, changed_dates),
    "session-on-again": (2, changed_dates),
    "staff-dates-changed": (2, changed_dates),
    "companion-moved": (2, changed_dates),
    "companion-dates-moved": (2, changed_dates),
    "companion-left-out": (2, changed_dates),
    "companion-on-again": (2, changed_dates),
    "companion-booked": (2, bookings),
    "companion-back": (2, bookings),
    "companion-ended": (2, bookings_over),
    "companion-group": (2, other_groups),
    "group-changed": (1, changed_groups),
    "place-ended": (1, endings),
    "place-back": (1, places_back),
    "later-words-changed": (2, later_words),
    "programme-over": (1, programmes_over),
}
"""By template: how many ids its key names, and what is looked at."""
