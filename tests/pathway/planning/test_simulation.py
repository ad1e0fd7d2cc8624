"""Years played through: what must hold whatever chance does, and what chance comes to over many years."""

import random
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backtolife.pathway.planning.rules import MONTHS, Assumed, Range, Year, outlook, over
from backtolife.pathway.planning.simulation import NoSimulator, years
from benchmarks.pathway.planner import plain_years

STEADY = Assumed(waiting=0, arrivals=0, gives_up=0, says_yes=1, drops_out=0, groups=1, places=10)


def played(assumed: Assumed, *, replications: int = 1, seed: int = 7) -> list[Year]:
    return years(assumed, replications=replications, chance=random.Random(seed))


def test_where_nothing_is_left_to_chance_the_list_falls_by_the_places_of_each_group() -> None:
    [year] = played(replace(STEADY, waiting=60))
    assert year.lengths == (50, 40, 30, 20, 10, 0, 0, 0, 0, 0, 0, 0)
    assert year.completed == 60
    assert year.empty == 60
    assert year.wait is not None
    assert 6 <= year.wait <= 7, "whoever comes today is asked by the seventh group"


def test_who_comes_today_to_an_empty_list_is_asked_by_the_next_group() -> None:
    [year] = played(STEADY)
    assert year.wait is not None
    assert year.wait < 1


def test_without_groups_nobody_is_asked_and_the_list_grows() -> None:
    [year] = played(replace(STEADY, groups=0, arrivals=30, waiting=5))
    assert (year.wait, year.completed, year.empty) == (None, 0, 0)
    assert list(year.lengths) == sorted(year.lengths)
    assert year.lengths[-1] > 200


def test_nobody_is_left_where_all_say_no() -> None:
    [year] = played(replace(STEADY, waiting=60, says_yes=0))
    assert year.lengths == (0,) * MONTHS
    assert year.completed == 0
    assert year.empty == 120


def test_half_of_the_list_gives_up_in_a_month_where_half_was_assumed() -> None:
    halved = outlook(played(replace(STEADY, groups=0, waiting=400, gives_up=0.5), replications=50))
    assert halved.months[0].middle == pytest.approx(200, abs=10)
    assert halved.months[1].middle == pytest.approx(100, abs=10)


def test_who_drops_out_does_not_complete() -> None:
    found = outlook(played(replace(STEADY, waiting=120, drops_out=0.25), replications=50))
    assert found.completed.middle == pytest.approx(90, abs=4)
    assert found.empty.middle == 0


def test_more_groups_leave_fewer_people_waiting() -> None:
    few, many = (outlook(played(Assumed(40, 20, 0.05, 0.7, 0.2, groups, 12), replications=200)) for groups in (0.5, 1))
    assert few.months[-1].middle is not None
    assert many.months[-1].middle is not None
    assert few.months[-1].middle > many.months[-1].middle + 20


def test_the_same_source_of_chance_gives_the_same_years_and_another_gives_others() -> None:
    assumed = Assumed(40, 20, 0.05, 0.7, 0.2, 1, 12)
    assert played(assumed, replications=3) == played(assumed, replications=3)
    assert played(assumed, replications=3) != played(assumed, replications=3, seed=8)


def test_a_loop_that_is_written_without_the_library_comes_to_the_same() -> None:
    assumed = Assumed(waiting=60, arrivals=15, gives_up=0.04, says_yes=0.7, drops_out=0.2, groups=1.5, places=10)
    ours = outlook(played(assumed, replications=600))
    plain = outlook(plain_years(assumed, replications=600, chance=random.Random(3)))
    for one, two in zip(ours.months, plain.months, strict=True):
        assert one.middle == pytest.approx(two.middle, abs=4)
        assert one.high == pytest.approx(two.high, abs=6)
    assert ours.completed.middle == pytest.approx(plain.completed.middle, abs=6)


@given(
    st.builds(
        Assumed,
        waiting=st.integers(0, 50),
        arrivals=st.floats(0, 20),
        gives_up=st.floats(0, 0.9),
        says_yes=st.floats(0, 1),
        drops_out=st.floats(0, 1),
        groups=st.floats(0, 5),
        places=st.integers(1, 14),
    ),
    st.integers(0, 9),
)
def test_whatever_is_assumed_no_number_is_below_zero_and_nobody_is_counted_twice(assumed: Assumed, seed: int) -> None:
    [year] = played(assumed, seed=seed)
    assert len(year.lengths) == MONTHS
    assert min(*year.lengths, year.completed, year.empty) >= 0
    assert year.completed + year.empty <= (assumed.groups * MONTHS + 1) * assumed.places
    assert year.wait is None or 0 <= year.wait <= MONTHS + 0.001


def test_the_tenths_of_a_hundred_values() -> None:
    assert over(list(range(100))) == Range(10, 50, 90)
    assert over([3.0]) == Range(3.0, 3.0, 3.0)


def test_who_still_waits_has_waited_longest() -> None:
    assert over([None, 2.0, 1.0, None, None, None, None, None, None, None]) == Range(2.0, None, None)


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "simpy", None)
    with pytest.raises(NoSimulator, match="backtolife\\[planner\\]"):
        played(STEADY)
