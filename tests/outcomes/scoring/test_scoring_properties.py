"""What must hold for any answers at all, on every shipped instrument that can be answered."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backtolife.outcomes.catalogue.instrument import Instrument, Item
from backtolife.outcomes.catalogue.rounding import half_up
from backtolife.outcomes.catalogue.shipped import shipped_instruments
from backtolife.outcomes.scoring.responses_in import Answer
from backtolife.outcomes.scoring.score import score

ANSWERABLE = [instrument for instrument in shipped_instruments() if instrument.items]
SINGLE_SCORE = [instrument for instrument in ANSWERABLE if instrument.primary and instrument.readiness == "shipped"]


def answer_to(item: Item) -> st.SearchStrategy[Answer]:
    if item.kind == "choice":
        return st.sampled_from(item.choices)
    if item.kind == "number":
        return st.floats(item.minimum, item.maximum, allow_nan=False)
    return st.sampled_from(sorted(item.points))


def whole_form(instrument: Instrument) -> st.SearchStrategy[list[Answer]]:
    return st.tuples(*(answer_to(item) for item in instrument.items)).map(list)


def any_form(instrument: Instrument) -> st.SearchStrategy[list[Answer]]:
    return st.tuples(*(st.none() | answer_to(item) for item in instrument.items)).map(list)


@pytest.mark.parametrize("instrument", ANSWERABLE, ids=lambda instrument: instrument.id)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_every_figure_lies_within_its_range_and_every_gap_is_counted(
    instrument: Instrument, data: st.DataObject
) -> None:
    answers = data.draw(any_form(instrument))
    found = score(instrument, {"items": answers})
    for scale in instrument.scales:
        value = found.figures[scale.id].value
        assert value is None or scale.lowest <= value <= scale.highest
    assert found.missing == (0 if instrument.tick_list and found.value is not None else answers.count(None))


@pytest.mark.parametrize("instrument", SINGLE_SCORE, ids=lambda instrument: instrument.id)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_whole_form_always_has_a_score_and_nothing_made_up(instrument: Instrument, data: st.DataObject) -> None:
    found = score(instrument, {"items": data.draw(whole_form(instrument))})
    assert found.value is not None
    assert found.missing == 0
    assert found.figures[instrument.primary or ""].prorated_raw is None
    assert all(answer is not None for answer in found.cutoffs.values())
    assert all(answer is not None for answer in found.classes.values())


@pytest.mark.parametrize("instrument", SINGLE_SCORE, ids=lambda instrument: instrument.id)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_a_form_not_submitted_never_has_a_score(instrument: Instrument, data: st.DataObject) -> None:
    found = score(instrument, {"items": data.draw(whole_form(instrument)), "submitted": False})
    assert (found.value, found.status) == (None, "incomplete")


@pytest.mark.parametrize(
    "instrument",
    [one for one in SINGLE_SCORE if one.scale(one.primary or "").bands],
    ids=lambda instrument: instrument.id,
)
def test_bands_leave_no_hole_except_where_the_notes_say_so(instrument: Instrument) -> None:
    scale = instrument.scale(instrument.primary or "")
    covered = {value for band in scale.bands for value in range(band.lowest, band.highest + 1)}
    holes = set(range(scale.lowest, scale.highest + 1)) - covered
    assert holes == (set(range(31, 53)) if instrument.id == "pcs-13" else set())


@given(
    numerator=st.fractions(min_value=-1000, max_value=1000, max_denominator=50),
    denominator=st.integers(1, 60),
    places=st.integers(0, 3),
)
def test_rounding_is_half_up_and_never_off_by_more_than_half_a_step(
    numerator: Fraction, denominator: int, places: int
) -> None:
    exact = Fraction(numerator) / denominator
    step = Fraction(1, 10**places)
    rounded = Fraction(half_up(numerator, denominator, places)).limit_denominator(10**places)
    assert -step / 2 < rounded - exact <= step / 2


def test_halves_go_up() -> None:
    assert (half_up(29, 2, 0), half_up(-29, 2, 0), half_up(1, 8, 2), half_up(1005, 1000, 2)) == (15, -14, 0.13, 1.01)
