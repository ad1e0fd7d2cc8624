"""From answers to one figure: filling gaps by the rule, then sum, mean, per cent, ratio or either-or."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from backtolife.outcomes.catalogue.instrument import Instrument, Scale
from backtolife.outcomes.catalogue.rounding import Exact, exact
from backtolife.outcomes.catalogue.tables import CONSTANT, TABLED, Tables, weight_key
from backtolife.outcomes.scoring.responses_in import Answers

Points = Sequence[Exact | None]
Ratio = tuple[Exact, int]


def points_of(instrument: Instrument, answers: Answers) -> list[Exact | None]:
    """What each answer counts for; None where there is no answer or a choice item counts for nothing."""
    points: list[Exact | None] = []
    for item, value in zip(instrument.items, answers.values, strict=True):
        if value is None or isinstance(value, str):
            points.append(None)
        else:
            points.append(item.points[value] if item.kind == "whole" else exact(value))
    return points


def compute(
    instrument: Instrument,
    scale: Scale,
    answers: Answers,
    points: Points,
    *,
    earlier: Mapping[str, Ratio | None],
    tables: Tables,
) -> Ratio | None:
    """The figure before rounding as (numerator, denominator).

    None when the gaps or the answers do not allow one, or the table it is looked up in is not among `tables`.
    """
    if scale.only_if is not None and answers.values[scale.only_if[0]] != scale.only_if[1]:
        return None
    if scale.method == "either":
        return _either(scale, earlier)
    chosen = [points[index] for index in scale.items]
    given = [point for point in chosen if point is not None]
    if not allowed(scale, answers, len(chosen) - len(given)):
        return None
    if scale.method == "ratio":
        return _ratio(scale, sum(given) * scale.multiply, points)
    if scale.method in TABLED:
        return _looked_up(instrument, scale, answers, given, tables)
    return _combined(instrument, scale, points, given)


def _looked_up(
    instrument: Instrument, scale: Scale, answers: Answers, given: Sequence[Exact], tables: Tables
) -> Ratio | None:
    table = tables.get(scale.id)
    if table is None:
        return None
    if scale.method == "table_of_sum":
        return table[str(sum(given))], 1
    if scale.method == "table_of_answers":
        return table["".join(str(answers.values[index]) for index in scale.items)], 1
    weights = (table[weight_key(instrument.items[index].id, answers.values[index])] for index in scale.items)
    return table[CONSTANT] + sum(weights), 1


def _combined(instrument: Instrument, scale: Scale, points: Points, given: Sequence[Exact]) -> Ratio:
    total = sum(given) * scale.multiply
    if scale.missing.policy == "tick":
        return total, 1
    if scale.method == "mean":
        return total, len(given)
    if scale.method == "percent_of_maximum":
        most = sum(max(instrument.items[index].points.values()) for index in scale.items if points[index] is not None)
        return 100 * total, most
    whole = len(scale.items)
    return (total, 1) if len(given) == whole else (total * whole, len(given))


def allowed(scale: Scale, answers: Answers, gaps: int) -> bool:
    """Whether the rule for missing items lets this many gaps pass."""
    rule = scale.missing
    if rule.policy == "tick" and answers.ticked:
        return gaps < len(scale.items) or "none_apply_confirmed" in answers.flags
    if gaps == 0 or gaps <= rule.allowed:
        return True
    return rule.flag in answers.flags and all(
        answers.values[index] is not None for index in scale.items if index not in rule.items
    )


def _ratio(scale: Scale, total: Exact, points: Points) -> Ratio | None:
    below = [points[index] for index in scale.over]
    known = [point for point in below if point is not None]
    whole = sum(known)
    if len(known) < len(below) or whole == 0:
        return None
    return Fraction(total, 1) / Fraction(whole), 1


def _either(scale: Scale, earlier: Mapping[str, Ratio | None]) -> Ratio | None:
    first, second = (earlier[name] for name in scale.of)
    if first is None or second is None:
        return None
    share, other = Fraction(first[0], 1) / first[1], Fraction(second[0], 1) / second[1]
    return share + (100 - share) * other / 100, 1
