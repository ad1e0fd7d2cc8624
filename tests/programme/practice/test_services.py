"""The practice diary: kept once, kept honestly where a device keeps another time, put right, taken out, put back."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from backtolife.database.session import new_id
from backtolife.errors import Conflict, Invalid, NotFound, NotPermitted
from backtolife.people.access import Actor
from backtolife.people.models import Person
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.practice import rules, services
from backtolife.programme.practice.models import PracticeEntry
from backtolife.programme.practice.rules import Felt, Written
from backtolife.programme.practice.week import week_of
from tests.support.factories import Factory


class Desk:
    """A group two days after its first session: Linda's place, Joseph's diary, and their facilitator."""

    def __init__(self, make: Factory) -> None:
        make.noise()
        cohort = make.cohort(make.service())
        self.db, self.lead = make.db, make.actor(make.facilitator(cohort))
        self.place, self.other = make.enrolment(cohort, "Linda"), make.enrolment(cohort, "Joseph")
        self.linda, self.joseph = (
            make.actor(make.db.get_one(Person, each.person_id)) for each in (self.place, self.other)
        )
        self.now = dates_of(make.db, cohort.id)[0].starts_at + timedelta(days=2)
        self.walk = Written(self.now.date(), "other", "A walk", 20, Felt.GOOD, "Sunny.")
        self.keep(key=new_id(), place=self.other, actor=self.joseph)

    def keep(
        self, written: Written | None = None, *, key: str = "a" * 32, actor: Actor | None = None, **more: object
    ) -> PracticeEntry:
        told = {"enrolment": self.place, "now": self.now, "actor": actor or self.linda}
        told.update({"enrolment" if name == "place" else name: value for name, value in more.items()})
        return services.keep_entry(self.db, key=key, written=written or self.walk, **told)  # type: ignore[arg-type]

    def diary(self) -> list[PracticeEntry]:
        return services.diary_in(self.db, self.place).there


@pytest.fixture
def desk(make: Factory) -> Desk:
    return Desk(make)


def test_an_entry_that_arrives_twice_is_one_row(desk: Desk) -> None:
    desk.keep()
    desk.keep()
    [entry] = desk.diary()
    assert services.written_in(entry) == desk.walk


def test_words_changed_on_the_device_before_we_had_answered_take_the_place_of_the_first(desk: Desk) -> None:
    desk.keep()
    desk.keep(replace(desk.walk, note="Rain."), edit=1)
    desk.keep(replace(desk.walk, note="Rain."), edit=1)
    assert [each.note for each in desk.diary()] == ["Rain."]


def test_what_was_put_right_on_our_page_is_not_written_over_by_a_device_and_it_is_told(desk: Desk) -> None:
    entry = desk.keep()
    services.correct(
        desk.db, entry=entry, written=replace(desk.walk, minutes=5), seen=0, actor=desk.linda, now=desk.now
    )
    with pytest.raises(Conflict, match="changed this entry somewhere else"):
        desk.keep(replace(desk.walk, minutes=50), edit=1)
    with pytest.raises(Conflict, match="changed this entry somewhere else"):
        services.correct(
            desk.db, entry=entry, written=replace(desk.walk, minutes=7), seen=0, actor=desk.linda, now=desk.now
        )
    assert [each.minutes for each in desk.diary()] == [5]


def test_what_was_set_is_named_in_our_words_and_an_unknown_key_keeps_the_words_of_the_page(desk: Desk) -> None:
    items = dict(week_of(desk.db, desk.place, desk.now).items)
    assert items["practice:h1-breathe"] == "Try slow breathing for five minutes."
    desk.keep(replace(desk.walk, item="practice:h1-breathe", what="forged"))
    desk.keep(replace(desk.walk, item="practice:of-an-older-programme", what="Stretch a little"), key="b" * 32)
    assert {(each.item, each.what) for each in desk.diary()} == {
        ("practice:h1-breathe", "Try slow breathing for five minutes."),
        ("other", "Stretch a little"),
    }


def test_before_the_first_session_nothing_is_set_but_anything_can_be_written(desk: Desk) -> None:
    week = week_of(desk.db, desk.place, desk.now - timedelta(days=3))
    assert (week.session, week.items) == (None, [("other", "Something else")])


def test_the_day_of_the_device_and_of_the_arrival_are_both_kept(desk: Desk) -> None:
    behind = desk.now.date() - timedelta(days=3)
    entry = desk.keep(replace(desk.walk, day=behind), device_day=behind, ago=timedelta(days=1))
    assert (entry.day, entry.device_day) == (behind, behind)
    assert (entry.written_at, entry.arrived_at) == (desk.now - timedelta(days=1), desk.now)
    assert rules.clock_is_off(entry.device_day, entry.written_at.date())


@pytest.mark.parametrize(("days", "off"), [(-2, True), (-1, False), (0, False), (1, False), (2, True)])
def test_a_device_two_days_wrong_is_asked_about_and_one_day_is_a_matter_of_zones(days: int, off: bool) -> None:
    ours = date(2026, 3, 12)
    assert rules.clock_is_off(ours + timedelta(days=days), ours) is off
    assert not rules.clock_is_off(None, ours)


def test_a_day_that_cannot_be_is_refused_in_words_that_ask_for_the_right_one(desk: Desk) -> None:
    desk.keep(replace(desk.walk, day=desk.now.date() + timedelta(days=1)))
    for days, words in ((2, "still to come"), (-400, "more than a year ago")):
        with pytest.raises(Invalid, match=f"{words}.*choose the day") as told:
            desk.keep(replace(desk.walk, day=desk.now.date() + timedelta(days=days)), key=new_id())
        assert told.value.field == "day"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"what": "  "}, "what"),
        ({"what": "x" * 201}, "what"),
        ({"note": "x" * 1001}, "note"),
        ({"minutes": 721}, "minutes"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_field(desk: Desk, wrong: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as told:
        desk.keep(replace(desk.walk, **wrong))  # type: ignore[arg-type]
    assert told.value.field == field


def test_an_old_page_cannot_change_an_entry_that_was_taken_out(desk: Desk) -> None:
    entry = desk.keep()
    services.take_out(desk.db, entry=entry, actor=desk.linda, now=desk.now)
    with pytest.raises(Conflict, match="Put it back"):
        services.correct(
            desk.db, entry=entry, written=replace(desk.walk, note="Rain."), seen=0, actor=desk.linda, now=desk.now
        )
    services.put_back(desk.db, entry=entry, actor=desk.linda)
    services.correct(
        desk.db, entry=entry, written=replace(desk.walk, note="Rain."), seen=0, actor=desk.linda, now=desk.now
    )
    assert entry.note == "Rain."


def test_an_entry_taken_out_can_be_put_back_and_one_deleted_for_good_cannot_come_back(desk: Desk) -> None:
    entry = desk.keep()
    services.take_out(desk.db, entry=entry, actor=desk.linda, now=desk.now)
    assert (desk.diary(), services.diary_in(desk.db, desk.place).taken_out) == ([], [entry])
    services.put_back(desk.db, entry=entry, actor=desk.linda)
    assert desk.diary() == [entry]
    services.delete_for_good(desk.db, entry=entry, actor=desk.linda, now=desk.now)
    desk.keep(edit=1)
    assert (entry.what, entry.note, entry.minutes, desk.diary()) == ("", "", None, [])
    with pytest.raises(NotFound):
        services.put_back(desk.db, entry=entry, actor=desk.linda)


def test_nobody_else_writes_in_a_diary(desk: Desk) -> None:
    entry = desk.keep()
    with pytest.raises(NotFound):
        services.find_entry(desk.db, actor=desk.joseph, entry_id=entry.id)
    with pytest.raises(NotFound):
        desk.keep(actor=desk.joseph)
    with pytest.raises(NotPermitted):
        services.take_out(desk.db, entry=entry, actor=desk.lead, now=desk.now)


def test_a_week_runs_from_monday_and_adds_up_only_what_was_written() -> None:
    sunday, monday = date(2026, 3, 15), date(2026, 3, 16)
    weeks = rules.by_week([(monday, 10), (sunday, None), (monday + timedelta(days=6), 5)])
    assert [(each.begins, each.times, each.minutes) for each in weeks] == [(monday, 2, 15), (date(2026, 3, 9), 1, 0)]


def test_a_session_that_was_left_out_sets_nothing(desk: Desk, now: datetime) -> None:
    first, second, *_ = dates_of(desk.db, desk.place.cohort_id)
    second.left_out_at = now
    week = week_of(desk.db, desk.place, second.starts_at + timedelta(days=1))
    assert week.session is not None
    assert week.session.number == first.number
