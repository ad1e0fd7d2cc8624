"""Remote against face to face: no worse by more than a margin fixed before anyone saw a result."""

import math
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.power import NormalIndPower

from backtolife.errors import Invalid
from backtolife.reporting.analysis.basics.refusals import InHouseWording, MarginTooLate, NoSpread
from backtolife.reporting.analysis.change.clustering import Member, intraclass
from backtolife.reporting.analysis.comparison.margin import required_beside, required_per_side
from backtolife.reporting.analysis.comparison.noninferiority import (
    Comparison,
    Person,
    Verdict,
    compare,
    estimate,
    side_of,
)
from backtolife.reporting.analysis.comparison.published import Published, PublishedComparison, against_published
from tests.reporting.analysis.people import ABOUT, FIRST_RESULT, RUNS, drawn, margin

BEST = Published("best_cba_12m", "RMDQ", 2.4, 4.84, 399, "Lamb 2010 Lancet 375:916", "One arm of a trial.")
NOISE = 1.645 * math.sqrt(0.025 * 0.975 / RUNS)
"""How far above 2.5 % a right test's errors in RUNS runs go once in twenty times."""


def compared(service: list[Person], reference: list[Person], **plan: float) -> Comparison:
    return compare(
        service,
        reference,
        margin=margin(**plan),
        first_result=FIRST_RESULT,
        higher_is_better=False,
        in_house=False,
        about=ABOUT,
    )


def beside(people: list[Person], published: Published, **plan: float) -> PublishedComparison:
    return against_published(
        people,
        published,
        margin=margin(**plan),
        first_result=FIRST_RESULT,
        higher_is_better=True,
        in_house=False,
        about=ABOUT,
    )


def improved_by(mean: float, sd: float, n: int) -> list[Person]:
    """People whose improvements have exactly this mean and spread."""
    pattern = np.random.default_rng(4).normal(size=n)
    gains = mean + sd * (pattern - pattern.mean()) / pattern.std(ddof=1)
    return [Person(0.0, float(each)) for each in gains]


def test_the_planned_number_of_the_worked_example() -> None:
    assert required_per_side(5, 14) == 165
    assert required_per_side(5, 14, icc=0.05, group_size=10) == 239


@settings(deadline=None)
@given(st.floats(0.5, 5), st.floats(5, 20), st.sampled_from([0.8, 0.9, 0.95]))
def test_the_planned_number_is_the_first_with_the_power_statsmodels_finds(
    points: float, sd: float, power: float
) -> None:
    def theirs(n: int) -> float:
        return float(NormalIndPower().power(points / sd, n, 0.025, alternative="larger"))

    n = required_per_side(points, sd, power=power)
    assert theirs(n - 1) < power + 1e-9
    assert theirs(n) > power - 1e-9


def test_a_larger_comparison_leaves_fewer_to_find_and_a_tiny_one_no_hope() -> None:
    assert (required_beside(165, 165), required_beside(165, 330)) == (165, 110)
    assert (required_beside(165, 82), required_beside(165, 0)) == (None, None)


def test_the_difference_is_that_of_ordinary_least_squares() -> None:
    rng = np.random.default_rng(8)
    service, reference = drawn(rng, 80, gain=2.5), drawn(rng, 90, start=13.0)
    found = estimate(side_of(service, False), side_of(reference, False))
    both = [(each, 1.0) for each in service] + [(each, 0.0) for each in reference]
    design = np.array([[1.0, arm, each.before] for each, arm in both])
    theirs = OLS(np.array([each.before - each.after for each, _ in both]), design).fit()  # type: ignore[operator]
    assert found.difference == pytest.approx(theirs.params[1], abs=1e-10)
    assert found.se == pytest.approx(theirs.bse[1], rel=0.03)
    assert found.freedom == pytest.approx(theirs.df_resid, rel=0.15)
    assert found.icc is None


def test_in_groups_of_one_size_it_is_the_t_test_of_group_means() -> None:
    rng = np.random.default_rng(12)
    sides = [
        [
            Person(10.0, 10.0 - each.before + (each.after or 0), each.group)
            for each in drawn(rng, 80, groups=8, icc=0.3)
            if each.before
        ]
        for _ in range(2)
    ]
    found = estimate(*(side_of(side, False) for side in sides))
    means = [
        [np.mean([10 - (one.after or 0) for one in side if one.group == f"group {n}"]) for n in range(8)]
        for side in sides
    ]
    error = math.sqrt(sum(np.var(side, ddof=1) for side in means) / 8)
    assert found.icc is not None
    assert found.icc > 0
    assert found.se == pytest.approx(error, rel=0.08)
    assert 7 <= found.freedom <= 14.0001


def test_how_alike_people_in_a_group_are_is_the_known_figure() -> None:
    # Shrout and Fleiss 1979, table 2: six targets, four judges; one-way ICC(1,1) is 0.17.
    ratings = [(9, 2, 5, 8), (6, 1, 3, 2), (8, 4, 6, 8), (7, 1, 2, 6), (10, 5, 6, 9), (6, 2, 4, 7)]
    centre = np.mean(ratings)
    members = [Member(float(one - centre), target) for target, row in enumerate(ratings) for one in row]
    assert intraclass([members]) == pytest.approx(0.17, abs=0.005)


def test_a_clear_result_is_no_worse() -> None:
    rng = np.random.default_rng(1)
    found = compared(drawn(rng, 800, gain=2.5), drawn(rng, 800))
    assert found.verdict == Verdict.NO_WORSE
    assert found.interval is not None
    assert found.interval.low > -1
    assert "3 March 2026" in found.basis.how.replace("03 March", "3 March")


def test_a_line_across_the_margin_says_nothing_yet() -> None:
    rng = np.random.default_rng(2)
    assert compared(drawn(rng, 600, gain=1.2), drawn(rng, 600)).verdict == Verdict.CANNOT_SAY


def test_a_line_wholly_beyond_the_margin_is_said_as_plainly() -> None:
    rng = np.random.default_rng(3)
    assert compared(drawn(rng, 600, gain=-2.0), drawn(rng, 600)).verdict == Verdict.WORSE


def test_before_the_planned_number_nobody_sees_a_figure() -> None:
    rng = np.random.default_rng(4)
    found = compared(drawn(rng, 38), drawn(rng, 360))
    assert (found.verdict, found.difference, found.interval) == (Verdict.NOT_ENOUGH, None, None)
    assert (found.service_n, found.needed) == (38, required_beside(margin().required, 360))


def test_one_group_alone_cannot_tell_people_from_their_group() -> None:
    rng = np.random.default_rng(5)
    found = compared(drawn(rng, 800, groups=1), drawn(rng, 800))
    assert found.verdict == Verdict.NOT_ENOUGH


def test_people_without_both_scores_are_counted_and_left_out() -> None:
    rng = np.random.default_rng(6)
    found = compared([*drawn(rng, 600), Person(12, None), Person(None, 3)], drawn(rng, 600))
    assert (found.service_n, found.basis.n, found.basis.of) == (600, 1200, 1202)


def test_a_margin_fixed_once_results_were_there_is_refused() -> None:
    people = drawn(np.random.default_rng(7), 10)
    with pytest.raises(MarginTooLate, match="03 March 2026"):
        compare(
            people, people, margin=margin(), first_result=date(2026, 3, 3), higher_is_better=False, in_house=False,
            about=ABOUT,
        )  # fmt: skip


@pytest.mark.parametrize("published", [None, BEST])
def test_in_house_wording_never_reaches_a_comparison(published: Published | None) -> None:
    people = drawn(np.random.default_rng(8), 10)
    plan: dict[str, Any] = {"margin": margin(), "first_result": FIRST_RESULT, "higher_is_better": False, "about": ABOUT}
    with pytest.raises(InHouseWording):
        if published is None:
            compare(people, people, in_house=True, **plan)
        else:
            against_published(people, published, in_house=True, **plan)


@pytest.mark.parametrize("plan", [{"points": 0}, {"sd": 0}, {"icc": 1}, {"group_size": 0.5}, {"power": 0.3}])
def test_a_plan_that_cannot_be_is_refused(plan: dict[str, float]) -> None:
    with pytest.raises(Invalid):
        margin(**plan)


def test_the_published_worked_example() -> None:
    # Service 120, mean 3.1, SD 5.0 against BeST: difference 0.7, SE 0.5168, -0.313 to 1.713 with the normal curve.
    found = beside(improved_by(3.1, 5.0, 120), BEST, points=1.3)
    assert found.verdict == Verdict.NOT_ENOUGH
    found = beside(improved_by(3.1, 5.0, 120), BEST, points=1.0, sd=2.9)
    assert (found.difference, found.se) == pytest.approx((0.7, 0.5168), abs=5e-5)
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == pytest.approx((-0.313, 1.713), abs=0.01)
    assert found.verdict == Verdict.NO_WORSE
    assert "One arm of a trial." in found.basis.how


def test_a_published_result_without_its_spread_is_refused() -> None:
    bare = Published("cppp", "ODI", 7, None, 31, "abstract", "No spread given.")
    with pytest.raises(NoSpread):
        beside(improved_by(3, 5, 50), bare)


@pytest.mark.parametrize(("groups", "icc", "start"), [(0, 0.0, 12.0), (0, 0.0, 14.0), (12, 0.1, 12.0), (8, 0.25, 12.0)])
def test_one_in_forty_at_most_is_called_no_worse_though_worse_by_the_margin(
    groups: int, icc: float, start: float
) -> None:
    rng = np.random.default_rng(20260303)
    wrong, held = 0, 0
    for _ in range(RUNS):
        service = side_of(drawn(rng, 72, gain=1.0, groups=groups, icc=icc, start=start), False)
        reference = side_of(drawn(rng, 72, gain=2.0, groups=groups, icc=icc), False)
        found = estimate(service, reference)
        reach = limits(found.freedom) * found.se
        wrong += found.difference - reach > -1
        held += abs(found.difference + 1) <= reach
    assert wrong / RUNS <= 0.025 + NOISE
    assert 0.93 <= held / RUNS <= (0.97 if groups == 0 else 0.98)


def limits(freedom: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.975))


def test_a_service_beside_a_published_result_errs_no_more_often() -> None:
    rng = np.random.default_rng(20260304)
    wrong = 0
    for _ in range(RUNS):
        people = [Person(0.0, float(each)) for each in rng.normal(1.4, 5, 40)]
        reference = Published("drawn", "RMDQ", float(rng.normal(2.4, 5 / math.sqrt(200))), 5.0, 200, "drawn", "")
        wrong += beside(people, reference, sd=1.9).verdict == Verdict.NO_WORSE
    assert wrong / RUNS <= 0.025 + NOISE
