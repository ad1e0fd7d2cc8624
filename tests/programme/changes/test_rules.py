"""How a group's dates change: by the wall clock, all that follow, a break, put off; and what stands against it."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from backtolife.errors import Invalid
from backtolife.programme.changes import rules
from backtolife.programme.changes.rules import Meeting, Meetings
from backtolife.programme.cohorts.timetable.overlaps import Elsewhere
from backtolife.programme.plan.loading import shipped

ZONE = "Europe/London"
WEEKLY, TWICE = (shipped().schedule(each).day_offsets for each in ("weekly", "twice-weekly"))
"""Both with their last session four weeks after the one before."""
NOW = datetime(2026, 9, 1, 9, tzinfo=UTC)


def meetings(first: date = date(2026, 9, 29), at: time = time(19), offsets: tuple[int, ...] = WEEKLY) -> Meetings:
    found = []
    for number, offset in enumerate(offsets, start=1):
        starts = datetime.combine(first + timedelta(days=offset), at, ZoneInfo(ZONE)).astimezone(UTC)
        found.append(Meeting(number, starts, starts + timedelta(minutes=90)))
    return tuple(found)


def local(meeting: Meeting) -> str:
    return f"{meeting.starts_at.astimezone(ZoneInfo(ZONE)):%Y-%m-%d %H:%M}"


def against(before: Meetings, after: Meetings, now: datetime = NOW, **given: object) -> list[str]:
    known: dict[str, object] = {"running": (), "elsewhere": (), "zone": ZONE, "now": now}
    return rules.refusals(before, after, **known | given)  # type: ignore[arg-type]


def asked(before: Meetings, after: Meetings, now: datetime = NOW, **given: object) -> list[str]:
    known: dict[str, object] = {"off": {}, "away": {}, "waiting": {}, "closing": (), "zone": ZONE, "now": now}
    return rules.doubts(before, after, **known | given)  # type: ignore[arg-type]


def test_one_session_moves_and_the_others_stay() -> None:
    after = rules.moved(meetings(), 4, to=date(2026, 10, 21), at=time(18, 30), zone=ZONE, following=False)
    assert [new.number for _, new in rules.changes(meetings(), after)] == [4]
    assert local(after[3]) == "2026-10-21 18:30"
    assert after[3].minutes == 90


def test_all_that_follow_move_by_as_many_days_and_keep_their_hour_over_the_clock_change() -> None:
    after = rules.moved(meetings(), 3, to=date(2026, 10, 14), at=time(19), zone=ZONE, following=True)
    assert [local(each) for each in after[1:5]] == [
        "2026-10-06 19:00",
        "2026-10-14 19:00",
        "2026-10-21 19:00",
        "2026-10-28 19:00",
    ]
    assert after[3].starts_at.hour == 18
    assert after[4].starts_at.hour == 19


def test_a_new_time_is_taken_by_all_that_follow_but_without_one_each_keeps_its_own() -> None:
    own = rules.moved(meetings(), 5, to=date(2026, 10, 27), at=time(17), zone=ZONE, following=False)
    later = rules.moved(own, 3, to=date(2026, 10, 14), at=time(19), zone=ZONE, following=True)
    assert local(later[4]) == "2026-10-28 17:00"
    new_time = rules.moved(own, 3, to=date(2026, 10, 13), at=time(18), zone=ZONE, following=True)
    assert {local(each)[-5:] for each in new_time[2:]} == {"18:00"}


def test_a_break_shifts_all_that_follow_by_whole_weeks() -> None:
    after = rules.with_break(meetings(), 8, weeks=2, zone=ZONE)
    assert [local(each) for each in after[6:]] == ["2026-11-10 19:00", "2026-12-01 19:00", "2026-12-29 19:00"]


@pytest.mark.parametrize("weeks", [0, -1, 13])
def test_a_break_of_no_weeks_or_of_a_season_is_refused(weeks: int) -> None:
    with pytest.raises(Invalid, match="1 to 12 weeks"):
        rules.with_break(meetings(), 8, weeks=weeks, zone=ZONE)


@pytest.mark.parametrize(
    ("offsets", "eighth", "ninth"),
    [(WEEKLY, "2026-11-24 19:00", "2026-12-22 19:00"), (TWICE, "2026-10-27 19:00", "2026-11-24 19:00")],
    ids=["weekly", "twice"],
)
def test_a_session_put_off_takes_the_next_date_one_is_added_to_the_course_and_the_last_keeps_its_distance(
    offsets: tuple[int, ...], eighth: str, ninth: str
) -> None:
    before = meetings(offsets=offsets)
    after = rules.put_off(before, 4, day_offsets=offsets, zone=ZONE)
    assert [each.starts_at for each in after[:3]] == [each.starts_at for each in before[:3]]
    assert [each.starts_at for each in after[3:7]] == [each.starts_at for each in before[4:8]]
    assert (local(after[7]), local(after[8])) == (eighth, ninth)


def test_the_last_session_put_off_is_a_week_later() -> None:
    after = rules.put_off(meetings(), 9, day_offsets=WEEKLY, zone=ZONE)
    assert local(after[8]) == "2026-12-22 19:00"
    assert after[:8] == meetings()[:8]


def test_what_is_left_out_gives_no_date_away_when_another_is_put_off() -> None:
    before = rules.with_left_out(meetings(), 6, left_out=True)
    after = rules.put_off(before, 5, day_offsets=WEEKLY, zone=ZONE)
    assert local(after[4]) == local(before[6])
    assert after[5] == before[5]


def test_the_same_dates_again_are_no_change() -> None:
    after = rules.moved(meetings(), 4, to=date(2026, 10, 20), at=time(19), zone=ZONE, following=False)
    assert "the group has already" in against(meetings(), after)[0]


def test_a_session_before_the_one_that_precedes_it_is_refused_by_name() -> None:
    after = rules.moved(meetings(), 4, to=date(2026, 10, 13), at=time(20), zone=ZONE, following=False)
    [said] = against(meetings(), after)
    assert said.startswith("Session 4 (Tuesday 13 October 2026, 8pm) would begin before session 3 is over")


def test_a_session_beside_one_that_is_left_out_is_in_order() -> None:
    before = rules.with_left_out(meetings(), 3, left_out=True)
    after = rules.moved(before, 4, to=date(2026, 10, 13), at=time(19), zone=ZONE, following=False)
    assert against(before, after) == []


def test_a_coming_session_cannot_go_into_the_past() -> None:
    now = datetime(2026, 10, 14, tzinfo=UTC)
    after = rules.moved(meetings(), 4, to=date(2026, 10, 13), at=time(21), zone=ZONE, following=False)
    assert any("would be in the past" in each for each in against(meetings(), after, now))


def test_a_past_session_that_nobody_came_to_may_move_on_or_be_corrected_after_a_question() -> None:
    now = datetime(2026, 10, 22, tzinfo=UTC)
    on = rules.moved(meetings(), 4, to=date(2026, 10, 23), at=time(19), zone=ZONE, following=False)
    assert against(meetings(), on, now) == []
    assert asked(meetings(), on, now) == []
    back = rules.moved(meetings(), 4, to=date(2026, 10, 19), at=time(19), zone=ZONE, following=False)
    assert against(meetings(), back, now) == []
    assert "Go on only to correct when it was held" in asked(meetings(), back, now)[0]


@pytest.mark.parametrize(("running", "words"), [((4,), "is on at this moment"), ((), "has taken place on Tuesday 20")])
def test_what_is_on_or_was_held_stays_where_it_is(running: tuple[int, ...], words: str) -> None:
    before = tuple(replace(each, held=True) if each.number == 4 else each for each in meetings())
    after = rules.moved(before, 4, to=date(2026, 10, 21), at=time(19), zone=ZONE, following=False)
    assert words in against(before, after, running=running)[0]


def test_a_clash_is_refused_with_its_name_and_only_where_the_hours_meet() -> None:
    def jo(hour: int) -> Elsewhere:
        starts = datetime(2026, 10, 21, hour, 0, tzinfo=UTC)
        return Elsewhere("Jo Bell", "Wednesdays", starts, starts + timedelta(minutes=90))

    after = rules.moved(meetings(), 4, to=date(2026, 10, 21), at=time(19), zone=ZONE, following=False)
    [said] = against(meetings(), after, elsewhere=(jo(17), jo(15)))
    assert said == ("Session 4: Jo Bell is in “Wednesdays” at that time (Wednesday 21 October 2026, 6pm to 7:30pm).")


def test_days_nobody_works_leave_nights_and_far_dates_are_asked_about() -> None:
    day = date(2027, 8, 30)
    after = rules.moved(meetings(), 9, to=day, at=time(22), zone=ZONE, following=False)
    said = " ".join(asked(meetings(), after, off={day: "Spring"}, away={day: ["Jo Bell"]}))
    for words in ("a day nobody works: Spring", "Jo Bell is on leave", "in the night", "half a year"):
        assert words in said


def test_nothing_is_asked_about_what_is_left_out_and_one_session_must_stay() -> None:
    none = tuple(replace(each, left_out=True) for each in meetings())
    assert asked(meetings(), none, off={date(2026, 9, 29): "May Day"}) == []
    assert any("One session must take place" in each for each in against(meetings(), none))


def test_people_at_the_door_of_a_session_that_moves_are_asked_about_by_name() -> None:
    after = rules.moved(meetings(), 4, to=date(2026, 10, 21), at=time(19), zone=ZONE, following=False)
    names = ["Ann Example", "Ben Example"]
    [said] = asked(meetings(), after, waiting={4: names, 5: ["Cas Example"]})
    assert said.startswith("Ann Example and Ben Example wait at the door of session 4 at this moment.")
    [one] = asked(meetings(), after, waiting={4: names[:1]})
    assert one.startswith("Ann Example waits at the door")


def test_questions_that_would_close_are_asked_about() -> None:
    after = rules.moved(meetings(), 4, to=date(2026, 10, 21), at=time(19), zone=ZONE, following=False)
    [said] = asked(meetings(), after, closing=["Half way"])
    assert said.startswith("The questions “Half way” are open now and would be closed.")
