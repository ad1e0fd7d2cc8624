"""What happened to places and dates in the demo: somebody left, a session moved, places were offered, people wait."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from sqlmodel import select

from backtolife.clock import in_zone
from backtolife.config import Settings
from backtolife.database.session import Db
from backtolife.demo.between_sessions import draft_programme, practise, sign_translations
from backtolife.demo.cast import COMING
from backtolife.demo.facilitator_course import do_the_course
from backtolife.demo.history import LEFT_AFTER_SESSION
from backtolife.mail.channels import Channel
from backtolife.outcomes.asking.schedule import would_close
from backtolife.outcomes.safety import on_call
from backtolife.people.contact.choosing import choose, contact_of
from backtolife.people.models import Person
from backtolife.people.needs.kinds import Needs
from backtolife.people.needs.telling import tell_needs
from backtolife.people.roles import acting_as
from backtolife.programme.agreed.rules import Wording
from backtolife.programme.agreed.services import set_plan
from backtolife.programme.calendars.invitations import Sender
from backtolife.programme.changes.models import ChangeKind
from backtolife.programme.changes.moving import change_dates, propose
from backtolife.programme.changes.news import tell_people
from backtolife.programme.changes.wishes import Wish
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.cohorts.surroundings import Surroundings
from backtolife.programme.companions.booked import companions_in
from backtolife.programme.companions.letters import tell_booked
from backtolife.programme.goals.services import set_goal
from backtolife.programme.patients import notes
from backtolife.programme.patients.calling import calls
from backtolife.programme.places import offer_news
from backtolife.programme.places.leaving import withdraw
from backtolife.programme.places.mistakes import take_back_offer
from backtolife.programme.places.offers import answer, offer
from backtolife.programme.places.queue.waiting import after_not_now, wait
from backtolife.programme.places.rules import DecidedBy, Leaving, Reason, Said, Way, Wishes, usual_answer_by
from backtolife.sessions.guests import courses
from backtolife.sessions.guests.booked_again import book_again
from backtolife.sessions.guests.moved import tell_guests
from backtolife.sessions.guests.reach import Reach
from backtolife.sessions.joining import running_late
from backtolife.sessions.records.came import came_to
from backtolife.sessions.room.services import addresses_of, held_in, waiting_in

NEEDS = {
    "agnes": Needs(("interpreter", "no_floor"), "pl"),
    "mei": Needs(("hearing",)),
    "hana": Needs(),
}
"""What helps whom; who is not here has not been asked."""
MOVED = 7
"""Which session of the older group meets an hour later than it used to."""
CANCELLED = 6
"""Which session of the older group does not take place."""
HOUR_LATER = timedelta(hours=1)
OFFERED_BEFORE = timedelta(days=2)
BY_TELEPHONE = "aled"
"""Who reads no mail: everything we would write, somebody says on the telephone."""
TAKEN_BACK = "nina"
"""Whose offer was a mistake, and was taken back before they answered."""
ANSWERS = {"ivy": Said.YES, "ben": Said.NO, "noor": Said.NOT_NOW}
"""What was answered to the offers; who is not here has not answered yet."""
WAIT_FOR = {
    "rosa": (timedelta(weeks=5), Wishes(times=("evening",), way=Way.REMOTE)),
    "ted": (timedelta(weeks=2), Wishes()),
}
"""For how long somebody has waited, and what would suit them."""


GOALS = {
    "mei": "Walk round the lake with my sister",
    "pete": "Dig over the allotment, a bed at a time",
    "olu": "Sit through my daughter’s concert",
    "ruth": "Swim on Saturdays again",
}
"""What some of the older group said in session 1 that they want to do more of."""


def live(
    db: Db, *, older: Cohort, planned: Cohort, people: Mapping[str, Person], settings: Settings, now: datetime
) -> None:
    """Let it have happened by `now`: in the `older` group, and around the `planned` one, which has no patients yet."""
    agree_goals(db, older, people, now)
    leave(db, older, people, now)
    know_people(db, older, people, settings, now)
    change_sessions(db, older, people["grace"], settings, now)
    offer_places(db, planned, people, settings, now - OFFERED_BEFORE)
    practise(db, older, people, now)
    draft_programme(db, people, now)
    sign_translations(db, people, now)
    do_the_course(db, people, now)
    for key, (ago, wishes) in WAIT_FOR.items():
        wait(db, person=people[key], wishes=wishes, actor=acting_as(db, people["grace"]), now=now, since=now - ago)


def agree_goals(db: Db, cohort: Cohort, people: Mapping[str, Person], now: datetime) -> None:
    at = min(dates_of(db, cohort.id)[0].ends_at, now)
    for key, words in GOALS.items():
        place = place_of(db, people[key], cohort)
        set_goal(db, enrolment=place, words=words, actor=acting_as(db, people["grace"]), now=at)
        plan = Wording("Walk to the corner and back", "10 minutes", "after breakfast", sure=8)
        set_plan(db, enrolment=place, session_number=1, plan=plan, seen=0, actor=acting_as(db, people["grace"]), now=at)


def leave(db: Db, cohort: Cohort, people: Mapping[str, Person], now: datetime) -> None:
    at = min(dates_of(db, cohort.id)[LEFT_AFTER_SESSION - 1].ends_at + timedelta(days=1), now)
    leaving = Leaving(DecidedBy.PATIENT, Reason.TECHNOLOGY, "The picture froze each time.", agreed_later=True)
    place = place_of(db, people["fred"], cohort)
    withdraw(db, enrolment=place, leaving=leaving, actor=acting_as(db, people["grace"]), now=at)


def know_people(db: Db, cohort: Cohort, people: Mapping[str, Person], settings: Settings, now: datetime) -> None:
    """What helps some of them take part, who comes with them, and what was written and said about them."""
    lead = acting_as(db, people["grace"])
    for key, needs in NEEDS.items():
        tell_needs(db, person=people[key], needs=needs, actor=lead, now=now)
    place, to = place_of(db, people["agnes"], cohort), Reach("marek@example.org")
    marek = courses.book(db, enrolment=place, name="Marek", reach=to, actor=lead, now=now - HOUR_LATER)
    link, sender = f"{settings.public_url}/guest/{marek.token}", Sender(settings.public_url, settings.mail_from)
    tell_booked(db, person=marek.person, place=place, link=link, sender=sender, now=now - HOUR_LATER)
    place = place_of(db, people["pete"], cohort)
    notes.write(db, whose=place, text="His shifts changed in November.", actor=lead, now=now - HOUR_LATER)
    calls.record_call(db, whose=place, outcome="left_word", words="With his wife", actor=lead, now=now - HOUR_LATER)


def place_of(db: Db, person: Person, cohort: Cohort) -> Enrolment:
    wanted = select(Enrolment).where(Enrolment.cohort_id == cohort.id, Enrolment.person_id == person.id)
    return db.exec(wanted).one()


def change_sessions(db: Db, cohort: Cohort, by: Person, settings: Settings, now: datetime) -> None:
    """One is cancelled, and one meets an hour later, as somebody of staff would do it: asked first, then agreed to."""
    around = Surroundings(
        days_off=on_call.days_off,
        away=on_call.away_among,
        held=held_in,
        addresses=partial(addresses_of, settings=settings),
        came=came_to,
        waiting=waiting_in,
        closing=would_close,
        moved=running_late.ask_anew,
        offered=offer_news.who_is_asked,
        tell_offered=offer_news.tell_offered,
        book_again=book_again,
        tell_guests=tell_guests,
    )
    later = in_zone(dates_of(db, cohort.id)[MOVED - 1].starts_at + HOUR_LATER, cohort.zone)
    actor, moved = acting_as(db, by), Wish(ChangeKind.MOVED, MOVED, to=later.date(), at=later.time())
    for wish in (Wish(ChangeKind.LEFT_OUT, CANCELLED), moved):
        agreed = propose(db, cohort=cohort, wish=wish, actor=actor, around=around, now=now).agreed
        change = change_dates(db, cohort=cohort, wish=wish, agreed=agreed, actor=actor, around=around, now=now)
        if change is not None:  # the others are not written to: the demo is about today
            beside, sender = companions_in(db, cohort.id), Sender(settings.public_url, settings.mail_from)
            tell_people(db, beside, cohort=cohort, change=change, around=around, sender=sender, now=now)


def offer_places(db: Db, cohort: Cohort, people: Mapping[str, Person], settings: Settings, at: datetime) -> None:
    actor = acting_as(db, people["grace"])
    reader = people[BY_TELEPHONE]
    choose(db, person=reader, wanted=replace(contact_of(reader), channel=Channel.TELEPHONE), actor=actor, now=at)
    until = usual_answer_by(in_zone(at, cohort.zone).date(), cohort.first_day)
    for key in (member.key for member in COMING):
        site = settings.public_url
        place = offer(db, patient=people[key], cohort=cohort, answer_by=until, site=site, actor=actor, now=at)
        if key == TAKEN_BACK:
            take_back_offer(db, enrolment=place, actor=actor, now=at + HOUR_LATER)
        said = ANSWERS.get(key)
        if said is None:
            continue
        answer(
            db, enrolment=place, said=said, actor=acting_as(db, people[key]), by_telephone=False, now=at + HOUR_LATER
        )
        if said is Said.NOT_NOW:
            after_not_now(db, enrolment=place, actor=acting_as(db, people[key]), now=at + HOUR_LATER)
