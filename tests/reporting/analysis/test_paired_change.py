"""The mean change of a group, against scipy and statsmodels."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.weightstats import DescrStatsW

from backtolife.errors import Invalid
from backtolife.reporting.analysis.change.effects import standardised
from backtolife.reporting.analysis.change.paired import paired_change
from tests.reporting.analysis.people import ABOUT, RUNS
from tests.reporting.recompute.robust import error_of

BEFORE = [15, 12, None, 18, 9, 14, 20, 7, 11, 16]
AFTER = [10, 11, 4, 12, 10, None, 13, 7, 5, 12]
BOTH = [(15, 10), (12, 11), (18, 12), (9, 10), (20, 13), (7, 7), (11, 5), (16, 12)]


def test_the_change_is_the_one_scipy_finds() -> None:
    found = paired_change(BEFORE, AFTER, higher_is_better=False, about=ABOUT)
    ones, twos = zip(*BOTH, strict=True)
    theirs = stats.ttest_rel(ones, twos).confidence_interval(0.95)
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == pytest.approx((theirs.low, theirs.high), abs=1e-10)
    assert found.improvement == pytest.approx(3.5)
    assert found.correlation == pytest.approx(stats.pearsonr(ones, twos).statistic)
    assert (found.basis.n, found.basis.of) == (8, 10)
    assert (found.basis.window, found.basis.population) == (ABOUT.window, ABOUT.population)
    assert "Student" in found.basis.how


def test_the_change_is_the_one_statsmodels_finds() -> None:
    found = paired_change(BEFORE, AFTER, higher_is_better=True, about=ABOUT)
    theirs = DescrStatsW([after - before for before, after in BOTH])
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == pytest.approx(theirs.tconfint_mean(0.05), abs=1e-10)
    assert (found.se, found.sd_change) == pytest.approx(
        (theirs.std_mean, np.std([-5, -1, -6, 1, -7, 0, -6, -4], ddof=1))
    )


def test_nobody_with_both_scores_is_no_figure_and_not_nought() -> None:
    found = paired_change([3, None], [None, 4], higher_is_better=True, about=ABOUT)
    assert (found.improvement, found.interval, found.basis.n, found.basis.of) == (None, None, 0, 2)


def test_one_person_has_a_change_and_no_interval() -> None:
    found = paired_change([3], [4], higher_is_better=True, about=ABOUT)
    assert (found.improvement, found.sd_change, found.interval) == (1, None, None)


def test_a_change_shared_by_everyone_has_no_standardised_effect() -> None:
    found = standardised([0.1, 0.2, 0.7], [0.3, 0.4, 0.9], higher_is_better=True, about=ABOUT)
    assert (found.dz, found.d_av) == (None, None)


@pytest.mark.parametrize("after", [[1.0], [1.0, float("nan")], [1.0, float("inf")]])
def test_scores_that_do_not_fit_are_refused(after: list[float]) -> None:
    with pytest.raises(Invalid):
        paired_change([1.0, 2.0], after, higher_is_better=True, about=ABOUT)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 24), st.none() | st.integers(0, 24)), max_size=30))
def test_turning_the_instrument_round_turns_the_improvement_round(people: list[tuple[int, int | None]]) -> None:
    before, after = [one for one, _ in people], [two for _, two in people]
    up = paired_change(before, after, higher_is_better=True, about=ABOUT)
    down = paired_change(before, after, higher_is_better=False, about=ABOUT)
    assert up.improvement == (None if down.improvement is None else pytest.approx(-down.improvement))
    assert up.basis.n == sum(two is not None for two in after)
    if up.interval is not None and up.improvement is not None:
        assert up.interval.low <= up.improvement <= up.interval.high


def test_the_standardised_effects_leave_a_fortieth_on_either_side() -> None:
    found = standardised(BEFORE, AFTER, higher_is_better=False, about=ABOUT)
    gains = np.array([before - after for before, after in BOTH])
    assert found.dz == pytest.approx(gains.mean() / gains.std(ddof=1))
    spread = np.sqrt((np.var([one for one, _ in BOTH], ddof=1) + np.var([two for _, two in BOTH], ddof=1)) / 2)
    assert found.d_av == pytest.approx(gains.mean() / spread)
    statistic = float(stats.ttest_1samp(gains, 0).statistic)
    assert found.dz_interval is not None
    for limit, above in ((found.dz_interval.low, 0.025), (found.dz_interval.high, 0.975)):
        assert stats.nct.sf(statistic, 7, limit * np.sqrt(8)) == pytest.approx(above, abs=1e-6)


def test_half_a_spread_among_a_hundred_people() -> None:
    # t(99) = 5.0 with n = 100: dz 0.5, 95 % interval by inverting the non-central t with scipy's root finder.
    pattern = np.array([-1.0, 1.0] * 50)
    gains = 0.5 + pattern / pattern.std(ddof=1)
    found = standardised([0.0] * 100, gains.tolist(), higher_is_better=True, about=ABOUT)
    assert found.dz == pytest.approx(0.5, abs=1e-8)
    assert found.dz_interval is not None
    assert (found.dz_interval.low, found.dz_interval.high) == pytest.approx((0.290901, 0.706846), abs=1e-5)


def test_the_intervals_hold_the_truth_as_often_as_they_say() -> None:
    rng = np.random.default_rng(20260301)
    held = {"change": 0, "dz": 0, "d_av": 0}
    for _ in range(RUNS):
        before = rng.normal(12, 5, 14)
        after = before * 0.7 + rng.normal(1.6, 4, 14)
        spread_after = np.sqrt((0.7 * 5) ** 2 + 16)
        truth, sd = 2.0, np.sqrt((0.3 * 5) ** 2 + 16)
        change = paired_change(before.tolist(), after.tolist(), higher_is_better=False, about=ABOUT)
        effect = standardised(before.tolist(), after.tolist(), higher_is_better=False, about=ABOUT)
        for name, interval, value in (
            ("change", change.interval, truth),
            ("dz", effect.dz_interval, truth / sd),
            ("d_av", effect.d_av_interval, truth / np.sqrt((25 + spread_after**2) / 2)),
        ):
            assert interval is not None
            held[name] += interval.low <= value <= interval.high
    assert all(0.93 <= times / RUNS <= 0.97 for times in held.values()), held


def test_people_in_groups_get_the_interval_of_the_articles_matrices() -> None:
    """CR2 and Satterthwaite by whole matrices, in the script that knows nothing of the product."""
    dice = np.random.default_rng(3)
    groups = [f"Group {group}" for group in range(7) for _ in range(int(dice.integers(3, 13)))]
    before = list(dice.integers(5, 20, len(groups)).astype(float))
    after = [one - float(dice.integers(-3, 9)) for one in before]
    found = paired_change(before, after, higher_is_better=False, about=ABOUT, groups=groups)
    error, freedom = error_of([one - two for one, two in zip(before, after, strict=True)], groups)
    assert (found.se, found.freedom) == pytest.approx((error, freedom), rel=1e-9)
    assert "cluster-robust" in found.basis.how


def test_groups_of_one_size_have_their_number_less_one_degrees_of_freedom() -> None:
    groups = [str(place // 8) for place in range(48)]
    found = paired_change([9.0] * 48, [float(place % 7) for place in range(48)], higher_is_better=False, about=ABOUT,
                          groups=groups)  # fmt: skip
    assert found.freedom == pytest.approx(5)


@pytest.mark.parametrize("icc", [0.05, 0.15])
def test_the_95_per_cent_interval_holds_the_truth_95_times_in_100_where_people_share_groups(icc: float) -> None:
    """Ten groups of 6 to 12: by person it would be 79 to 90 in 100."""
    dice, truth, rounds = np.random.default_rng(11), 3.0, 1500
    held = by_person = 0
    for _ in range(rounds):
        sizes = dice.integers(6, 13, 10)
        shared = np.repeat(dice.normal(0, np.sqrt(icc), 10), sizes)
        gains = truth + shared + dice.normal(0, np.sqrt(1 - icc), len(shared))
        groups = [str(group) for group in np.repeat(np.arange(10), sizes)]
        zeros = [0.0] * len(gains)
        found = paired_change(zeros, list(gains), higher_is_better=True, about=ABOUT, groups=groups).interval
        alone = paired_change(zeros, list(gains), higher_is_better=True, about=ABOUT).interval
        assert found is not None
        assert alone is not None
        held += found.low <= truth <= found.high
        by_person += alone.low <= truth <= alone.high
    assert 0.935 <= held / rounds <= 0.965
    assert by_person / rounds < 0.93
