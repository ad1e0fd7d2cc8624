"""How many got better and how many worse, by the instrument's own sizes of change."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from backtolife.errors import Invalid
from backtolife.outcomes.catalogue.shipped import load_instrument
from backtolife.outcomes.scoring.responses_in import InvalidAnswer
from backtolife.reporting.analysis.basics.proportion import share
from backtolife.reporting.analysis.basics.refusals import InHouseWording
from backtolife.reporting.analysis.change.meaningful import meaningful_change
from tests.reporting.analysis.people import ABOUT

RMDQ = load_instrument("rmdq-24")


def test_better_and_worse_are_both_counted() -> None:
    found = meaningful_change(RMDQ, [15, 15, 10, 8, None, 12], [10, 9, 9, 14, 3, None], in_house=False, about=ABOUT)
    assert found.minimal is not None
    assert found.reliable is not None
    assert (found.minimal.improved.count, found.minimal.worse.count, found.minimal.unclear.count) == (2, 1, 1)
    # 5.81 points are needed: 15 to 10 is within measurement error.
    assert (found.reliable.improved.count, found.reliable.worse.count, found.reliable.unclear.count) == (1, 1, 2)
    assert (found.minimal.basis.n, found.minimal.basis.of) == (4, 6)
    assert found.minimal.limit.source == "Ostelo 2008 Spine 33:90"


def test_per_cent_of_the_start_leaves_out_a_start_at_nought() -> None:
    found = meaningful_change(RMDQ, [0, 10, 10, 10], [3, 7, 13, 8], in_house=False, about=ABOUT)
    assert found.minimal_percent is not None
    counts = [each.count for each in (found.minimal_percent.improved, found.minimal_percent.worse)]
    assert (counts, found.minimal_percent.basis.n) == ([1, 1], 3)


def test_in_house_wording_gets_no_size_of_change() -> None:
    with pytest.raises(InHouseWording):
        meaningful_change(RMDQ, [15], [5], in_house=True, about=ABOUT)


def test_without_a_known_size_there_is_no_figure() -> None:
    found = meaningful_change(load_instrument("semcd-6"), [4, 5], [8, 5], in_house=False, about=ABOUT)
    assert found.minimal is None


def test_a_score_the_instrument_cannot_have_is_refused() -> None:
    with pytest.raises(InvalidAnswer):
        meaningful_change(RMDQ, [25], [5], in_house=False, about=ABOUT)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 24), st.none() | st.integers(0, 24)), max_size=40))
def test_everyone_is_better_or_worse_or_neither(people: list[tuple[int, int | None]]) -> None:
    found = meaningful_change(RMDQ, [one for one, _ in people], [two for _, two in people], in_house=False, about=ABOUT)
    both = [(one, two) for one, two in people if two is not None]
    for kind, least in ((found.minimal, 5), (found.reliable, 5.81)):
        assert kind is not None
        assert kind.improved.count == sum(one - two >= least for one, two in both)
        assert kind.worse.count == sum(two - one >= least for one, two in both)
        assert kind.improved.count + kind.worse.count + kind.unclear.count == len(both) == kind.basis.n


@settings(deadline=None)
@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_has_the_interval_statsmodels_gives_it(pair: tuple[int, int]) -> None:
    found = share(*pair)
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == pytest.approx(
        proportion_confint(*pair, method="wilson"), abs=1e-9
    )


def test_a_share_of_nobody_is_no_number() -> None:
    assert share(0, 0).proportion is None


def test_a_share_above_the_whole_is_refused() -> None:
    with pytest.raises(Invalid):
        share(3, 2)
