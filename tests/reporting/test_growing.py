"""However a service grows, two of its reports never differ by 1 to 4 people, in any table."""

from collections.abc import Iterator
from dataclasses import asdict
from itertools import combinations
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backtolife.people.details.traits import TRAITS
from backtolife.reporting.dataset.shape import Data
from backtolife.reporting.figures.batches import batches_of
from backtolife.reporting.figures.change import ChangeRow
from backtolife.reporting.figures.evidence import Computed, Evidence, Waiting, evidence
from backtolife.reporting.figures.fairness import by_answer
from backtolife.reporting.figures.measures import measures_of
from backtolife.reporting.figures.scope import members_of
from backtolife.reporting.figures.walks import walks
from backtolife.reporting.results import report_page
from backtolife.reporting.results.number_words import waits
from tests.reporting.growing import reports_over_time
from tests.support.reporting.evidence import SERVICE

Named = tuple[object, ...]
SIZES = st.lists(st.integers(1, 13), min_size=2, max_size=10)


def numbers_of(found: Evidence) -> Iterator[tuple[Named, int | None]]:
    """Every number of people on the page by what it is; None is hidden."""
    assert found.computed is not None
    assert found.funnel is not None
    for step in found.funnel.steps[1:]:
        yield ("step", step.name), told(step.count)
    for row in (*found.parts.groups, *found.parts.quarters, found.parts.all):
        yield from ((("part", row.id, name), cell) for name, cell in zip(found.parts.columns, row.cells, strict=True))
    for dose in found.associations:
        yield ("dose", dose.name), told(dose.basis.n)
    yield from answers_as_they_are(found, found.computed)
    yield from numbers_of_change(found)
    for model in found.computed.modelled:
        yield ("model", model.measure.key), model.step.started
        yield ("model", model.measure.key, "missing"), model.step.missing
    for trait in found.computed.fairness:
        yield ("measured", trait.trait.id), trait.measured.n if trait.measured else None
    for remote in found.computed.remote:
        yield ("left out",), told(remote.left_out)
        yield ("remote",), remote.found.service_n if remote.found else None


def told(count: int) -> int | None:
    """As the page tells it."""
    return count if count >= 5 else None


def answers_as_they_are(found: Evidence, computed: Computed) -> Iterator[tuple[Named, int | None]]:
    if found.satisfaction is not None:
        said = found.satisfaction
        yield from ((("thought", n), each) for n, each in enumerate((said.basis.n, said.positive, said.negative)))
    if computed.work is not None:
        yield ("work",), computed.work.basis.n
        for name, before, after in computed.work.rows:
            yield from ((("work", name, "before"), before), (("work", name, "after"), after))
        if computed.work.days is not None:
            yield ("days",), computed.work.days.basis.n


def numbers_of_change(found: Evidence) -> Iterator[tuple[Named, int | None]]:
    for which, rows in changes_of(found):
        for row in rows:
            name = (which, row.milestone, row.measure.key)
            yield name, row.change.basis.n
            yield (*name, "of"), row.change.basis.of
            for each in row.shares:
                shown = each.improved is not None or each.worse is not None
                yield from (((*name, each.found.kind, way), getattr(each, way)) for way in ("improved", "worse"))
                yield (*name, each.found.kind), each.found.basis.n if shown else None


def changes_of(found: Evidence) -> list[tuple[str, list[ChangeRow]]]:
    assert found.computed is not None
    return [
        ("change", found.computed.change), ("completers", found.computed.completers), ("later", found.computed.later),
    ]  # fmt: skip


def means_of(found: Evidence) -> Iterator[tuple[Named, int, float]]:
    """Every mean with how many people it is of."""
    assert found.computed is not None
    for which, rows in changes_of(found):
        for row in rows:
            for part in ("mean_before", "mean_after", "improvement", "sd_change"):
                yield (which, row.milestone, row.measure.key, part), row.change.basis.n, getattr(row.change, part)
    if found.computed.work is not None and (days := found.computed.work.days) is not None:
        yield ("days",), days.basis.n, days.improvement or 0.0
    for part in (*found.parts.groups, *found.parts.quarters, found.parts.all):
        if part.gain is not None:
            yield ("part", part.id), part.cells[-1] or 0, part.gain
    for dose in found.associations:
        if dose.usual is not None:
            yield ("dose", dose.name), dose.basis.n, dose.usual
    for model in found.computed.modelled:
        yield ("model", model.measure.key), model.step.basis.n, model.step.improvement


@settings(deadline=None, max_examples=40)
@given(SIZES, st.integers(0, 10**6))
def test_no_number_of_two_reports_differs_by_one_to_four(sizes: list[int], seed: int) -> None:
    reports = [dict(numbers_of(evidence(data, SERVICE))) for data in reports_over_time(sizes, seed)]
    for before, after in combinations(reports, 2):
        for name, count in before.items():
            later = after.get(name)
            if count is not None and later is not None:
                assert later == count or later - count >= 5, (name, count, later)


@settings(deadline=None, max_examples=40)
@given(SIZES, st.integers(0, 10**6))
def test_no_mean_of_two_reports_differs_by_one_to_four_people(sizes: list[int], seed: int) -> None:
    reports = [list(means_of(evidence(data, SERVICE))) for data in reports_over_time(sizes, seed)]
    for before, after in combinations(reports, 2):
        then = {name: (n, mean) for name, n, mean in before}
        for name, n, mean in after:
            if name in then and then[name][1] != pytest.approx(mean, abs=1e-9):
                assert n - then[name][0] >= 5, name


@settings(deadline=None, max_examples=40)
@given(SIZES, st.integers(0, 10**6))
def test_no_mean_of_who_people_are_differs_by_one_to_four_people(sizes: list[int], seed: int) -> None:
    reports = []
    for data in reports_over_time(sizes, seed):
        found = evidence(data, SERVICE).computed
        assert found is not None
        reports.append(
            {
                (each.trait.id, row.name): whose(data, each.trait.id, row.name, mean.improvement)
                for each in found.fairness
                for row, mean in zip((*each.table.rows, each.table.everyone), each.means, strict=False)
                if mean.improvement is not None
            }
        )
    for before, after in combinations(reports, 2):
        for name in before.keys() & after.keys():
            assert len(before[name] ^ after[name]) not in range(1, 5), name


def whose(data: Data, trait: str, row: str, mean: float) -> set[str]:
    """The people whose improvements have this mean: those of a row in the first so many groups that have ended."""
    batches = batches_of(data)
    measure = batches.leading
    assert measure is not None
    groups = batches.steps.parts
    for end in range(len(groups), 0, -1):
        there = [walk for walk in walks(members_of(data, groups[:end]), measure) if walk.flags[-1]]
        named = next(each for each in TRAITS if each.id == trait)
        people = there if row == "Everyone" else by_answer(named, there)[row]
        if people and fmean(walk.before - walk.after for walk in people) == pytest.approx(mean, abs=1e-9):  # type: ignore[operator]
            return {walk.member.code for walk in people}
    raise AssertionError(f"The mean of “{row}” is of nobody.")


@settings(deadline=None, max_examples=20)
@given(SIZES, st.integers(0, 10**6))
def test_everybody_is_counted_once_a_large_group_has_ended(sizes: list[int], seed: int) -> None:
    *_, last = reports_over_time([*sizes, 200], seed)
    large = last.groups[-1]
    until = {group.id for group in last.groups if group.ended_on <= large.ended_on}
    batches = batches_of(last)
    assert until <= {group.id for group in batches.steps.parts}
    for measure in measures_of(last):
        assert until <= {group.id for group in batches.both(measure).parts}
        assert until <= {group.id for group in batches.completers(measure).parts}


def test_the_report_says_whose_answers_wait() -> None:
    *_, last = reports_over_time([13, 13, 4], 1)
    page = report_page.page_of(report_page.pack({"data": last.as_plain(), "scope": asdict(SERVICE)}))
    assert "when there are at least 5 of them for each of its numbers" in page
    assert "Answers of fewer than 5 people in 1 group wait for the next release." in page
    assert waits(Waiting(2, 10)) == "Answers of about 10 people in 2 groups wait for the next release."


def test_nobody_waits_where_every_group_is_large() -> None:
    *_, last = reports_over_time([40], 1)
    page = report_page.page_of(report_page.pack({"data": last.as_plain(), "scope": asdict(SERVICE)}))
    assert "wait for the next release" not in page
