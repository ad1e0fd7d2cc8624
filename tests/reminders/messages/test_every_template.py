"""Every message of the programme is sent when what it is about happens, and once. One that nothing sends fails here."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask
from sqlmodel import Session, select

from backtolife.config import Settings
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.outcomes.asking.schedule import asks_of
from backtolife.people.models import LinkPurpose, Person, Role, Service
from backtolife.people.signing_in import signin
from backtolife.people.signing_in.messages import queue_link
from backtolife.programme.calendars.goodbye import tell_back, tell_left
from backtolife.programme.changes.models import ChangeKind
from backtolife.programme.changes.wishes import Wish
from backtolife.programme.cohorts import telling
from backtolife.programme.cohorts.enrolment import change_state, enrolled_in
from backtolife.programme.cohorts.models import Enrolment, StaffPlace
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.cohorts.services import dates_of, staff_of
from backtolife.programme.consent.rules import ConsentKind
from backtolife.programme.discharge.services import discharge
from backtolife.programme.places.leaving import reinstate, withdraw
from backtolife.programme.places.letters.waiting import tell_off_list, tell_on_list
from backtolife.programme.places.mistakes import take_back_offer
from backtolife.programme.places.offers import answer, offer
from backtolife.programme.places.queue.stopping import stop_waiting
from backtolife.programme.places.queue.waiting import find_waiting, wait
from backtolife.programme.places.rules import DecidedBy, Leaving, Reason, Said, Wishes
from backtolife.programme.places.transfer import transfer
from backtolife.programme.plan.loading import shipped
from backtolife.programme.plan.message_text import message
from backtolife.programme.staffing.news import tell_staff
from backtolife.reminders.services import remind_cohort
from backtolife.sessions.records.corrections import correct
from backtolife.sessions.room.services import for_date
from tests.programme.changes.desk import SENDER, Desk, desk_of
from tests.programme.companions.telling import companions_are_told
from tests.support.factories import FIRST_DAY, Factory

NOBODY_SENDS_YET = {"discharge-summary": "there are no discharge letters"}
SITE = "http://localhost"


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The templates whose words were made for an e-mail."""
    seen: set[str] = set()

    def note(programme: object, template: str, channel: str, values: dict[str, str]) -> object:
        if channel == "email":
            seen.add(template)
        return message(shipped(), template, channel, values)

    monkeypatch.setattr(telling, "message", note)
    return seen


@pytest.fixture
def desk(make: Factory, db: Session, settings: Settings, now: datetime) -> Desk:
    return desk_of(make, db, settings, now)


def places(desk: Desk) -> list[tuple[Enrolment, Person]]:
    return enrolled_in(desk.db, desk.cohort.id)


def moments(desk: Desk) -> list[datetime]:
    """When the scheduler has something to do: around the first session, and at noon as questions open and are late."""
    first = dates_of(desk.db, desk.cohort.id)[0]
    week = [desk.now + timedelta(days=day) for day in range(8)]
    near = [
        first.starts_at - timedelta(hours=20),
        first.starts_at - timedelta(minutes=50),
        first.ends_at + timedelta(hours=2),
    ]
    asks = [ask for ask in asks_of(desk.db, desk.cohort, windows_only=True) if not ask.after_session]
    opened = [noon(ask.opens_at) for ask in asks]
    late = [noon(ask.due_at) + timedelta(days=2) for ask in asks]
    return sorted([*week, *near, *opened, *late])


def noon(moment: datetime) -> datetime:
    return moment.replace(hour=12, minute=0) + timedelta(days=1)


def offer_is_taken_back(desk: Desk, make: Factory) -> None:
    """The invitation has gone, and the first session moves; then that it was a mistake is said once."""
    service = desk.db.get_one(Service, desk.cohort.service_id)
    admin, asked = make.actor(make.person(service, Role.ADMINISTRATOR)), make.person(service, name="Fay")
    place = offer(
        desk.db, patient=asked, cohort=desk.cohort, answer_by=date(2026, 3, 9), site=SITE, actor=admin, now=desk.now
    )
    invited = select(OutgoingMessage).where(OutgoingMessage.key == f"invitation:{place.id}")
    desk.db.exec(invited).one().state = MessageState.SENT
    desk.change(Wish(ChangeKind.MOVED, 1, date(2026, 3, 11), time(10)), desk.now + timedelta(minutes=1))
    take_back_offer(desk.db, enrolment=place, actor=admin, now=desk.now)


def one_came(desk: Desk, make: Factory) -> None:
    """To the first session came one of its two."""
    first = dates_of(desk.db, desk.cohort.id)[0]
    group_session = for_date(desk.db, first)
    group_session.started_at = first.starts_at
    lead = make.actor(staff_of(desk.db, desk.cohort.id)[0][1])
    correct(
        desk.db,
        group_session=group_session,
        person_id=places(desk)[0][1].id,
        minutes=80,
        reason="The room did not count.",
        actor=lead,
        now=first.ends_at,
    )


def reminders(desk: Desk, settings: Settings, make: Factory) -> None:
    service = desk.db.get_one(Service, desk.cohort.service_id)
    admin = make.actor(make.person(service, Role.ADMINISTRATOR))
    asked = make.person(service, name="Cara")
    offer(desk.db, patient=asked, cohort=desk.cohort, answer_by=date(2026, 3, 9), site=SITE, actor=admin, now=desk.now)
    one_came(desk, make)
    for at in moments(desk):
        for _ in range(2):
            remind_cohort(desk.db, cohort_id=desk.cohort.id, settings=settings, now=at)


def dates_move(desk: Desk) -> None:
    first = Wish(ChangeKind.MOVED, 2, date(2026, 3, 18), time(10))
    wishes = (
        first,
        Wish(ChangeKind.MOVED_ALL, 3, date(2026, 3, 25), time(11)),
        Wish(ChangeKind.LEFT_OUT, 4),
        Wish(ChangeKind.BROUGHT_BACK, 4),
    )
    for minute, wish in enumerate(wishes, start=2):
        desk.change(wish, desk.now + timedelta(minutes=minute))


def people_move(desk: Desk, make: Factory) -> None:
    service = desk.db.get_one(Service, desk.cohort.service_id)
    lead = make.actor(make.person(service, Role.CLINICAL_LEAD))
    (moves, _), (leaves, ben) = places(desk)[:2]
    other = make.cohort(service, "Later", first_day=FIRST_DAY + timedelta(days=1), wall_time=time(14))
    transfer(desk.db, enrolment=moves, to=other, words="", site=SITE, actor=lead, now=desk.now)
    leaving = Leaving(DecidedBy.PATIENT, Reason.WORK)
    ending = withdraw(desk.db, enrolment=leaves, leaving=leaving, actor=lead, now=desk.now)
    for _ in range(2):
        tell_left(
            desk.db,
            person=ben,
            cohort=desk.cohort,
            ending_id=ending.id,
            was=ending.state_before,
            around=desk.around,
            sender=SENDER,
            now=desk.now,
        )


def place_given_back(desk: Desk, make: Factory) -> None:
    """The goodbye has gone; that they are back is said once."""
    service = desk.db.get_one(Service, desk.cohort.service_id)
    lead, place = make.actor(make.person(service, Role.CLINICAL_LEAD)), make.enrolment(desk.cohort, "Edna")
    leaving = Leaving(DecidedBy.PATIENT, Reason.WORK)
    ending = withdraw(desk.db, enrolment=place, leaving=leaving, actor=lead, now=desk.now)
    edna, around = desk.db.get_one(Person, place.person_id), {"around": desk.around, "sender": SENDER}
    about = {"person": edna, "cohort": desk.cohort, "ending_id": ending.id, "now": desk.now, **around}
    tell_left(desk.db, was=ending.state_before, **about)  # type: ignore[arg-type]
    key = f"place-ended:{ending.id}"
    desk.db.exec(select(OutgoingMessage).where(OutgoingMessage.key == key)).one().state = MessageState.SENT
    reinstate(desk.db, enrolment=place, actor=lead, now=desk.now)
    # Once: what still waits of it is made anew, and never twice.
    tell_back(desk.db, **about)  # type: ignore[arg-type]


def somebody_waits(desk: Desk, make: Factory) -> None:
    """They are put on the list, and taken off it once the letter has gone."""
    service = desk.db.get_one(Service, desk.cohort.service_id)
    admin, finn = make.actor(make.person(service, Role.ADMINISTRATOR)), make.person(service, name="Finn")
    row = wait(desk.db, person=finn, wishes=Wishes(), actor=admin, now=desk.now)
    assert tell_on_list(desk.db, row=row, now=desk.now)
    letter = select(OutgoingMessage).where(OutgoingMessage.person_id == finn.id)
    desk.db.exec(letter).one().state = MessageState.SENT
    found = find_waiting(desk.db, actor=admin, waiting_id=row.id)
    stop_waiting(desk.db, waits=found, because="elsewhere", actor=admin, now=desk.now)
    for _ in range(2):
        tell_off_list(desk.db, row=row, now=desk.now)


def offers_are_not_taken(desk: Desk, make: Factory) -> None:
    """One says no, one not now, one cannot be reached; and one who waits cannot be reached either."""
    service = desk.db.get_one(Service, desk.cohort.service_id)
    admin = make.actor(make.person(service, Role.ADMINISTRATOR))
    for said in (Said.NO, Said.NOT_NOW, Said.NOTHING):
        place = offer(
            desk.db,
            patient=make.person(service),
            cohort=desk.cohort,
            answer_by=date(2026, 3, 9),
            site=SITE,
            actor=admin,
            now=desk.now,
        )
        for _ in range(2):
            answer(desk.db, enrolment=place, said=said, actor=admin, by_telephone=True, now=desk.now)
    row = wait(desk.db, person=make.person(service), wishes=Wishes(), actor=admin, now=desk.now)
    found = find_waiting(desk.db, actor=admin, waiting_id=row.id)
    stop_waiting(desk.db, waits=found, because="no_contact", actor=admin, now=desk.now)
    for _ in range(2):
        tell_off_list(desk.db, row=row, now=desk.now)


def staff_change(desk: Desk, make: Factory) -> None:
    service = desk.db.get_one(Service, desk.cohort.service_id)
    for relieved in (False, True):
        tell_staff(
            desk.db,
            cohort=desk.cohort,
            person=make.person(service, Role.FACILITATOR),
            place=StaffPlace.LEAD,
            dates=dates_of(desk.db, desk.cohort.id),
            around=desk.around,
            sender=SENDER,
            now=desk.now,
            relieved=relieved,
        )


def programme_ends(desk: Desk, make: Factory) -> None:
    """After the last session the group is discharged, twice by mistake."""
    service = desk.db.get_one(Service, desk.cohort.service_id)
    lead = make.actor(make.person(service, Role.CLINICAL_LEAD))
    over = dates_of(desk.db, desk.cohort.id)[-1].ends_at + timedelta(hours=1)
    stays, _ = places(desk)[0]
    change_state(desk.db, enrolment=stays, to=EnrolmentState.STARTED, actor=lead, now=desk.now)
    for _ in range(2):
        discharge(
            desk.db, cohort=desk.cohort, places=[stays], came={stays.person_id: 1}, site=SITE, actor=lead, now=over
        )


def words_change_after_leaving(desk: Desk, make: Factory, settings: Settings) -> None:
    """Somebody left and said that we may ask them; then new words ask that again, and questions open."""
    place = make.withdrawn(make.enrolment(desk.cohort, "Dora"), agreed_later=True)
    make.asks(desk.db.get_one(Service, place.service_id), ConsentKind.LATER)
    asks = [ask for ask in asks_of(desk.db, desk.cohort, windows_only=True) if ask.later]
    for _ in range(2):
        remind_cohort(desk.db, cohort_id=desk.cohort.id, settings=settings, now=noon(asks[0].opens_at))


def somebody_signs_in(desk: Desk) -> None:
    _, person = places(desk)[0]
    issued = signin.issue_link(desk.db, person=person, purpose=LinkPurpose.SIGN_IN, now=desk.now)
    queue_link(desk.db, person=person, issued=issued, address=f"{SITE}/link/x", now=desk.now)


def test_every_template_is_sent_when_what_it_is_about_happens(
    app: Flask, desk: Desk, make: Factory, settings: Settings, sent: set[str]
) -> None:
    happens: tuple[Callable[[], None], ...] = (
        lambda: somebody_signs_in(desk),
        lambda: staff_change(desk, make),
        lambda: offer_is_taken_back(desk, make),
        lambda: dates_move(desk),
        lambda: reminders(desk, settings, make),
        lambda: programme_ends(desk, make),
        lambda: people_move(desk, make),
        lambda: place_given_back(desk, make),
        lambda: somebody_waits(desk, make),
        lambda: offers_are_not_taken(desk, make),
        lambda: companions_are_told(desk, make),
        lambda: words_change_after_leaving(desk, make, settings),
    )
    with app.app_context():
        for each in happens:
            each()
    assert set(shipped().messages) - sent == set(NOBODY_SENDS_YET)
    told = desk.db.exec(select(OutgoingMessage)).all()
    causes = [(each.person_id, each.key.split(":")[0], each.subject, each.queued_at) for each in told]
    assert len(set(causes)) == len(causes)
