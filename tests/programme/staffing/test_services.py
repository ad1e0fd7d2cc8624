"""Who leads and spots: from now on, on one date, and handed over; nobody twice, nobody in two groups at once."""

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from backtolife.audit import AuditEntry
from backtolife.errors import Conflict, Invalid, NotFound
from backtolife.home.today import coming_sessions
from backtolife.outcomes.safety.rota_models import StaffLeave
from backtolife.people.access import OutOfReach, may
from backtolife.people.models import Person, Role, Service
from backtolife.people.signing_in import signin
from backtolife.programme.cohorts.covering import team_on
from backtolife.programme.cohorts.models import Cohort, SessionDate, StaffPlace
from backtolife.programme.cohorts.services import dates_of, find_cohort, staff_cohort
from backtolife.programme.staffing import services
from backtolife.sessions.realtime import unwelcome
from backtolife.sessions.room import services as rooms
from backtolife.sessions.room.seats import Ready, take_seat
from backtolife.sessions.state.rules import Camera
from tests.programme.changes.desk import Desk
from tests.support.factories import Factory

LEAD, SPOTTER = StaffPlace.LEAD, StaffPlace.SPOTTER


def colleague(make: Factory, desk: Desk, name: str = "Max") -> Person:
    return make.person(desk.db.get_one(Service, desk.cohort.service_id), Role.FACILITATOR, name)


def named(desk: Desk, name: str) -> Person:
    return desk.db.exec(select(Person).where(Person.shown_name == name)).one()


def change(desk: Desk, place: StaffPlace, person: Person | None, now: datetime | None = None) -> bool:
    return services.change_staff(
        desk.db, cohort=desk.cohort, place=place, person=person, actor=desk.lead, now=now or desk.now
    )


def second(desk: Desk) -> SessionDate:
    return dates_of(desk.db, desk.cohort.id)[1]


def cover(desk: Desk, person: Person | None, place: StaffPlace = LEAD, now: datetime | None = None) -> bool:
    return services.cover(
        desk.db,
        cohort=desk.cohort,
        date=second(desk),
        place=place,
        person=person,
        actor=desk.lead,
        now=now or desk.now,
    )


def team(desk: Desk, number: int) -> dict[StaffPlace, str]:
    found = team_on(desk.db, dates_of(desk.db, desk.cohort.id)[number - 1])
    return {place: person.shown_name for place, person in found.items()}


def test_somebody_else_leads_from_now_on_and_who_led_has_no_way_in(make: Factory, desk: Desk) -> None:
    max_, jo = colleague(make, desk), named(desk, "Jo")
    assert change(desk, LEAD, max_)
    assert team(desk, 1) == team(desk, 9) == {LEAD: "Max", SPOTTER: "Sam"}
    assert find_cohort(desk.db, actor=make.actor(max_), cohort_id=desk.cohort.id)
    with pytest.raises(NotFound):
        find_cohort(desk.db, actor=make.actor(jo), cohort_id=desk.cohort.id)
    assert not change(desk, LEAD, max_)
    here = AuditEntry.service_id == desk.cohort.service_id, AuditEntry.action == "cohort_staffed"
    entries = desk.db.exec(select(AuditEntry).where(*here).order_by(col(AuditEntry.number))).all()
    assert entries[-1].detail == {"place": "lead", "person": max_.id}


def test_one_person_does_not_lead_and_spot(desk: Desk) -> None:
    with pytest.raises(Conflict, match="Sam Example spots this group already"):
        change(desk, LEAD, named(desk, "Sam"))
    with pytest.raises(Conflict, match="Sam Example spots this session"):
        cover(desk, named(desk, "Sam"))


@pytest.mark.parametrize("single", [True, False])
def test_who_has_another_group_at_that_time_is_refused_with_its_name(make: Factory, desk: Desk, single: bool) -> None:
    other = make.cohort(make.db.get_one(Service, desk.cohort.service_id), "Busy", first_day=date(2026, 3, 17))
    max_ = colleague(make, desk)
    staff_cohort(desk.db, actor=desk.lead, cohort=other, person=max_, place=LEAD, now=desk.now)
    with pytest.raises(Conflict, match="Max Example is in “Busy” at that time"):
        cover(desk, max_) if single else change(desk, LEAD, max_)


def test_a_patient_or_somebody_who_cannot_sign_in_does_not_lead(make: Factory, desk: Desk) -> None:
    service = desk.db.get_one(Service, desk.cohort.service_id)
    with pytest.raises(Invalid, match="Only a facilitator"):
        change(desk, LEAD, named(desk, "Ann"))
    with pytest.raises(Invalid, match="cannot sign in yet"):
        cover(desk, make.invited(service, Role.FACILITATOR, "New"))


def test_who_stands_in_opens_that_sessions_room_and_nothing_else(make: Factory, desk: Desk) -> None:
    max_ = colleague(make, desk)
    cover(desk, max_)
    assert team(desk, 2) == {LEAD: "Max", SPOTTER: "Sam"}
    assert team(desk, 3) == {LEAD: "Jo", SPOTTER: "Sam"}
    actor, held = make.actor(max_), rooms.schedule(desk.db, cohort=desk.cohort)
    for action in ("session.join", "session.room", "session.lead", "session.chat"):
        assert rooms.find(desk.db, actor=actor, group_session_id=held[1].id, action=action)
        with pytest.raises(OutOfReach):
            rooms.find(desk.db, actor=actor, group_session_id=held[2].id, action=action)
    for action in ("cohort.read", "cohort.change", "cohort.enrol", "board.read", "patient.read"):
        assert not may(actor, action, desk.cohort)
    [coming] = coming_sessions(desk.db, actor=actor, now=desk.now)
    assert (coming.date.number, coming.stands_in) == (2, True)
    cover(desk, None)
    with pytest.raises(OutOfReach):
        rooms.find(desk.db, actor=make.actor(max_), group_session_id=held[1].id, action="session.join")


def test_who_stands_in_is_not_put_out_of_the_room_and_leads_it(make: Factory, desk: Desk) -> None:
    max_ = colleague(make, desk)
    cover(desk, max_)
    now, held = desk.starts(2), rooms.schedule(desk.db, cohort=desk.cohort)[1]
    signin.begin(desk.db, person=max_, now=now)
    ready = Ready(camera=Camera.OFF)
    take_seat(desk.db, group_session=held, person=max_, ready=ready, actor=make.actor(max_), now=now)
    assert unwelcome.seats(desk.db, now) == []
    assert dict(held.state["places"])[max_.id] == "lead"  # type: ignore[call-overload]
    cover(desk, None)
    assert len(unwelcome.seats(desk.db, now)) == 1


def test_a_session_that_is_over_is_covered_by_nobody(make: Factory, desk: Desk) -> None:
    with pytest.raises(Conflict, match="is over or does not take place"):
        cover(desk, colleague(make, desk), now=desk.starts(2) + timedelta(hours=2))


def test_the_usual_person_needs_no_cover(make: Factory, desk: Desk) -> None:
    cover(desk, colleague(make, desk))
    assert cover(desk, named(desk, "Jo"))
    assert team(desk, 2)[LEAD] == "Jo"
    assert not cover(desk, named(desk, "Jo"))


def test_everything_of_who_leaves_goes_to_one_colleague_but_not_what_is_over(make: Factory, desk: Desk) -> None:
    service = desk.db.get_one(Service, desk.cohort.service_id)
    jo, max_ = named(desk, "Jo"), colleague(make, desk)
    over = make.cohort(service, "Over", first_day=date(2025, 3, 11))
    other = make.cohort(service, "Thursdays", first_day=date(2026, 3, 12))
    staff_cohort(desk.db, actor=desk.lead, cohort=over, person=jo, place=LEAD, now=desk.now)
    thursday = dates_of(desk.db, other.id)[0]
    services.cover(desk.db, cohort=other, date=thursday, place=SPOTTER, person=jo, actor=desk.lead, now=desk.now)
    done = services.hand_over(desk.db, giver=jo, taker=max_, actor=desk.lead, now=desk.now)
    assert ([each.id for each in done.groups], done.dates) == ([desk.cohort.id], 1)
    assert team(desk, 1)[LEAD] == "Max"
    assert team_on(desk.db, thursday)[SPOTTER].id == max_.id
    assert team_on(desk.db, dates_of(desk.db, over.id)[0])[LEAD].id == jo.id


@pytest.mark.parametrize(("leaves", "stays"), [("Jo", "Sam"), ("Sam", "Jo")])
def test_in_a_team_of_two_whoever_is_left_leads_and_nobody_spots(desk: Desk, leaves: str, stays: str) -> None:
    assert team(desk, 1) == {LEAD: "Jo", SPOTTER: "Sam"}
    done = services.hand_over(
        desk.db, giver=named(desk, leaves), taker=named(desk, stays), actor=desk.lead, now=desk.now
    )
    assert team(desk, 1) == {LEAD: stays}
    assert [each.place for each in done.passed_on] == [LEAD]


def test_a_group_with_nobody_for_its_next_session_is_seen(desk: Desk) -> None:
    assert [each.nobody for each in coming_sessions(desk.db, actor=desk.lead, now=desk.now)] == [False]
    change(desk, SPOTTER, None)
    named(desk, "Jo").active = False
    [coming] = coming_sessions(desk.db, actor=desk.lead, now=desk.now)
    assert (coming.cohort.id, coming.nobody) == (desk.cohort.id, True)


def test_who_is_alone_or_missing_is_said_and_leave_stands_beside_each_name(make: Factory, desk: Desk) -> None:
    dates = dates_of(desk.db, desk.cohort.id)[:1]
    assert services.concerns(desk.db, cohort=desk.cohort, dates=dates) == []
    change(desk, SPOTTER, None)
    assert services.concerns(desk.db, cohort=desk.cohort, dates=dates) == [
        "Jo Example is alone in session 1, Tuesday 10 March 2026, 10am."
    ]
    max_, day = colleague(make, desk), date(2026, 3, 10)
    desk.db.add(StaffLeave(service_id=max_.service_id, person_id=max_.id, first_day=day, last_day=day))
    found = services.candidates(desk.db, cohort=desk.cohort, dates=dates, actor=desk.lead, around=desk.around)
    none = "course not signed"
    but = {each.person.shown_name: each.but for each in found}
    assert but == {"Jo": none, "Sam": none, "Max": f"on leave, {none}"}


def test_noise_is_never_touched(db: Session, make: Factory, desk: Desk) -> None:
    stranger = make.noise()
    with pytest.raises(OutOfReach):
        services.change_staff(db, cohort=stranger, place=LEAD, person=None, actor=desk.lead, now=desk.now)
    assert db.get(Cohort, stranger.id)


def test_who_has_not_signed_the_course_is_told_apart_and_refused_only_where_the_service_asks(
    make: Factory, desk: Desk
) -> None:
    dates = dates_of(desk.db, desk.cohort.id)
    service = desk.db.get_one(Service, desk.cohort.service_id)
    new = make.person(service, Role.FACILITATOR, "New")
    found = services.candidates(desk.db, cohort=desk.cohort, dates=dates, actor=desk.lead, around=desk.around)
    assert {each.person.id: each.but for each in found}[new.id] == "course not signed"
    service.course_first = True
    with pytest.raises(Conflict, match="has not signed the facilitator course"):
        change(desk, LEAD, new)
    service.course_first = False
    assert change(desk, LEAD, new)
