"""The change of everyone who started: against statsmodels, against the truth, and under worse suppositions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.regression.mixed_linear_model import MixedLM

from backtolife.errors import Invalid
from backtolife.reporting.analysis.basics.refusals import TooFew
from backtolife.reporting.analysis.change.mixed import MixedChange, Observation, mixed_change
from backtolife.reporting.analysis.change.paired import paired_change
from backtolife.reporting.analysis.change.random_intercept import fit
from backtolife.reporting.analysis.change.sensitivity import delta_adjusted
from tests.reporting.analysis.people import ABOUT, RUNS

TIMES = ("baseline", "end", "month-6")


def answers(rng: np.random.Generator, n: int, *, groups: int = 0, shared: float = 0.0) -> list[Observation]:
    """True improvements 3 and 2. Who starts badly stops more often, seen from the baseline alone."""
    level = rng.normal(12, 4, n)
    group = np.arange(n) % max(groups, 1)
    rise = rng.normal(0, shared, max(groups, 1))[group] if shared else np.zeros(n)
    first = level + rng.normal(0, 2.5, n)
    stops = rng.random(n) < 1 / (1 + np.exp(-(first - 14) / 2))
    found = []
    for person in range(n):
        name = f"group {group[person]}" if groups else None
        values = [
            first[person],
            level[person] - 3 + rise[person] + rng.normal(0, 2.5),
            level[person] - 2 + rise[person] + rng.normal(0, 2.5),
        ]
        for time, value in zip(TIMES, values, strict=True):
            given = None if time != "baseline" and stops[person] else float(value)
            found.append(Observation(f"P{person}", time, given, name))
    return found


def changed(observations: list[Observation], times: tuple[str, ...] = TIMES) -> MixedChange:
    return mixed_change(observations, times=times, higher_is_better=False, about=ABOUT)


@pytest.mark.parametrize("seed", range(4))
def test_the_model_is_the_one_statsmodels_fits(seed: int) -> None:
    rng = np.random.default_rng(seed)
    there = [each for each in answers(rng, 40) if each.value is not None]
    scores = np.array([each.value for each in there], dtype=float)
    design = np.array([[1.0, each.time == "end", each.time == "month-6"] for each in there], dtype=float)
    names = list(dict.fromkeys(each.person for each in there))
    people = np.array([names.index(each.person) for each in there])
    ours = fit(design, scores, people, np.arange(len(names)))
    theirs = MixedLM(scores, design, groups=people).fit(reml=True, method=["bfgs"], gtol=1e-8)
    assert ours.coefficients == pytest.approx(theirs.fe_params, abs=1e-4)
    own = theirs.scale * np.eye(len(scores)) + theirs.cov_re[0, 0] * (people[:, None] == people[None, :])
    assert ours.covariance == pytest.approx(np.linalg.inv(design.T @ np.linalg.inv(own) @ design), rel=1e-2, abs=1e-4)
    assert ours.within == pytest.approx(theirs.scale, rel=1e-3)
    assert ours.between == pytest.approx(theirs.cov_re[0, 0], rel=1e-3)


def test_with_nobody_missing_it_is_the_paired_change() -> None:
    rng = np.random.default_rng(7)
    before, after = rng.normal(12, 4, 20), rng.normal(9, 4, 20)
    rows = [
        Observation(f"P{person}", time, float(values[person]))
        for time, values in (("baseline", before), ("end", after))
        for person in range(20)
    ]
    step = changed(rows, ("baseline", "end")).steps[0]
    plain = paired_change(before.tolist(), after.tolist(), higher_is_better=False, about=ABOUT)
    assert plain.interval is not None
    assert (step.improvement, step.se) == pytest.approx((plain.improvement, plain.se))
    assert (step.interval.low, step.interval.high) == pytest.approx((plain.interval.low, plain.interval.high))


def test_who_stopped_is_counted_and_said() -> None:
    rows = answers(np.random.default_rng(3), 60)
    step = changed(rows).steps[1]
    none = sum(each.value is None for each in rows if each.time == "month-6")
    assert none > 5
    assert (step.started, step.missing, step.basis.n, step.basis.of) == (60, none, 60 - none, 60)
    assert "counted by person" in step.basis.how


def test_people_who_shared_a_group_are_counted_by_group() -> None:
    rng = np.random.default_rng(5)
    found = changed(answers(rng, 72, groups=9, shared=1.5))
    alone = changed(
        [
            Observation(each.person, each.time, each.value)
            for each in answers(np.random.default_rng(5), 72, groups=9, shared=1.5)
        ]
    )
    assert (found.clusters, found.steps[0].freedom) == (9, 8)
    assert found.steps[0].improvement == pytest.approx(alone.steps[0].improvement)
    assert found.steps[0].se > alone.steps[0].se
    assert "counted by group" in found.basis.how


@pytest.mark.parametrize(("groups", "shared"), [(0, 0.0), (12, 1.0)])
def test_the_interval_holds_the_truth_as_often_as_it_says(groups: int, shared: float) -> None:
    rng = np.random.default_rng(20260302)
    held, centre, completers = 0, 0.0, 0.0
    for _ in range(RUNS):
        rows = answers(rng, 60, groups=groups, shared=shared)
        step = changed(rows).steps[0]
        held += step.interval.low <= 3 <= step.interval.high
        centre += step.improvement / RUNS
        completers += means_of_completers(rows) / RUNS
    assert 0.93 <= held / RUNS <= 0.97
    assert centre == pytest.approx(3, abs=0.05)
    # Those with both scores alone would tell less than the truth: they are the ones who happened to start low.
    assert completers < 2.8


def means_of_completers(rows: list[Observation]) -> float:
    values = {(each.person, each.time): each.value for each in rows}
    gains = [
        values[person, "baseline"] - end  # type: ignore[operator]
        for (person, time), end in values.items()
        if time == "end" and end is not None
    ]
    return float(np.mean(gains))


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [Observation("A", "baseline", 3), Observation("A", "end", 2)],
        [Observation("A", "baseline", 3), Observation("B", "baseline", 2), Observation("A", "end", 2)],
    ],
)
def test_too_few_people_are_no_model(rows: list[Observation]) -> None:
    with pytest.raises(TooFew):
        changed(rows, ("baseline", "end"))


@pytest.mark.parametrize(
    "rows",
    [
        [Observation("A", "baseline", 3), Observation("A", "baseline", 2)],
        [Observation("A", "year-9", 3)],
        [Observation("A", "baseline", float("nan"))],
    ],
)
def test_scores_that_cannot_be_are_refused(rows: list[Observation]) -> None:
    with pytest.raises(Invalid):
        changed(rows, ("baseline", "end"))


STEP = changed(answers(np.random.default_rng(11), 60)).steps[0]


@settings(deadline=None)
@given(st.lists(st.integers(0, 500), min_size=2, max_size=8, unique=True))
def test_the_worse_the_missing_did_the_smaller_the_change(tenths: list[int]) -> None:
    found = delta_adjusted(STEP, [tenth / 10 for tenth in sorted(tenths)])
    improvements = [row.improvement for row in found.rows]
    assert improvements == sorted(improvements, reverse=True)
    widths = [row.interval.high - row.interval.low for row in found.rows]
    assert widths == sorted(widths)
    lows = [row.interval.low for row in found.rows]
    assert lows == sorted(lows, reverse=True)


def test_no_adjustment_is_the_model_itself() -> None:
    row = delta_adjusted(STEP, [0]).rows[0]
    assert row.improvement == STEP.improvement
    assert row.interval.low == pytest.approx(STEP.interval.low)


def test_the_missing_count_by_their_share() -> None:
    row = delta_adjusted(STEP, [4]).rows[0]
    assert row.improvement == pytest.approx(STEP.improvement - 4 * STEP.missing / STEP.started)


def test_at_the_tipping_point_the_interval_reaches_the_threshold() -> None:
    tipping = delta_adjusted(STEP, [], threshold=0.5).tipping
    assert tipping is not None
    assert tipping > 0
    assert delta_adjusted(STEP, [tipping]).rows[0].interval.low == pytest.approx(0.5, abs=1e-9)


def test_a_change_that_is_not_clear_tips_at_once() -> None:
    assert delta_adjusted(STEP, [], threshold=20.0).tipping == 0


def test_where_nobody_is_missing_nothing_tips() -> None:
    rows = [
        Observation(f"P{n}", time, 10.0 + n % 3 - 4 * (time == "end") + 0.1 * n * (time == "end"))
        for n in range(9)
        for time in TIMES[:2]
    ]
    found = delta_adjusted(changed(rows, ("baseline", "end")).steps[0], [5])
    assert found.tipping is None


def test_the_missing_cannot_have_done_better_than_supposed() -> None:
    with pytest.raises(Invalid):
        delta_adjusted(STEP, [-1])
