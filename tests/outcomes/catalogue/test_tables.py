"""Scores that are looked up: the table comes with the official form, is checked whole, and is pinned with the words."""

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from backtolife.errors import Conflict, Invalid
from backtolife.outcomes.catalogue.json_node import JsonNode
from backtolife.outcomes.catalogue.shipped import load_instrument, shipped_instruments
from backtolife.outcomes.catalogue.tables import checked, empty_table, tabled, tables_in
from backtolife.outcomes.catalogue.wording import Form
from backtolife.outcomes.fhir.mapping import as_form
from backtolife.outcomes.fhir.reading import read_questionnaire
from backtolife.outcomes.forms.adoption import adopt, form_of
from backtolife.outcomes.scoring.score import score
from tests.support.factories import Factory
from tests.support.outcomes.questionnaires import filled, imported, made_up_table

TABLED = sorted({each.id for each in shipped_instruments() if tabled(each)})


def scored(instrument: str, items: list[int | None], table: bytes | None = None) -> dict[str, Any]:
    measure = load_instrument(instrument)
    official = checked(tables_in(table, measure), measure) if table is not None else None
    return score(measure, {"items": items}, official=official).as_dict()


def official_form(instrument: str, resource: dict[str, Any]) -> Form:
    return as_form(read_questionnaire(JsonNode("f", "", resource)), load_instrument(instrument)).form


def test_four_instruments_are_scored_by_a_table() -> None:
    assert TABLED == ["eq-5d-5l", "promis-29", "sf-12", "swemwbs"]


@pytest.mark.parametrize("instrument", TABLED)
def test_the_empty_table_filled_in_fits_and_the_empty_one_does_not(instrument: str) -> None:
    measure = load_instrument(instrument)
    assert set(tables_in(made_up_table(instrument), measure)) == {scale.id for scale in tabled(measure)}
    with pytest.raises(Invalid, match="Row 2 of the table must end in a number"):
        tables_in(empty_table(measure).encode(), measure)


def test_the_empty_tables_have_every_key_that_can_occur() -> None:
    rows = {name: list(csv.reader(io.StringIO(empty_table(load_instrument(name)))))[1:] for name in TABLED}
    assert {name: len(found) for name, found in rows.items()} == {
        "eq-5d-5l": 5**5,
        "promis-29": 7 * 17,
        "sf-12": 2 * (1 + 47),
        "swemwbs": 29,
    }


@pytest.mark.parametrize(
    ("instrument", "items", "expected"),
    [
        ("eq-5d-5l", [1, 1, 2, 3, 1, 70], {"index": 0.85, "vas": 70}),
        ("eq-5d-5l", [1, 1, None, 3, 1, 70], {"index": None, "vas": 70}),
        ("swemwbs", [3] * 7, {"total": 21.0, "raw": 21}),
        ("promis-29", [*[2] * 28, 6], {"anxiety": 8.0, "pain_interference": 8.0, "pain_intensity": 6}),
        ("promis-29", [*[2] * 4, None, *[2] * 23, 6], {"anxiety": None, "depression": 8.0}),
        ("sf-12", [1] * 12, {"pcs": 46.0, "mcs": 46.0}),
        ("sf-12", [1] * 11 + [None], {"pcs": None, "mcs": None}),
    ],
)
def test_a_score_is_looked_up_by_sum_by_answers_or_by_weights(
    instrument: str, items: list[int | None], expected: dict[str, float | None]
) -> None:
    found = scored(instrument, items, made_up_table(instrument))
    assert {name: found[name] for name in expected} == expected
    assert found["status"] in ("scored", "partly_scored", "incomplete")


@pytest.mark.parametrize("instrument", TABLED)
def test_without_the_table_nothing_is_looked_up_and_the_status_says_so(instrument: str) -> None:
    measure = load_instrument(instrument)
    found = scored(instrument, [item.minimum for item in measure.items])
    assert found["status"] == "needs_table"
    assert {found[scale.id] for scale in tabled(measure)} == {None}


def lines(change: Callable[[list[str]], object]) -> bytes:
    rows = made_up_table("swemwbs").decode().split("\n")
    change(rows)
    return "\n".join(rows).encode()


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (b"\xff\xfe\x00", "is not a CSV file in UTF-8"),
        (b'scale,key,value\n"total,7', "is not a CSV file in UTF-8"),
        (b"", "The first row of the table must be: scale,key,value"),
        (b" " * 1_000_001, "too large for a table"),
        (lines(lambda rows: rows.pop()), "has no value for “total” 35"),
        (lines(lambda rows: rows.append(rows[-1])), "gives “total” 35 a second time"),
        (lines(lambda rows: rows.append("total,36,30")), "a value for “total” 36, which cannot occur"),
        (lines(lambda rows: rows.append("other,7,7")), "must be for: total"),
        (lines(lambda rows: rows.append("total,7")), "must have three cells, not 2"),
        (lines(lambda rows: rows.__setitem__(1, "total,7,=1+1")), "must end in a number such as 0.795, not “=1"),
        (lines(lambda rows: rows.__setitem__(1, "total,7,nan")), "must end in a number"),
        (lines(lambda rows: rows.__setitem__(1, "total,7,6.9")), "gives values outside 7 to 35"),
    ],
)
def test_a_table_that_does_not_fit_is_refused_with_its_row(table: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words) as refused:
        tables_in(table, load_instrument("swemwbs"))
    assert refused.value.field == "table"


def test_weights_that_would_leave_the_scale_are_refused() -> None:
    heavy = made_up_table("sf-12").replace(b"pcs,1=5,2.5", b"pcs,1=5,999")
    with pytest.raises(Invalid, match="“pcs” gives values outside 0 to 100"):
        tables_in(heavy, load_instrument("sf-12"))


def test_a_form_that_needs_no_table_takes_none() -> None:
    with pytest.raises(Invalid, match="needs no table"):
        tables_in(made_up_table("swemwbs"), load_instrument("pseq-10"))
    with pytest.raises(Invalid, match="needs no table"):
        empty_table(load_instrument("pseq-10"))


def test_the_table_is_pinned_with_the_words_and_another_needs_another_version(
    make: Factory, db: Session, now: datetime
) -> None:
    service, table = make.service(), made_up_table("swemwbs")
    row = imported(db, service, now, "swemwbs", table=table)
    assert imported(db, service, now, "swemwbs", table=table).id == row.id
    with pytest.raises(Conflict, match="another table"):
        imported(db, service, now, "swemwbs", table=table.replace(b"7.0", b"7.5"))
    with pytest.raises(Conflict, match="another table"):
        imported(db, service, now, "swemwbs")
    adopted = adopt(db, service_id=service.id, instrument="swemwbs", now=now)
    later = imported(db, service, now + timedelta(days=1), "swemwbs", form=filled("swemwbs", "2.0"))
    assert later.form_hash != adopted.wording_hash
    pinned = form_of(db, adopted).official
    assert pinned is not None
    assert pinned["total"]["7"] == 7


@pytest.mark.parametrize(("instrument", "scale"), [("hads", "anxiety"), ("msk-hq", "total"), ("cpaq-8", "total")])
def test_answers_on_the_official_form_count_as_it_prints_them(instrument: str, scale: str) -> None:
    measure, form = load_instrument(instrument), official_form(instrument, filled(instrument))
    answers = {question.id: question.options[-1].value for question in form.questions}
    on_the_form = score(measure, {"answers": answers}, official=form.official)
    assert on_the_form.status == "scored"
    points = [answers[measure.items[index].id] for index in measure.scale(scale).items]
    assert on_the_form.figures[scale].value == sum(int(point) for point in points)
    assert score(measure, {"answers": answers}).status == "needs_form"


def test_an_official_form_that_turns_too_few_questions_is_refused() -> None:
    resource = filled("cpaq-8")
    resource["item"][0]["answerOption"].reverse()
    with pytest.raises(Invalid, match="counts 4 of its questions the other way round, and this file 3"):
        official_form("cpaq-8", resource)


def test_answers_printed_as_bare_numbers_keep_the_way_they_are_counted() -> None:
    """Drawn as a scale from low to high, a question that counts the other way round would lose its turn."""
    resource = filled("cpaq-8")
    for item in (resource["item"][0], resource["item"][7]):
        for node, option in enumerate(item["answerOption"]):
            option["valueCoding"]["display"] = str(node)
    first, *_, last = official_form("cpaq-8", resource).questions
    assert (first.kind, [option.value for option in first.options]) == ("choice", [6, 5, 4, 3, 2, 1, 0])
    assert (last.kind, last.minimum, last.maximum) == ("scale", 0, 6)
