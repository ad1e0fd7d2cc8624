"""Scoring one form by its instrument's data. No questionnaire has code of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backtolife.outcomes.catalogue.instrument import Instrument
from backtolife.outcomes.catalogue.rounding import half_up
from backtolife.outcomes.catalogue.tables import Tables, tabled
from backtolife.outcomes.scoring.alerts import level_of
from backtolife.outcomes.scoring.banding import band_of, class_of, cutoff_of
from backtolife.outcomes.scoring.responses_in import Answers, InvalidAnswer, read_answers
from backtolife.outcomes.scoring.result import Figure, ScoredForm, Seen, Status
from backtolife.outcomes.scoring.tally import tally
from backtolife.outcomes.scoring.transforms import Points, Ratio, compute, points_of

NOTHING = Figure(None)


def score(instrument: Instrument, responses: Mapping[str, Any], *, official: Tables | None = None) -> ScoredForm:
    """The score of one form; see `read_answers` for what `responses` may hold.

    `official` are the tables that came with the official form the answers were given on, whose answers are then known
    to count as printed; empty where it came without tables, None where the answers were given on no official form.

    A form not submitted has no value, yet its alerts stand. With `counts` (answer to number of people) the result is
    the tally instead. Raises InvalidAnswer, whose `code` is out_of_range, wrong_type, wrong_count, unknown_item,
    unknown_key, contradiction, no_answers or not_answerable.
    """
    if not isinstance(responses, Mapping):
        raise InvalidAnswer("wrong_type", 'Give the answers as an object, such as {"items": [1, 0]}.')
    if "counts" in responses:
        return _tallied(instrument, responses)
    answers = read_answers(instrument, responses)
    points = points_of(instrument, answers)
    figures = _figures(instrument, answers, points, official)
    primary = None if instrument.primary is None else figures[instrument.primary].value
    return ScoredForm(
        instrument=instrument.id,
        version=instrument.version,
        hash=instrument.hash,
        status=_status(instrument, answers, figures, official),
        missing=0 if answers.submitted and answers.ticked and primary is not None else answers.unanswered,
        primary=instrument.primary,
        figures=figures,
        cutoffs={cutoff.id: cutoff_of(cutoff, figures, points) for cutoff in instrument.cutoffs},
        classes={
            grouping.id: class_of(instrument, grouping, points) if answers.submitted else None
            for grouping in instrument.groupings
        },
        alerts=_alerts(instrument, answers, primary),
        recorded=_recorded(instrument, answers),
    )


def _figures(instrument: Instrument, answers: Answers, points: Points, official: Tables | None) -> dict[str, Figure]:
    # Without the licensed form nobody knows what an answer counts for, so a sum of bare answers would mislead.
    whole = answers.submitted and (instrument.readiness != "needs_form" or official is not None)
    raw: dict[str, Ratio | None] = {}
    figures: dict[str, Figure] = {}
    for scale in instrument.scales:
        found = compute(instrument, scale, answers, points, earlier=raw, tables=official or {}) if whole else None
        raw[scale.id] = found
        if found is None:
            figures[scale.id] = NOTHING
            continue
        value = half_up(*found, scale.places)
        gaps = scale.missing.policy in ("prorate", "not_applicable") and any(
            points[index] is None for index in scale.items
        )
        filled = float(found[0] / found[1]) if gaps else None
        figures[scale.id] = Figure(value, band_of(scale, value) if scale.bands else None, filled)
    return figures


def _status(instrument: Instrument, answers: Answers, figures: Mapping[str, Figure], official: Tables | None) -> Status:
    blank = answers.unanswered == len(answers.values) and not answers.ticked
    if blank or not answers.submitted:
        return "incomplete"
    if instrument.readiness != "shipped" and not scored_by(instrument, official):
        return instrument.readiness
    deciding = list(figures.values()) if instrument.primary is None else [figures[instrument.primary]]
    valued = [figure for figure in deciding if figure.value is not None]
    if len(valued) == len(deciding):
        return "scored"
    return "partly_scored" if valued else "incomplete"


def scored_by(instrument: Instrument, official: Tables | None) -> bool:
    """Whether the whole scoring is at hand: in the instrument's data, or with what came with the official form."""
    if instrument.readiness == "needs_form":
        return official is not None
    if instrument.readiness == "needs_table":
        return official is not None and all(scale.id in official for scale in tabled(instrument))
    return instrument.readiness == "shipped"


def _alerts(instrument: Instrument, answers: Answers, total: float | None) -> dict[str, Seen]:
    seen: dict[str, Seen] = {}
    for alert in instrument.alerts:
        value = answers.values[alert.item]
        whole = value if isinstance(value, int) else None
        seen[alert.id] = Seen(whole, level_of(alert, whole, total))
    return seen


def _recorded(instrument: Instrument, answers: Answers) -> dict[str, Any]:
    if instrument.readiness != "recorded":
        return {}
    return {item.id: value for item, value in zip(instrument.items, answers.values, strict=True)}


def _tallied(instrument: Instrument, responses: Mapping[str, Any]) -> ScoredForm:
    for name in responses:
        if name != "counts":
            raise InvalidAnswer("unknown_key", f"“counts” stands alone, without “{name}”.", name)
    found = tally(instrument, responses["counts"])
    return ScoredForm(
        instrument=instrument.id,
        version=instrument.version,
        hash=instrument.hash,
        status="tallied",
        missing=0,
        primary=None,
        figures={},
        cutoffs={},
        classes={},
        alerts={},
        recorded=found,
    )
