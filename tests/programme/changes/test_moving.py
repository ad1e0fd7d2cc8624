"""A group's dates are changed: kept, told to everybody once, undone; nobody saves over what they have not seen."""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from backtolife.audit import AuditEntry
from backtolife.config import Settings
from backtolife.errors import Conflict
from backtolife.outcomes.asking.schedule import ask_of, asks_of
from backtolife.outcomes.safety.rota_models import StaffLeave
from backtolife.people.access import OutOfReach
from backtolife.people.models import Person, Role, Service
from backtolife.programme.changes.models import ChangeKind
from backtolife.programme.changes.wishes import Wish
from backtolife.programme.cohorts import enrolment
from backtolife.programme.cohorts.models import StaffPlace
from backtolife.programme.cohorts.services import dates_of, next_date, staff_cohort
from backtolife.reminders.services import remind_cohort
from backtolife.sessions.room import services as rooms
from backtolife.sessions.room.models import GroupStatus
from tests.programme.changes.desk import WEDNESDAY, Desk
from tests.reminders.still_wanted import still_wanted
from tests.support.factories import Factory
from tests.support.outcomes.sheets import a_patient


def test_a_session_moves_with_its_sequence_its_trace_and_its_reminders(desk: Desk, settings: Settings) -> None:
    desk.change(WEDNESDAY)
    _, moved, third, *_ = dates_of(desk.db, desk.cohort.id)
    assert f"{moved.starts_at:%Y-%m-%d %H:%M}" == "2026-03-18 10:00"
    assert (moved.sequence, third.sequence, desk.cohort.version) == (1, 0, 1)
    entry = desk.db.exec(select(AuditEntry).where(AuditEntry.action == "dates_moved")).one()
    assert (entry.actor_id, entry.subject_id, entry.detail["sessions"]) == (desk.lead.id, desk.cohort.id, [2])
    for hours in (47, 23):
        remind_cohort(
            desk.db, cohort_id=desk.cohort.id, settings=settings, now=moved.starts_at - timedelta(hours=hours)
        )
    assert {each.subject for each in desk.mails("reminder-24h")} == {"See you on Wed 18 Mar at 10am"}


def test_patients_and_staff_are_told_once_with_old_and_new_and_the_link_that_stays(desk: Desk) -> None:
    kept = desk.change(WEDNESDAY)
    told = desk.mails("cohort-moved")
    assert len(told) == 2
    second = dates_of(desk.db, desk.cohort.id)[1]
    link = desk.around.addresses(desk.db, [second])[second.id]
    for each in told:
        assert "our meeting on Tue 17 Mar" in each.body
        assert "on Wed 18 Mar at 10am" in each.body
        assert link in each.body
        assert each.subject == "A change to your date"
    for_staff = desk.mails("staff-dates-changed")
    assert len(for_staff) == 2
    for each in for_staff:
        assert "Session 2: Wednesday 18 March 2026, 10am (was: Tuesday 17 March 2026, 10am)" in each.body
        assert link in each.body
        assert "We are sorry" not in each.body
    assert desk.tell(kept) == 0


def test_of_many_moved_sessions_one_message_tells_all(desk: Desk) -> None:
    desk.change(Wish(ChangeKind.BREAK, 7, weeks=1))
    told = desk.mails("cohort-dates-moved")
    assert (len(told), len(desk.mails("staff-dates-changed"))) == (2, 2)
    assert "Session 7: Tuesday 28 April 2026, 10am\nSession 8: Tuesday 5 May 2026, 10am\n" in told[0].body
    assert "from Tue 21 Apr on" in told[0].body


def test_a_move_back_is_the_undo_and_is_told(desk: Desk) -> None:
    before = desk.starts(2)
    desk.change(WEDNESDAY)
    desk.change(Wish(ChangeKind.UNDONE, 0))
    assert desk.starts(2) == before
    assert dates_of(desk.db, desk.cohort.id)[1].sequence == 2
    assert (len(desk.mails("cohort-moved")), len(desk.mails("staff-dates-changed"))) == (4, 4)
    desk.change(Wish(ChangeKind.UNDONE, 0))
    assert desk.starts(2) == before + timedelta(days=1), "an undo is undone likewise"


def test_nothing_changed_is_nothing_to_undo(desk: Desk) -> None:
    with pytest.raises(Conflict, match="nothing to undo"):
        desk.ask(Wish(ChangeKind.UNDONE, 0))


def test_a_yes_to_what_somebody_else_changed_meanwhile_does_not_count(desk: Desk) -> None:
    wish = Wish(ChangeKind.MOVED, 2, date(2026, 3, 19), time(10))
    seen = desk.ask(wish)
    desk.change(WEDNESDAY)
    assert desk.keep(wish, seen.agreed) is None
    assert f"{desk.starts(2):%d}" == "18"


def test_windows_move_with_the_dates_and_answers_stay_where_they_were_asked(make: Factory, desk: Desk) -> None:
    patient = a_patient(make, desk.cohort)
    response = patient.open("peg-3")
    before = ask_of(desk.db, desk.cohort, "baseline")
    desk.change(Wish(ChangeKind.BREAK, 1, weeks=6))
    after = ask_of(desk.db, desk.cohort, "baseline")
    zone = ZoneInfo(desk.cohort.zone)  # the clocks change in between: the window moves by the calendar
    moved_by = after.opens_at.astimezone(zone).date() - before.opens_at.astimezone(zone).date()
    assert moved_by == timedelta(weeks=6)
    desk.db.refresh(response)
    assert (response.milestone_id, desk.cohort.first_day) == ("baseline", date(2026, 4, 21))


@pytest.mark.parametrize(
    ("status", "words"), [(GroupStatus.RUNNING, "is on at this moment"), (GroupStatus.ENDED, "has taken place")]
)
def test_a_session_that_is_on_or_was_held_is_not_moved(desk: Desk, status: GroupStatus, words: str) -> None:
    room = rooms.schedule(desk.db, cohort=desk.cohort)[1]
    room.status, room.started_at = status, desk.starts(2)
    desk.db.flush()
    with pytest.raises(Conflict, match=words):
        desk.change(WEDNESDAY, desk.starts(2) + timedelta(minutes=5))


def test_a_patient_twice_at_one_hour_is_refused_by_name_where_the_name_may_be_read(make: Factory, desk: Desk) -> None:
    other = make.cohort(make.db.get_one(Service, desk.cohort.service_id), "Wednesdays", first_day=date(2026, 3, 11))
    ann = desk.db.exec(select(Person).where(Person.shown_name == "Ann")).one()
    admin = desk.member(make, Role.ADMINISTRATOR)
    place = enrolment.enrol(desk.db, patient=ann, cohort=other, actor=admin, now=desk.now)
    with pytest.raises(Conflict, match="somebody of this group is in “Wednesdays” at that time"):
        desk.change(WEDNESDAY)
    [said] = desk.ask(WEDNESDAY, by=desk.member(make, Role.CLINICAL_LEAD)).refusals
    assert "Ann Example is in “Wednesdays”" in said
    make.withdrawn(place)
    assert desk.change(WEDNESDAY)


def test_a_facilitator_twice_at_one_hour_is_refused_by_name(make: Factory, desk: Desk) -> None:
    other = make.cohort(make.db.get_one(Service, desk.cohort.service_id), "Wednesdays", first_day=date(2026, 3, 11))
    jo = desk.db.exec(select(Person).where(Person.shown_name == "Jo")).one()
    staff_cohort(desk.db, actor=desk.lead, cohort=other, person=jo, place=StaffPlace.SPOTTER, now=desk.now)
    with pytest.raises(Conflict, match="Jo Example is in “Wednesdays” at that time"):
        desk.change(WEDNESDAY)


def test_leave_and_days_nobody_works_are_said_before(make: Factory, desk: Desk) -> None:
    jo = desk.db.exec(select(Person).where(Person.shown_name == "Jo")).one()
    day = date(2026, 4, 3)
    elsewhere = make.person(desk.db.get_one(Service, desk.cohort.service_id), Role.FACILITATOR, "Elsewhere")
    for who in (jo, elsewhere):
        desk.db.add(StaffLeave(service_id=desk.cohort.service_id, person_id=who.id, first_day=day, last_day=day))
    assert desk.ask(Wish(ChangeKind.MOVED, 4, day, time(10))).doubts == [
        "Session 4, Friday 3 April 2026, 10am, is a day nobody works: Good Friday.",
        "Jo Example is on leave on Friday 3 April 2026, 10am (session 4).",
    ]


def test_a_session_left_out_is_told_and_neither_asked_about_nor_reminded_of_until_it_is_back(
    desk: Desk, settings: Settings
) -> None:
    desk.change(Wish(ChangeKind.LEFT_OUT, 2))
    assert "Our meeting on Tue 17 Mar will not take place" in desk.mails("session-left-out")[0].body
    assert (
        "Session 2: does not take place (was: Tuesday 17 March 2026, 10am)" in desk.mails("staff-dates-changed")[0].body
    )
    assert "session-2" not in {each.id for each in asks_of(desk.db, desk.cohort)}
    day_before = desk.starts(2) - timedelta(hours=20)
    remind_cohort(desk.db, cohort_id=desk.cohort.id, settings=settings, now=day_before)
    assert desk.mails("reminder-24h") == []
    desk.change(Wish(ChangeKind.BROUGHT_BACK, 2))
    assert {each.subject for each in desk.mails("session-on-again")} == {"We do meet on Tue 17 Mar at 10am"}
    remind_cohort(desk.db, cohort_id=desk.cohort.id, settings=settings, now=day_before)
    assert len(desk.mails("reminder-24h")) == 2


def test_what_is_left_out_is_not_the_next_session(desk: Desk) -> None:
    desk.change(Wish(ChangeKind.LEFT_OUT, 2))
    after_first = desk.starts(1) + timedelta(hours=3)
    following = rooms.next_for(desk.db, cohort_id=desk.cohort.id, now=after_first)
    [(found, _)] = rooms.next_of_each(desk.db, cohort_ids=[desk.cohort.id], now=after_first).values()
    listed = next_date(dates_of(desk.db, desk.cohort.id), after_first)
    assert following is not None
    assert listed is not None
    assert (following.number, found.number, listed.number) == (3, 3, 3)


def test_a_reminder_in_line_of_a_session_left_out_meanwhile_does_not_go(desk: Desk, settings: Settings) -> None:
    day_before = desk.starts(2) - timedelta(hours=20)
    remind_cohort(desk.db, cohort_id=desk.cohort.id, settings=settings, now=day_before)
    queued = desk.mails("reminder-24h")
    assert [still_wanted(desk.db, each, day_before) for each in queued] == [True, True]
    desk.change(Wish(ChangeKind.LEFT_OUT, 2), day_before)
    assert [still_wanted(desk.db, each, day_before) for each in queued] == [False, False]


def test_a_correction_of_the_past_is_told_to_nobody(desk: Desk) -> None:
    desk.change(Wish(ChangeKind.MOVED, 2, date(2026, 3, 18), time(9)), desk.starts(2) + timedelta(days=3))
    assert desk.mails("cohort-moved") == []
    assert f"{desk.starts(2):%d %H}" == "18 09"


def test_only_who_may_change_a_group_moves_it(make: Factory, desk: Desk) -> None:
    stranger = make.facilitator(make.cohort(desk.db.get_one(Service, desk.cohort.service_id)))
    with pytest.raises(OutOfReach):
        desk.ask(WEDNESDAY, by=make.actor(stranger))


def test_a_session_that_was_ended_early_is_not_the_next_one_any_more(desk: Desk) -> None:
    first, second = dates_of(desk.db, desk.cohort.id)[:2]
    during = first.starts_at + timedelta(minutes=30)
    assert next_date([first, second], during) is first
    first.ended_at = during
    assert next_date([first, second], during - timedelta(minutes=1)) is first
    assert next_date([first, second], during) is second
