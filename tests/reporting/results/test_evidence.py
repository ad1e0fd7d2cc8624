"""What the page claims, and what it refuses to claim."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from backtolife.reporting.analysis.comparison.noninferiority import Comparison, Verdict
from backtolife.reporting.dataset.shape import Data
from backtolife.reporting.figures.evidence import evidence
from backtolife.reporting.figures.face_to_face.published import beside, published
from backtolife.reporting.figures.face_to_face.remote import IN_HOUSE, NO_FIGURES, NO_FILE, TOO_LATE
from backtolife.reporting.figures.scope import Scope, scopes_of
from backtolife.reporting.results.charts_on_page import pictures
from tests.reporting.conftest import Simulated
from tests.support.reporting.evidence import SERVICE, compared, computed, face_to_face, in_house, left_early, plan


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
    scopes = scopes_of("Simulated service", whole.groups)
    for scope in scopes[1:]:
        part = evidence(simulated.data, scope)
        assert part.parts == whole.parts
        assert (part.computed, part.funnel, part.satisfaction, part.associations) == (None, None, None, [])
    assert [scope.kind for scope in scopes] == ["service", *["quarter"] * 4, *["cohort"] * 6]


def test_a_group_counts_once_its_questions_at_the_end_are_closed(simulated: Simulated) -> None:
    open_again = tuple(
        replace(group, closed=("baseline", "mid")) if place == 0 else group
        for place, group in enumerate(simulated.data.groups)
    )
    found = evidence(replace(simulated.data, groups=open_again), SERVICE)
    assert (len(found.groups), found.running) == (5, 1)
    assert evidence(replace(simulated.data, groups=()), Scope("service", "", "")).groups == ()


def test_a_comparison_is_one_look_at_the_planned_number_and_later_groups_change_nothing(simulated: Simulated) -> None:
    data = face_to_face(simulated.data)
    (found,) = compared(data, plan())
    assert isinstance(found.found, Comparison)
    assert found.later > 0
    groups = sorted((group for group in data.groups if group.ended), key=lambda group: group.opened["end"])
    for gone in (1, 2):
        fewer = replace(data, groups=tuple(group for group in data.groups if group not in groups[-gone:]))
        (again,) = compared(fewer, plan())
        assert again.found == found.found
        assert again.later < found.later


def test_results_brought_after_the_first_remote_ones_compare_nothing(simulated: Simulated) -> None:
    data = face_to_face(simulated.data)
    assert data.brought is not None
    late = replace(data, brought=replace(data.brought, imported_on="2026-11-01"))
    (found,) = compared(late, plan())
    assert (found.found, found.why_not) == (None, TOO_LATE)


def test_a_margin_above_half_of_what_one_person_would_notice_is_called_wide(simulated: Simulated) -> None:
    wide, narrow = compared(face_to_face(simulated.data), plan(points=2.6), plan(points=2.5))
    assert (wide.noticed, narrow.noticed) == (5, None)


def test_completers_beside_a_comparison_are_hidden_where_one_to_four_did_not_complete(simulated: Simulated) -> None:
    (found,) = compared(face_to_face(simulated.data), plan())
    assert isinstance(found.found, Comparison)
    assert found.checks is not None
    assert found.checks.completers is None


def test_a_comparison_shows_the_missing_completers_and_who_got_better(simulated: Simulated) -> None:
    (found,) = compared(face_to_face(left_early(simulated.data, every=3)), plan())
    checks, held = found.checks, found.found
    assert checks is not None
    assert isinstance(held, Comparison)
    assert checks.completers is not None
    assert checks.completers.n <= held.service_n - 5
    assert [row.side for row in checks.responders] == ["Remote", "Face to face"]
    assert checks.responders[0].n == held.service_n
    if held.interval is not None and held.interval.low > -4 and checks.missing:
        share = checks.missing / (checks.missing + held.service_n)
        assert checks.tipping == pytest.approx((held.interval.low + 4) / share)


def test_who_tried_at_home_before_they_first_came_is_counted_of_those_who_said_yes(simulated: Simulated) -> None:
    found = evidence(simulated.data, SERVICE)
    assert found.trial is not None
    assert found.funnel is not None
    assert found.trial.tried is not None
    assert 5 <= found.trial.tried <= found.trial.basis.n - 5
    assert found.trial.basis.n == found.funnel.steps[2].count, "here both count the same groups"
    assert evidence(with_trials(simulated.data, "9999-12-31"), SERVICE).trial is None, "that was too late to help"


@pytest.mark.parametrize(("not_tried", "shown"), [(3, False), (5, True)])
def test_how_many_tried_is_hidden_where_it_tells_that_a_few_did_not(
    simulated: Simulated, not_tried: int, *, shown: bool
) -> None:
    said_yes = [each.code for each in simulated.data.members if each.said_yes and each.started]
    data = with_trials(simulated.data, "2000-01-01", but=said_yes[:not_tried])
    found = evidence(data, SERVICE).trial
    assert found is not None
    assert found.tried == (found.basis.n - not_tried if shown else None)


def with_trials(data: Data, day: str, but: Sequence[str] = ()) -> Data:
    """The same people, who all tried on one day, but for some who never did."""
    return replace(
        data,
        members=tuple(
            replace(
                each,
                dates={name: on for name, on in each.dates.items() if name != "tried"}
                | ({} if each.code in but else {"tried": day}),
            )
            for each in data.members
        ),
    )
