"""Groups and services beside all together."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from backtolife.errors import Invalid
from backtolife.reporting.analysis.comparison.funnel import (
    Unit,
    Whole,
    rate_funnel,
    rate_limits,
    share_funnel,
    share_limits,
)
from backtolife.reporting.analysis.service.completion import completion
from tests.reporting.analysis.people import ABOUT


@settings(deadline=None)
@given(n=st.integers(1, 300), share=st.floats(0.02, 0.98), level=st.sampled_from([0.95, 0.998]))
def test_a_share_is_outside_just_when_its_exact_tail_is_small_enough(n: int, share: float, level: float) -> None:
    limits = share_limits(n, share, level)
    for count in range(n + 1):
        low, high = stats.binom.cdf(count, n, share), stats.binom.sf(count - 1, n, share)
        if min(abs(low - (1 - level) / 2), abs(high - (1 - level) / 2)) > 1e-6:
            assert (count / n < limits.low) == (low < (1 - level) / 2)
            assert (count / n > limits.high) == (high < (1 - level) / 2)


@settings(deadline=None)
@given(of=st.floats(0.5, 300), rate=st.floats(0.01, 3), level=st.sampled_from([0.95, 0.998]))
def test_a_rate_is_outside_just_when_its_exact_tail_is_small_enough(of: float, rate: float, level: float) -> None:
    limits = rate_limits(of, rate, level)
    expected = of * rate
    for count in range(int(expected + 6 * expected**0.5 + 10)):
        low, high = stats.poisson.cdf(count, expected), stats.poisson.sf(count - 1, expected)
        if min(abs(low - (1 - level) / 2), abs(high - (1 - level) / 2)) > 1e-6:
            assert (count / of < limits.low) == (low < (1 - level) / 2)
            assert (count / of > limits.high) == (high < (1 - level) / 2)


def test_who_lies_where_is_said() -> None:
    found = share_funnel([Unit("A", 45, 60), Unit("B", 40, 60), Unit("C", 15, 60), Unit("new", 0, 0)], about=ABOUT)
    assert found.centre == pytest.approx(100 / 180)
    assert [(point.name, point.places) for point in found.points] == [
        ("A", ("high", "inside")),
        ("B", ("inside", "inside")),
        ("C", ("low", "low")),
    ]
    assert (found.basis.n, found.basis.of) == (3, 4)
    assert "binomial" in found.basis.how


def test_all_together_holds_those_that_are_not_shown() -> None:
    found = share_funnel([Unit("A", 8, 10), Unit("B", 7, 10)], about=ABOUT, whole=Whole(18, 30, 3))
    assert found.centre == pytest.approx(0.6)
    assert (found.basis.n, found.basis.of) == (2, 3)
    assert found.points[0].limits[0] == share_limits(10, 0.6, 0.95)


def test_the_limits_close_in_as_units_grow() -> None:
    lines = share_funnel([Unit("A", 8, 12), Unit("B", 150, 240)], about=ABOUT).lines
    widths = [line.limits[0].high - line.limits[0].low for line in lines]
    assert (lines[0].of, lines[-1].of) == (12, 240)
    assert widths[-1] < widths[len(widths) // 2] < widths[0]


def test_rates_are_counted_over_any_exposure() -> None:
    found = rate_funnel([Unit("A", 3, 12.5), Unit("B", 4, 20.0)], about=ABOUT)
    assert found.centre == pytest.approx(7 / 32.5)
    assert "Poisson" in found.basis.how


def test_nobody_anywhere_is_no_funnel() -> None:
    assert share_funnel([], about=ABOUT).centre is None


@pytest.mark.parametrize("unit", [Unit("A", 3, 2), Unit("A", -1, 2), Unit("A", 1, 2.5)])
def test_a_share_that_cannot_be_is_refused(unit: Unit) -> None:
    with pytest.raises(Invalid, match="“A”"):
        share_funnel([unit], about=ABOUT)


def test_a_rate_below_nought_is_refused() -> None:
    with pytest.raises(Invalid):
        rate_funnel([Unit("A", 1, -2)], about=ABOUT)


def test_each_step_is_a_share_of_the_one_before_and_of_the_first() -> None:
    found = completion([("Referred", 412), ("Offered", 341), ("Started", 231), ("Measured", 149)], about=ABOUT)
    started = found.steps[2]
    assert (started.lost, found.largest_loss) == (110, "Started")
    assert started.of_before is not None
    assert started.of_first is not None
    assert (started.of_before.proportion, started.of_first.proportion) == pytest.approx((231 / 341, 231 / 412))
    assert (found.basis.n, found.basis.of) == (149, 412)


@pytest.mark.parametrize("steps", [[], [("A", 3), ("B", 4)], [("A", -1)]])
def test_more_people_at_a_later_step_are_refused(steps: list[tuple[str, int]]) -> None:
    with pytest.raises(Invalid):
        completion(steps, about=ABOUT)
