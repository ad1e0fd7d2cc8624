"""What the page claims, and what it refuses to claim."""

from dataclasses import replace
from datetime import date

import pytest

from backtolife.reporting.analysis.noninferiority import Comparison, Verdict
from backtolife.reporting.figures.evidence import evidence
from backtolife.reporting.figures.published import beside, published
from backtolife.reporting.figures.remote import IN_HOUSE, NO_FIGURES, NO_FILE
from backtolife.reporting.figures.scope import Scope, scopes_of
from backtolife.reporting.pictures import pictures
from tests.reporting.conftest import Simulated
from tests.reporting.evidence import SERVICE, compared, computed, face_to_face, in_house, plan


def test_in_house_wording_gets_no_size_of_change(simulated: Simulated) -> None:
    found = computed(simulated.data)
    own = [row for row in found.change if row.measure.wording.in_house]
    official = [row for row in found.change if not row.measure.wording.in_house]
    assert {row.measure.instrument.id for row in own} == {"peg-3", "semcd-6"}
    assert all(row.shares == () for row in own)
    assert all(row.shares for row in official)


@pytest.mark.parametrize("against", ["own", "best-group-12m"])
def test_in_house_wording_never_reaches_a_comparison(simulated: Simulated, against: str) -> None:
    data = in_house(face_to_face(simulated.data), "rmdq-24")
    milestone = "end" if against == "own" else "month-12"
    (found,) = compared(data, replace(plan(against=against), milestone=milestone))
    assert (found.found, found.why_not) == (None, IN_HOUSE)
    assert all(each.instrument != "rmdq-24" for each in beside(data))
    whole = evidence(replace(data, plans=(plan(),)), SERVICE)
    assert pictures(whole).remote == (None,)


def test_published_results_stand_beside_official_wording_only(simulated: Simulated) -> None:
    assert {each.instrument for each in beside(simulated.data)} == {"rmdq-24", "phq-9", "gad-7"}
    assert all(each.caveat and each.source for each in published())


def test_enough_data_and_a_margin_in_time_give_a_verdict(simulated: Simulated) -> None:
    (found,) = compared(face_to_face(simulated.data), plan())
    assert isinstance(found.found, Comparison)
    assert found.found.verdict in (Verdict.NO_WORSE, Verdict.CANNOT_SAY)
    assert found.found.interval is not None
    assert found.left_out == 0


def test_people_who_could_answer_before_the_margin_was_fixed_do_not_count(simulated: Simulated) -> None:
    (late,) = compared(face_to_face(simulated.data), plan(fixed_on=date(2026, 2, 1)))
    (early,) = compared(face_to_face(simulated.data), plan())
    assert isinstance(late.found, Comparison)
    assert isinstance(early.found, Comparison)
    assert late.left_out > 0
    assert late.found.service_n < early.found.service_n
    (never,) = compared(face_to_face(simulated.data), plan(fixed_on=date(2026, 11, 1)))
    assert isinstance(never.found, Comparison)
    assert (never.found.service_n, never.found.verdict) == (0, Verdict.NOT_ENOUGH)


def test_a_small_margin_says_not_enough_data_yet(simulated: Simulated) -> None:
    (found,) = compared(face_to_face(simulated.data), plan(points=1.0))
    assert found.found is not None
    assert (found.found.verdict, found.found.difference) == (Verdict.NOT_ENOUGH, None)


def test_nothing_is_compared_without_a_file_or_with_a_result_that_has_no_spread(simulated: Simulated) -> None:
    assert compared(simulated.data, plan())[0].why_not == NO_FILE
    assert compared(simulated.data, plan(against="startback-12m"))[0].why_not == NO_FIGURES


def test_completers_are_not_shown_where_the_others_could_be_worked_out(simulated: Simulated) -> None:
    found = computed(simulated.data)
    both = {row.measure.key: row.change.basis.n for row in found.change}
    for row in found.completers:
        assert both[row.measure.key] - row.change.basis.n not in range(1, 5)


def test_fewer_than_five_pairs_show_nothing(simulated: Simulated) -> None:
    group = next(group for group in simulated.data.groups if group.ended)
    few = [member for member in simulated.data.members if member.group == group.id and member.sessions][:4]
    found = computed(replace(simulated.data, members=tuple(few)))
    assert (found.change, found.later, found.work) == ([], [], None)


def test_every_figure_says_how_many_when_who_and_how(simulated: Simulated) -> None:
    whole = evidence(replace(face_to_face(simulated.data), plans=(plan(),)), SERVICE)
    found = whole.computed
    assert found is not None
    assert whole.funnel is not None
    assert whole.satisfaction is not None
    assert found.work is not None
    said = [whole.funnel.basis, whole.satisfaction.basis, found.work.basis, found.between.basis]
    said += [row.change.basis for row in (*found.change, *found.completers, *found.later)]
    said += [row.effect.basis for row in found.change] + [each.sensitivity.basis for each in found.modelled]
    said += [share.found.basis for row in found.change for share in row.shares]
    said += [each.table.basis for each in found.fairness] + [each.basis for each in whole.associations]
    said += [each.found.basis for each in found.remote if each.found] + [chart.basis for chart in whole.over_time]
    for basis in said:
        assert 0 <= basis.n <= basis.of
        assert basis.window
        assert basis.population
        assert basis.how
    assert all("association" in each.basis.how.lower() for each in whole.associations)


def test_a_report_on_a_part_shows_the_services_own_rows_and_nothing_finer(simulated: Simulated) -> None:
    whole = evidence(simulated.data, SERVICE)
    for scope in scopes_of(simulated.data)[1:]:
        part = evidence(simulated.data, scope)
        assert part.parts == whole.parts
        assert (part.computed, part.funnel, part.satisfaction, part.associations) == (None, None, None, [])
    assert [scope.kind for scope in scopes_of(simulated.data)] == ["service", *["quarter"] * 4, *["cohort"] * 6]


def test_a_group_counts_once_its_questions_at_the_end_are_closed(simulated: Simulated) -> None:
    open_again = tuple(
        replace(group, closed=("baseline", "mid")) if place == 0 else group
        for place, group in enumerate(simulated.data.groups)
    )
    found = evidence(replace(simulated.data, groups=open_again), SERVICE)
    assert (len(found.groups), found.running) == (5, 1)
    assert evidence(replace(simulated.data, groups=()), Scope("service", "", "")).groups == ()
