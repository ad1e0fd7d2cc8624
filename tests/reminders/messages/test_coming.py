"""What goes out next follows the dates as they stand, and is seen by whose group it is."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, select

from backtolife.config import Settings
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import OutgoingMessage
from backtolife.outcomes.asking.schedule import asks_of
from backtolife.people.access import Actor
from backtolife.people.models import Person, Role, Service
from backtolife.programme.cohorts.models import Cohort
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.places.offers import offer
from backtolife.programme.plan.titles import titled
from backtolife.reminders.messages.coming import NOT_THERE, OWN_QUIET, Coming, coming_messages
from backtolife.reminders.rules import after_quiet
from backtolife.reminders.services import remind_cohort
from backtolife.sessions.joining.running_late import say_coming
from backtolife.sessions.room.models import GroupSession
from backtolife.sessions.room.services import for_date
from tests.programme.discharge.group_at_its_end import ended
from tests.support.factories import Factory
from tests.support.reporting.attending import attend

LONDON = "Europe/London"
SITE = "http://localhost"


@pytest.fixture
def coming(db: Session, settings: Settings) -> Callable[[Actor, datetime], list[Coming]]:
    """What somebody sees of what goes out next."""

    def look(actor: Actor, now: datetime) -> list[Coming]:
        return coming_messages(db, actor=actor, settings=settings, now=now).rows

    return look


See = Callable[[Actor, datetime], list[Coming]]


def test_the_reminders_of_a_week_are_listed_with_who_gets_them(
    db: Session, make: Factory, now: datetime, coming: See
) -> None:
    cohort = make.cohort(make.service())
    make.enrolment(cohort, "Linda")
    lead = make.actor(make.facilitator(cohort))
    make.noise()
    found = coming(lead, now)
    seen = {(each.title, f"{each.at.astimezone(ZoneInfo(LONDON)):%d %b %H:%M}") for each in found}
    assert ("Reminder, 24 hours before", "09 Mar 10:00") in seen
    assert ("Reminder, 1 hour before", "10 Mar 09:00") in seen
    assert [each.at for each in found] == sorted(each.at for each in found)
    assert {name for each in found for name in each.people} == {"Linda Example"}
    assert db.exec(select(GroupSession)).all() == [], "to look ahead makes no room"


def test_a_session_that_moves_takes_its_reminders_with_it_and_one_left_out_has_none(
    db: Session, make: Factory, now: datetime, coming: See
) -> None:
    cohort = make.cohort(make.service())
    make.enrolment(cohort)
    lead, first = make.actor(make.facilitator(cohort)), dates_of(db, cohort.id)[0]
    first.starts_at -= timedelta(days=2)
    moved = [each.at for each in coming(lead, now) if each.title.startswith("Reminder, 24")]
    assert moved == [first.starts_at - timedelta(hours=24)]
    first.left_out_at = now
    assert [each for each in coming(lead, now) if each.title.startswith("Reminder")] == []


def test_another_group_is_seen_by_who_sees_the_service_and_by_no_facilitator_of_another(
    db: Session, make: Factory, now: datetime, coming: See
) -> None:
    cohort = make.cohort(make.service())
    make.enrolment(cohort)
    service = db.get_one(Service, cohort.service_id)
    other, admin = make.person(service, Role.FACILITATOR), make.person(service, Role.ADMINISTRATOR)
    assert coming(make.actor(other), now) == []
    assert coming(make.actor(admin), now) != []


@pytest.mark.parametrize(
    ("at", "then"),
    [
        ("2026-03-03T12:00", "2026-03-03T12:00"),
        ("2026-03-03T21:00", "2026-03-04T08:00"),
        ("2026-03-03T03:00", "2026-03-03T08:00"),
        ("2026-10-24T22:00", "2026-10-25T08:00"),
        ("2026-03-28T22:00", "2026-03-29T07:00"),
    ],
)
def test_what_falls_into_the_night_goes_at_eight_on_the_wall(at: str, then: str) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert after_quiet(moment, LONDON).astimezone(UTC).isoformat()[:16] == then


def test_who_said_that_they_cannot_come_is_reminded_of_that_session_no_more(
    db: Session, make: Factory, now: datetime, coming: See
) -> None:
    cohort = make.cohort(make.service())
    linda = db.get_one(Person, make.enrolment(cohort, "Linda").person_id)
    make.enrolment(cohort, "Joseph")
    lead = make.actor(make.facilitator(cohort))
    held = for_date(db, dates_of(db, cohort.id)[0])
    say_coming(db, group_session=held, person=linda, coming=False, now=now)
    found = [each for each in coming(lead, now) if each.title.startswith("Reminder")]
    assert [each.people for each in found] == [["Joseph Example"]] * 2


def test_each_name_says_how_it_goes_and_whether_somebody_looks_first(
    db: Session, make: Factory, now: datetime, coming: See
) -> None:
    cohort = make.cohort(make.service())
    people = [db.get_one(Person, make.enrolment(cohort, name).person_id) for name in ("Ann", "Ben", "Cara", "Dev")]
    people[1].channel, people[1].phone = Channel.SMS, "07700 900123"
    people[2].channel = Channel.TELEPHONE
    people[3].others_read = True
    first, *_ = coming(make.actor(make.facilitator(cohort)), now)
    assert first.ways == [
        "Ann Example (e-mail)",
        "Ben Example (text)",
        "Cara Example (a call)",
        "Dev Example (e-mail, waits until somebody has looked)",
    ]


def seen(found: list[Coming], title: str) -> list[tuple[str, list[str], str]]:
    """When, to whom and with which note the messages of this title go, by the wall's clock."""
    those = [each for each in found if each.title == title]
    return [(f"{each.at.astimezone(ZoneInfo(LONDON)):%d %b %H:%M}", each.people, each.note) for each in those]


def lead_of(db: Session, make: Factory, cohort: Cohort) -> Actor:
    return make.actor(make.person(db.get_one(Service, cohort.service_id), Role.CLINICAL_LEAD))


def test_what_is_listed_is_what_the_scheduler_then_sends(
    db: Session, make: Factory, settings: Settings, coming: See, now: datetime
) -> None:
    cohort = make.cohort(make.service(), wall_time=time(8, 30))
    lead = lead_of(db, make, cohort)
    make.enrolment(cohort, "Linda")
    asked = make.person(db.get_one(Service, cohort.service_id), name="Cara")
    offer(db, patient=asked, cohort=cohort, answer_by=date(2026, 3, 9), site=SITE, actor=lead, now=now)
    first = dates_of(db, cohort.id)[0]
    start = first.starts_at - timedelta(days=6, hours=2)
    listed = {
        (each.title, each.at, name)
        for each in coming(lead, start)
        if NOT_THERE not in each.note
        for name in each.people
    }
    moments = {at for _, at, _ in listed}
    looks = {start + timedelta(hours=6 * each) for each in range(28)} | {at - timedelta(minutes=1) for at in moments}
    for at in sorted(moments | looks):
        remind_cohort(db, cohort_id=cohort.id, settings=settings, now=at)
    went = db.exec(select(OutgoingMessage).where(OutgoingMessage.queued_at >= start)).all()
    names = {each.id: each.full_name for each in db.exec(select(Person))}
    sent = {(titled(each.key, each.subject), each.queued_at, names[each.person_id or ""]) for each in went}
    assert sent == listed
    hour_before = next(when for title, when, _ in listed if title == "Reminder, 1 hour before")
    assert hour_before == first.starts_at - timedelta(hours=1), "late is worse than loud: it goes in quiet hours"


def test_who_left_and_agreed_and_who_completed_are_asked_later_and_nobody_else_who_left(
    db: Session, make: Factory, coming: See
) -> None:
    cohort = make.cohort(make.service())
    done, agreed, for_good = (make.enrolment(cohort, name) for name in ("Ann", "Ben", "Cara"))
    done.state = EnrolmentState.COMPLETED
    make.withdrawn(agreed, agreed_later=True)
    make.withdrawn(for_good)
    later = next(ask for ask in asks_of(db, cohort, windows_only=True) if ask.later)
    cohort.archived_at = later.opens_at - timedelta(days=30)
    found = seen(coming(lead_of(db, make, cohort), later.opens_at - timedelta(days=2)), "Follow-up")
    [(at, people, note)] = found
    assert (people, at[-5:]) == (["Ann Example", "Ben Example"], "08:00")
    assert "Quiet hours put it off until then: it was due at 12am" in note


def test_who_does_not_answer_an_offer_is_reminded_and_that_is_listed(
    db: Session, make: Factory, coming: See, now: datetime
) -> None:
    cohort = make.cohort(make.service())
    lead, asked = lead_of(db, make, cohort), make.person(db.get_one(Service, cohort.service_id), name="Cara")
    offer(db, patient=asked, cohort=cohort, answer_by=date(2026, 3, 9), site=SITE, actor=lead, now=now)
    assert [people for _, people, _ in seen(coming(lead, now), "Invitation to join, reminder")] == [["Cara Example"]]
    assert seen(coming(lead, now), "Invitation to join") == [], "that is in line already"


def test_who_may_miss_a_session_and_who_did_are_listed(db: Session, make: Factory, coming: See) -> None:
    cohort = make.cohort(make.service())
    came, _ = make.enrolment(cohort, "Ann"), make.enrolment(cohort, "Ben")
    lead, first = lead_of(db, make, cohort), dates_of(db, cohort.id)[0]
    [(at, people, note)] = seen(coming(lead, first.starts_at - timedelta(days=1)), "Sorry we missed you")
    assert (people, note) == (["Ann Example", "Ben Example"], "Session 1. Whoever does not come.")
    attend(db, cohort, 1, [came], first.starts_at)
    assert seen(coming(lead, first.over_at + timedelta(minutes=1)), "Sorry we missed you") == [
        (at, ["Ben Example"], "Session 1.")
    ]
    [(_, _, note)] = seen(coming(lead, first.over_at + timedelta(days=1)), "Sorry we missed you")
    assert note == "Session 2. Whoever does not come."


def test_the_thanks_at_the_end_are_listed_with_when_the_rule_sends_them(
    db: Session, make: Factory, coming: See
) -> None:
    group = ended(db, make)
    [(_, people, note)] = seen(coming(group.lead, group.now + timedelta(days=5)), "The end of the group")
    assert people == ["Ann Example", "Ben Example"]
    assert note == "Whoever took part, unless you discharge them before."
    group.discharge("Ann")
    [(_, people, _)] = seen(coming(group.lead, group.now + timedelta(days=5)), "The end of the group")
    assert people == ["Ben Example"]


def test_the_quiet_hours_of_one_person_put_off_their_text_alone(
    db: Session, make: Factory, coming: See, settings: Settings
) -> None:
    cohort = make.cohort(make.service())
    ann = db.get_one(Person, make.enrolment(cohort, "Ann").person_id)
    ann.channel, ann.phone, ann.text_from = Channel.SMS, "07700 900123", 12
    lead, first = lead_of(db, make, cohort), dates_of(db, cohort.id)[0]
    found = {each.title: each.ways for each in coming(lead, first.starts_at - timedelta(hours=30))}
    assert found["Reminder, 24 hours before"] == ["Ann Example (text, after their quiet hours, Mon 9 Mar at 12pm)"]
    assert found["Reminder, 1 hour before"] == ["Ann Example (text)"]
    night = first.starts_at - timedelta(hours=24)
    remind_cohort(db, cohort_id=cohort.id, settings=settings, now=night)
    waits = [each for each in coming(lead, night) if each.note == OWN_QUIET]
    assert {(each.title, each.at) for each in waits} >= {("Reminder, 24 hours before", night + timedelta(hours=2))}
